from .after_review import AfterReview
from .claim import Claim
from .clearance import Clearance, ClearedFile
from .decision import Decision
from .frame_text import FrameClearance, FrameProposal
from .rescan import RescanFinding, RescanRun
from .submission import Submission
from .tasks import CONTENT_STEPS, ConfidentialityReviewTask, ContentReviewTask, ReviewTask
from .transfer import TransferredClearance
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
    "FrameClearance",
    "FrameProposal",
    "RescanFinding",
    "RescanRun",
    "ReviewTask",
    "Submission",
    "TransferredClearance",
    "Withdrawal",
    "WithdrawalConfirmation",
]
