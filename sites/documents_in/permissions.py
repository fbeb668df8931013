"""The permission to import documents: editors of the site have it, and nobody else."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.permissions import (
    ADD,
    may_on_content,
    may_on_structure,
    may_write_at,
    reasons_against_writing_at,
    writing_places,
)
from govplatform.tenancy.current import current_tenant

from .models import ImportBatch


def require_editor(user: User, *columns: Page) -> None:
    """Raise Refused unless ``user`` may add content on the current site, and in each of ``columns``."""
    if not may_on_content(user, ADD):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能导入文档。") % {"user": user})
    if reasons := reasons_against_writing_at(user, *columns):
        raise Refused(reasons)


def require_own(batch: ImportBatch, user: User) -> None:
    """Raise Refused unless ``user`` uploaded the files of ``batch``: what is no draft yet is nobody else's matter."""
    if batch.started_by_id != user.pk:
        raise Refused(_("这批文件由%(owner)s上传，只有上传人可以确认、改动或取消。") % {"owner": batch.started_by})


def require_cleaner(user: User) -> None:
    """Raise Refused unless ``user`` may clear away what others uploaded and left."""
    if not may_on_structure(user):
        raise Refused(_("只有本站的站点管理员可以清理别人上传后没有建稿的文件。"))


def require_editor_of_all_columns(user: User) -> None:
    """The same for what comes into columns that nobody can name beforehand: a whole site."""
    require_editor(user)
    if writing_places(user) is not None:
        raise Refused(_("%(user)s 只在给定的栏目写稿，不能接收整个网站；请由不限栏目的编辑办理。") % {"user": user})


def may_import_into(column: Any, user: Any) -> bool:
    """Tell whether ``user`` is offered the import into ``column`` now: not on a frozen site, nor in a hidden column."""
    return bool(
        column.live and may_on_content(user, ADD) and may_write_at(user, column) and not current_tenant().frozen
    )
