"""Signing in, one's own account, and the people of a site."""

from .absence import AbsenceView
from .offers import OffersToConfirmView, OwnOffersView
from .own_account import NewPasswordView, OwnAccountView
from .people import NewPersonView, PeopleView, PersonView
from .resets import ResetsView
from .second_factor import SecondFactorCheckView, SecondFactorSetupView, new_recovery_codes
from .session_state import session_state
from .signing_in import SignInView, locked_out
from .start import StartView

__all__ = [
    "AbsenceView",
    "NewPasswordView",
    "NewPersonView",
    "OffersToConfirmView",
    "OwnAccountView",
    "OwnOffersView",
    "PeopleView",
    "PersonView",
    "ResetsView",
    "SecondFactorCheckView",
    "SecondFactorSetupView",
    "SignInView",
    "StartView",
    "locked_out",
    "new_recovery_codes",
    "session_state",
]
