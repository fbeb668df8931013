"""Who reads what a survey brought in: whoever writes its pages, and whoever reviews what is said of it."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CONTENT_REVIEWER, EDITOR
from govplatform.refusals import Refused

READERS = frozenset({EDITOR.code, CONTENT_REVIEWER.code})


def require_reader(user: Any) -> None:
    """Raise Refused unless ``user`` may read the answers of the current site's surveys; None is the shell."""
    if user is not None and not current_roles(user) & READERS:
        raise Refused(_("%(user)s 在本站没有编辑或内容审核角色，不能查看答卷。") % {"user": user})


def require_chooser(user: Any) -> None:
    """Raise Refused unless ``user`` may choose from what was said, and see how its senders are reached."""
    if EDITOR.code not in current_roles(user):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能处理收到的意见。") % {"user": user})
