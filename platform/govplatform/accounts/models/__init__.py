from .absence import Absence
from .membership import Membership
from .second_factor_reset import SecondFactorReset
from .user import User

__all__ = ["Absence", "Membership", "SecondFactorReset", "User"]
