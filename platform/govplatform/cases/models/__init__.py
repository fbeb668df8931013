from .afterwards import Judgement, Supplement
from .case import Case
from .mailbox import LetterToLeader
from .opinion import Opinion, Unit
from .step import CaseStep

__all__ = ["Case", "CaseStep", "Judgement", "LetterToLeader", "Opinion", "Supplement", "Unit"]
