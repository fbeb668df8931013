from .afterwards import Judgement, Supplement
from .attachment import Attachment
from .case import Case
from .disclosure import Applicant, ClockStop, Decision, DisclosureRequest, Medium, Way
from .error_report import ErrorKind, ErrorReport
from .mailbox import LetterToLeader
from .opinion import Opinion, Unit
from .retention import CaseHold, Erasure
from .saved_reply import SavedReply
from .step import CaseStep
from .tally import CaseTally

__all__ = [
    "Applicant",
    "Attachment",
    "Case",
    "CaseHold",
    "CaseStep",
    "CaseTally",
    "ClockStop",
    "Decision",
    "DisclosureRequest",
    "Erasure",
    "ErrorKind",
    "ErrorReport",
    "Judgement",
    "LetterToLeader",
    "Medium",
    "Opinion",
    "SavedReply",
    "Supplement",
    "Unit",
    "Way",
]
