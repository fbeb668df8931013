"""The page, and what is kept of its answers."""

from .answers import Answer, SaidText, SurveySalt, SurveySender
from .survey import Survey

__all__ = ["Answer", "SaidText", "Survey", "SurveySalt", "SurveySender"]
