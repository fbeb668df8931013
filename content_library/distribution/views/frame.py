"""Who opens the screens of pushes and recalls."""

from govplatform.accounts.roles import (
    CONFIDENTIALITY_REVIEWER,
    CONTENT_REVIEWER,
    EDITOR,
    OPERATOR,
    SITE_ADMIN,
    SUPERVISOR,
)
from govplatform.accounts.screens.screen import Screen

#: Who follows what was pushed and recalled: on a site its reviewers and administrator, in the console the oversight.
READERS = frozenset(
    {CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code, SITE_ADMIN.code, SUPERVISOR.code, OPERATOR.code}
)
PUSHERS = frozenset({CONTENT_REVIEWER.code, SUPERVISOR.code})
#: Who has a say in what a site takes in; each in what is theirs.
RECEIVERS = frozenset({EDITOR.code, CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code, SITE_ADMIN.code})


class DistributionScreen(Screen):
    """A screen of pushes, recalls or what a site takes in."""

    header_icon = "upload"
    roles = READERS
