"""复制为新稿: the words of a page once more, as a draft with nothing of the review, of the addresses and of the times.

The versions come along, and with them everybody who had a hand in the words: none of them may review the copy.
"""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import EDIT, may_on_content
from sites.columns.models import Column
from sites.pages.given_addresses import given_slug
from sites.reposts.actions import keep_origin_of_copy
from sites.reposts.models import RepostPage

from .permissions import require_writer


def copy_as_draft(page: Page, *, acting_user: User, column: Column | None = None, title: str = "") -> Any:
    """Make a draft of ``acting_user`` with the newest words of ``page``; return it.

    ``column``: where, the page's own if not given. ``title``: its own if empty. Raises Refused with the reasons.
    """
    require_writer(acting_user)
    with acting(acting_user, pages=[page.pk, *([column.pk] if column is not None else [])]) as held:
        original: Any = held.page(page.pk).specific
        place: Any = original.get_parent().specific if column is None else Column.objects.get(pk=column.pk)
        require_writer(acting_user, place)
        if reasons := reasons_against_copying(original, place):
            raise Refused(reasons)
        # The draft's words, not those that are live: that is what whoever copies it sees.
        called = title.strip() or original.get_latest_revision_as_object().title
        attributes = {
            "title": called,
            "draft_title": called,
            "slug": given_slug(called, place),
            "go_live_at": None,
            "expire_at": None,
            "expired": False,
        }
        made = original.copy(to=place, update_attrs=attributes, keep_live=False, user=acting_user)
        keep_origin_of_copy(original, made, acting_user=acting_user)
        copy = type(made).objects.get(pk=made.pk)
        detail = {"copied": original.get_admin_display_title(), "original": original.pk, "column": place.title}
        record_act("page.copy", acting_user=acting_user, obj=copy, detail=detail)
    return copy


def reasons_against_copying(page: Any, column: Any) -> list[str]:
    """Say why ``page`` (specific) may not be copied into ``column`` (specific); empty when it may."""
    told = {"title": page.get_admin_display_title(), "column": column.title}
    if is_structural(page):
        return [_("“%(title)s”是首页或栏目，不能复制。") % told]
    if isinstance(page, RepostPage):
        return [_("“%(title)s”是转载，不能复制；需要时请从信息资源库另行转载。") % told]
    if type(page) not in column.allowed_subpage_models():
        return [_("栏目“%(column)s”里不能放这一类信息。") % told]
    return []


def may_copy(user: Any, page: Any) -> bool:
    """Tell whether a menu offers the screen for this page (specific)."""
    return may_on_content(user, EDIT) and not is_structural(page) and not isinstance(page, RepostPage)
