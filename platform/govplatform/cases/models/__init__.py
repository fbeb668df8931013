from .afterwards import Judgement, Supplement
from .case import Case
from .step import CaseStep

__all__ = ["Case", "CaseStep", "Judgement", "Supplement"]
