"""The second factor of somebody who lost it: asked for by one operator, confirmed by another or a supervisor."""

from govplatform.accounts.credentials.reset_verb import ResetVerb
from govplatform.accounts.models import AccountReset


class Command(ResetVerb):
    help = "Ask for the reset of a person's second factor, or decide on one that waits."
    what = AccountReset.What.SECOND_FACTOR
