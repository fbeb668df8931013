"""The page of an interview, its live text, and what citizens ask in advance."""

from .live import Entry, EntryVersion, Session
from .page import InterviewPage
from .questions import Question

__all__ = ["Entry", "EntryVersion", "InterviewPage", "Question", "Session"]
