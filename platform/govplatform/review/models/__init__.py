from .clearance import Clearance, ClearedFile
from .decision import Decision
from .tasks import ConfidentialityReviewTask, ContentReviewTask, ReviewTask
from .withdrawal import Withdrawal

__all__ = [
    "Clearance",
    "ClearedFile",
    "ConfidentialityReviewTask",
    "ContentReviewTask",
    "Decision",
    "ReviewTask",
    "Withdrawal",
]
