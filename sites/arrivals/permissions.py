"""Who prepares an arrival, who makes drafts of it, and who decides on its historical content."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR, SITE_ADMIN
from govplatform.refusals import Refused

from .models import Arrival

#: Upload, report, rules: nothing of it is content of this site yet.
PREPARERS = frozenset({EDITOR.code, SITE_ADMIN.code})
#: Decide whether historical content may be published after its scan.
DECIDERS = frozenset({CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code})
READERS = PREPARERS | DECIDERS


def may_prepare(user: Any) -> bool:
    """Tell whether ``user`` may upload crawls, have them read and write rules on the current site."""
    return bool(current_roles(user) & PREPARERS)


def require_preparer(user: User) -> None:
    """Raise Refused unless ``user`` prepares arrivals on the current site."""
    if not may_prepare(user):
        raise Refused(_("%(user)s 在本站既不是编辑也不是站点管理员，不能接收外来网站。") % {"user": user})


def reasons_against_deciding(user: User, arrival: Arrival, role: str) -> list[str]:
    """Say why ``user`` may not decide on the historical content of ``arrival`` as the holder of ``role``."""
    reasons = []
    if role not in current_roles(user):
        labels = {
            CONTENT_REVIEWER.code: CONTENT_REVIEWER.label,
            CONFIDENTIALITY_REVIEWER.code: CONFIDENTIALITY_REVIEWER.label,
        }
        reasons.append(
            _("%(user)s 在本站不是“%(role)s”，不能对这批历史内容作出决定。") % {"user": user, "role": labels[role]}
        )
    if user.pk in (arrival.started_by_id, arrival.uploaded_by_id):
        reasons.append(_("%(user)s 上传或发起了这次接收，须由别人决定。") % {"user": user})
    return reasons
