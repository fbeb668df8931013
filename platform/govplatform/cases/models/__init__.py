from .afterwards import Judgement, Supplement
from .attachment import Attachment
from .case import Case
from .mailbox import LetterToLeader
from .opinion import Opinion, Unit
from .saved_reply import SavedReply
from .step import CaseStep

__all__ = [
    "Attachment",
    "Case",
    "CaseStep",
    "Judgement",
    "LetterToLeader",
    "Opinion",
    "SavedReply",
    "Supplement",
    "Unit",
]
