"""Signing in, one's own account, and the people of a site."""

from .absence import AbsenceView
from .own_account import OwnAccountView
from .people import NewPersonView, PeopleView, PersonView
from .signing_in import SecondFactorCheckView, SecondFactorSetupView, SignInView, locked_out

__all__ = [
    "AbsenceView",
    "NewPersonView",
    "OwnAccountView",
    "PeopleView",
    "PersonView",
    "SecondFactorCheckView",
    "SecondFactorSetupView",
    "SignInView",
    "locked_out",
]
