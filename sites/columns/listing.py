"""One text in several columns: one page at one address, which other columns list besides its own.

Lists and feeds of those columns show it; sitemap, search, library and counts know the one page. No word changes, so
nothing is reviewed; what was listed where is recorded.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import EDIT, may_on_content, reasons_against_writing_at

from .events import PageListed
from .models import Column, Listing, Pin

#: Whoever lists a text everywhere lists it nowhere.
MOST_COLUMNS = 10


def list_page_in(page: Page, columns: Sequence[Column], *, acting_user: User) -> bool:
    """Have exactly these ``columns`` list ``page`` besides its own; False when they did. Raises Refused."""
    with acting(acting_user, pages=[page.pk, *(column.pk for column in columns)]) as held:
        if not may_on_content(acting_user, EDIT):
            raise Refused(_("%(user)s 在本站没有编辑角色，不能设置多栏目列出。") % {"user": acting_user})
        page = held.page(page.pk)
        wanted = {column.pk: column for column in Column.objects.filter(pk__in=[column.pk for column in columns])}
        before = {listing.column_id: listing.column for listing in listings_of(page)}
        added = [column for pk, column in wanted.items() if pk not in before]
        ended = [pk for pk in before if pk not in wanted]
        touched = [*added, *(before[pk] for pk in ended)]
        # Where somebody writes, there they list and no longer list; the page itself is of another place, perhaps.
        reasons = reasons_against_writing_at(acting_user, *touched)
        if reasons := [*reasons, *reasons_against_listing(page, added, len(wanted))]:
            raise Refused(reasons)
        if not added and not ended:
            return False
        Listing.objects.filter(page=page, column__in=ended).delete()
        now = timezone.now()
        Listing.objects.bulk_create(
            Listing(page=page, column=column, listed_by=acting_user, listed_at=now) for column in added
        )
        _end_pins_out_of_place(page)
        follow(PageListed(page=page, columns=tuple(touched)))
        detail = {"before": {"columns": _titles(before)}, "after": {"columns": _titles(wanted)}}
        record_act("page.list", acting_user=acting_user, obj=page, detail=detail)
    return True


def listings_of(page: Page) -> Any:
    """Where ``page`` is listed besides its own column, in the order of the tree."""
    return Listing.objects.filter(page=page).select_related("column").order_by("column__path")


def reasons_against_listing(page: Page, columns: Sequence[Column], total: int) -> list[str]:
    """Say why ``page`` may not be listed in these ``columns`` too, ``total`` in all; empty when it may."""
    told = {"title": page.get_admin_display_title(), "most": MOST_COLUMNS}
    if is_structural(page):
        return [_("“%(title)s”是首页或栏目，不能在别的栏目列出。") % told]
    reasons = []
    for column in columns:
        named = {**told, "column": column.title}
        if page.path.startswith(column.path):
            reasons.append(_("“%(title)s”就在栏目“%(column)s”之下，那里的列表已经有它。") % named)
        elif page.specific_class not in column.allowed_subpage_models():
            reasons.append(_("栏目“%(column)s”里不能放这一类信息。") % named)
    if total > MOST_COLUMNS:
        reasons.append(_("一条信息最多在 %(most)d 个别的栏目列出。") % told)
    return reasons


def end_listings_above(page: Page) -> None:
    """After ``page`` got another column: what lists it by its place needs no listing. Part of an act that has asked."""
    own = [listing.pk for listing in listings_of(page) if page.path.startswith(listing.column.path)]
    Listing.objects.filter(pk__in=own).delete()


def may_list(user: Any, page: Page) -> bool:
    """Tell whether a menu offers the screen for this page."""
    return bool(not is_structural(page) and may_on_content(user, EDIT))


def _end_pins_out_of_place(page: Page) -> None:
    """A pin goes with the listing it rests on."""
    paths = [page.path, *(listing.column.path for listing in listings_of(page))]
    pins = Pin.objects.filter(page=page).select_related("column")
    gone = [pin.pk for pin in pins if not any(path.startswith(pin.column.path) for path in paths)]
    Pin.objects.filter(pk__in=gone).delete()


def _titles(columns: dict[int, Any]) -> list[str]:
    return [column.title for column in sorted(columns.values(), key=lambda column: str(column.path))]
