"""The password of somebody who forgot it: void from now on, and a one-time link in its place."""

from govplatform.accounts.credentials.reset_verb import ResetVerb
from govplatform.accounts.models import AccountReset


class Command(ResetVerb):
    help = "Ask for the reset of a person's password, or decide on one that waits; prints the one-time link."
    what = AccountReset.What.PASSWORD
