from .afterwards import Judgement, Supplement
from .attachment import Attachment
from .case import Case
from .mailbox import LetterToLeader
from .opinion import Opinion, Unit
from .step import CaseStep

__all__ = ["Attachment", "Case", "CaseStep", "Judgement", "LetterToLeader", "Opinion", "Supplement", "Unit"]
