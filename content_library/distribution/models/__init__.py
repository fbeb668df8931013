from .mapping import ColumnMapping
from .proposal import HomeProposal
from .push import Push, PushNotice, PushTarget
from .recall import Recall, RecallReceipt
from .standing import StandingClearance
from .subscription import Subscription

__all__ = [
    "ColumnMapping",
    "HomeProposal",
    "Push",
    "PushNotice",
    "PushTarget",
    "Recall",
    "RecallReceipt",
    "StandingClearance",
    "Subscription",
]
