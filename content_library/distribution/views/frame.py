"""Who opens the screens of pushes and recalls."""

from typing import Any

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import (
    CONFIDENTIALITY_REVIEWER,
    CONTENT_REVIEWER,
    EDITOR,
    OPERATOR,
    SITE_ADMIN,
    SUPERVISOR,
)
from govplatform.accounts.screens.screen import Screen

#: Who reads pushes and recalls: a site's reviewers and administrator, in the console supervisors and operators.
READERS = frozenset(
    {CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code, SITE_ADMIN.code, SUPERVISOR.code, OPERATOR.code}
)
PUSHERS = frozenset({CONTENT_REVIEWER.code, SUPERVISOR.code})
#: Who opens the settings of what a site takes in; each may change only their own part.
RECEIVERS = frozenset({EDITOR.code, CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code, SITE_ADMIN.code})


class DistributionScreen(Screen):
    """A screen of pushes, recalls or what a site takes in."""

    header_icon = "upload"
    roles = READERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_push = bool(current_roles(self.request.user) & PUSHERS)
        return super().get_context_data(may_push=may_push, **kwargs)
