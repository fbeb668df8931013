"""Signing in, one's own account, and the people of a site."""

from .absence import AbsenceView
from .own_account import NewPasswordView, OwnAccountView
from .people import NewPersonView, PeopleView, PersonView
from .second_factor import SecondFactorCheckView, SecondFactorResetsView, SecondFactorSetupView, new_recovery_codes
from .signing_in import SignInView, locked_out

__all__ = [
    "AbsenceView",
    "NewPasswordView",
    "NewPersonView",
    "OwnAccountView",
    "PeopleView",
    "PersonView",
    "SecondFactorCheckView",
    "SecondFactorResetsView",
    "SecondFactorSetupView",
    "SignInView",
    "locked_out",
    "new_recovery_codes",
]
