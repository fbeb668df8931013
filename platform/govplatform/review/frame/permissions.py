"""Who confirms words of the frame: never who proposed them."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import current_roles, holds_in_console
from govplatform.accounts.roles import CONTENT_REVIEWER, OPERATOR, SUPERVISOR

from ..models import FrameProposal
from .kinds import FrameKind, frame_kinds

#: A site's own frame is confirmed by its content reviewers.
SITE_CONFIRMERS = frozenset({CONTENT_REVIEWER.code})
#: What sites share, by the people of the console.
SHARED_CONFIRMERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def may_confirm(user: Any, kind: FrameKind) -> bool:
    """Tell whether ``user`` may confirm words of ``kind`` here at all."""
    if kind.shared:
        return holds_in_console(user, SHARED_CONFIRMERS)
    return bool(current_roles(user) & SITE_CONFIRMERS)


def confirmable_kinds(user: Any) -> list[FrameKind]:
    """Return the kinds whose words ``user`` may confirm on the current site."""
    return [kind for kind in frame_kinds() if may_confirm(user, kind)]


def reasons_against_confirming(user: User, kind: FrameKind, proposal: FrameProposal) -> list[str]:
    """Say why ``user`` may not confirm or refuse ``proposal``, whatever other roles they hold."""
    if user.pk == proposal.proposed_by_id:
        return [_("提出改动的人不能自己确认或退回，须由另一人办理；不想要这一改动时，可以撤回。")]
    if may_confirm(user, kind):
        return []
    if kind.shared:
        return [_("全平台共用的文字须由另一名平台运维人员或监管员确认。")]
    return [_("栏目和首页的文字须由本站的内容审核人员确认。")]
