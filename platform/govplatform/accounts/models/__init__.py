from .absence import Absence
from .account_reset import AccountReset
from .membership import Membership
from .role_offer import RoleOffer
from .user import User

__all__ = ["Absence", "AccountReset", "Membership", "RoleOffer", "User"]
