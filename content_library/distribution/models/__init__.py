from .mapping import ColumnMapping
from .push import Push, PushNotice, PushTarget
from .recall import Recall, RecallReceipt
from .standing import StandingClearance
from .subscription import Subscription

__all__ = [
    "ColumnMapping",
    "Push",
    "PushNotice",
    "PushTarget",
    "Recall",
    "RecallReceipt",
    "StandingClearance",
    "Subscription",
]
