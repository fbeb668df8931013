from .case import Case
from .step import CaseStep

__all__ = ["Case", "CaseStep"]
