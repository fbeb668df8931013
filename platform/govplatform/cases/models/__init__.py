from .afterwards import Judgement, Supplement
from .case import Case
from .error_report import ErrorKind, ErrorReport
from .step import CaseStep

__all__ = ["Case", "CaseStep", "ErrorKind", "ErrorReport", "Judgement", "Supplement"]
