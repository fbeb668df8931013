"""Who reads what a survey brought in: whoever writes its pages, and whoever reviews what is said of it."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CONTENT_REVIEWER, EDITOR
from govplatform.refusals import Refused
from govplatform.review.permissions import reasons_against_writing_at

READERS = frozenset({EDITOR.code, CONTENT_REVIEWER.code})


def require_reader(user: Any, survey: Page) -> None:
    """Raise Refused unless ``user`` may read the answers to ``survey``, of the current site; None is the shell.

    Whoever reviews content reads all of them, an editor those of the columns in which that editor writes.
    """
    if user is None or CONTENT_REVIEWER.code in current_roles(user):
        return
    if EDITOR.code not in current_roles(user):
        raise Refused(_("%(user)s 在本站没有编辑或内容审核角色，不能查看答卷。") % {"user": user})
    if reasons := reasons_against_writing_at(user, survey):
        raise Refused(reasons)


def require_chooser(user: Any, survey: Page) -> None:
    """Raise Refused unless ``user`` may choose from what ``survey`` brought in, and see how its senders are reached."""
    if EDITOR.code not in current_roles(user):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能处理收到的意见。") % {"user": user})
    if reasons := reasons_against_writing_at(user, survey):
        raise Refused(reasons)
