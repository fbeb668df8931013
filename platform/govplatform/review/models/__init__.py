from .after_review import AfterReview
from .claim import Claim
from .clearance import Clearance, ClearedFile
from .decision import Decision
from .submission import Submission
from .tasks import CONTENT_STEPS, ConfidentialityReviewTask, ContentReviewTask, ReviewTask
from .withdrawal import Withdrawal, WithdrawalConfirmation

__all__ = [
    "CONTENT_STEPS",
    "AfterReview",
    "Claim",
    "Clearance",
    "ClearedFile",
    "ConfidentialityReviewTask",
    "ContentReviewTask",
    "Decision",
    "ReviewTask",
    "Submission",
    "Withdrawal",
    "WithdrawalConfirmation",
]
