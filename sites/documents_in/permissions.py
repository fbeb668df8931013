"""The permission to import documents: editors of the site have it, and nobody else."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, may_on_content, reasons_against_writing_at, writing_places


def require_editor(user: User, *columns: Page) -> None:
    """Raise Refused unless ``user`` may add content on the current site, and in each of ``columns``."""
    if not may_on_content(user, ADD):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能导入文档。") % {"user": user})
    if reasons := reasons_against_writing_at(user, *columns):
        raise Refused(reasons)


def require_editor_of_all_columns(user: User) -> None:
    """The same for what comes into columns that nobody can name beforehand: a whole site."""
    require_editor(user)
    if writing_places(user) is not None:
        raise Refused(_("%(user)s 只在给定的栏目写稿，不能接收整个网站；请由不限栏目的编辑办理。") % {"user": user})
