from .absence import Absence
from .membership import Membership
from .user import User

__all__ = ["Absence", "Membership", "User"]
