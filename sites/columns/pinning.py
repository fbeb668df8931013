"""置顶: a public page stands first in the list of a column until the end of a day, by the clock of the list.

No word of the page changes, so nothing is reviewed; who pinned what, and until when, is recorded.
"""

from datetime import date
from typing import Any

from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.days import LAST
from govplatform.events.sheet import follow
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import EDIT, may_on_content, reasons_against_writing_at

from .events import ListArranged
from .models import Column, Listing, ListTemplate, Pin

#: A list that begins with more of them shows nothing new on its first screen.
MOST_PINS = 5


def pin_page(page: Page, column: Column, last_day: date, *, acting_user: User) -> Pin:
    """Have ``page`` stand first in the list of ``column`` until the end of ``last_day``; pinned again, the day changes.

    ``column``: the page's own or one above it. Raises Refused with the reasons.
    """
    with acting(acting_user, pages=[page.pk, column.pk]) as held:
        page, column = held.page(page.pk), Column.objects.get(pk=column.pk)
        require_arranger(acting_user, column)
        if reasons := reasons_against_pinning(page, column, last_day):
            raise Refused(reasons)
        pin, _made = Pin.objects.update_or_create(
            page=page,
            column=column,
            defaults={"last_day": last_day, "pinned_by": acting_user, "pinned_at": timezone.now()},
        )
        follow(ListArranged(page=page, column=column))
        detail = {"column": column.title, "until": last_day.isoformat()}
        record_act("page.pin", acting_user=acting_user, obj=page, detail=detail)
    return pin


def unpin_page(page: Page, column: Column, *, acting_user: User) -> None:
    """End the pin of ``page`` in ``column`` before its day. Raises Refused when it is not pinned there."""
    with acting(acting_user, pages=[page.pk]) as held:
        require_arranger(acting_user, column)
        page = held.page(page.pk)
        told = {"title": page.title, "column": column.title}
        deleted, _kinds = Pin.objects.standing().filter(page=page, column=column).delete()
        if not deleted:
            raise Refused(_("“%(title)s”没有在栏目“%(column)s”置顶。") % told)
        follow(ListArranged(page=page, column=column))
        record_act("page.unpin", acting_user=acting_user, obj=page, detail={"column": column.title})


def reasons_against_pinning(page: Page, column: Column, last_day: date) -> list[str]:
    """Say why the page may not be pinned there until that day; empty when it may."""
    told = {"title": page.title, "column": column.title, "most": MOST_PINS}
    if is_structural(page):
        return [_("“%(title)s”是首页或栏目，不能置顶；栏目的顺序在“栏目”里排。") % told]
    reasons = []
    if not page.live:
        reasons.append(_("“%(title)s”没有公开，发布之后才能置顶。") % told)
    if column.is_catalogue:
        # A register: whoever looks for a document by its date finds it where its date is.
        reasons.append(_("栏目“%(column)s”的列表是公开目录，按发布日期编排，不能置顶；请在别的栏目置顶。") % told)
    elif not columns_showing(page).filter(pk=column.pk).exists():
        reasons.append(_("栏目“%(column)s”的列表里没有“%(title)s”。") % told)
    if last_day < timezone.localdate():
        reasons.append(_("置顶的最后一日已经过去，请选今天或以后的日期。"))
    elif last_day > LAST:
        reasons.append(_("置顶的最后一日太远，请选 %(last)s 以前的日期。") % {"last": LAST.isoformat()})
    others = pins_of(column).exclude(page=page).values_list("page__title", flat=True)
    if len(others) >= MOST_PINS:
        titles = "、".join(f"《{title}》" for title in others)
        said = _("栏目“%(column)s”已有 %(most)d 条置顶（%(titles)s），请先取消其中一条。")
        reasons.append(said % {**told, "titles": titles})
    return reasons


def pins_of(column: Column) -> Any:
    """The pins that the list of ``column`` shows today, in its order."""
    return Pin.objects.standing().filter(column=column, page__live=True).select_related("page")


def columns_showing(page: Page) -> Any:
    """The columns in whose lists ``page`` may stand first: its own, those above it, those that list it besides.

    A disclosure catalogue is in the order of time alone, and has no pins.
    """
    own = Q(pk__in=Column.objects.ancestor_of(page).values("pk"))
    listing = Listing.objects.filter(page=page).values_list("column__path", flat=True)
    steps = {path[:end] for path in listing for end in range(len(path), 0, -Page.steplen)}
    is_own = Case(When(own, then=Value(0)), default=Value(1))
    shown = Column.objects.filter(own | Q(path__in=steps)).exclude(list_template=ListTemplate.CATALOGUE)
    return shown.order_by(is_own, "-depth", "path")


def require_arranger(user: User, column: Column) -> None:
    """Raise Refused unless ``user`` may arrange what ``column`` shows: editors do, where they write."""
    if not may_on_content(user, EDIT):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能置顶。") % {"user": user})
    if reasons := reasons_against_writing_at(user, column):
        raise Refused(reasons)


def may_pin(user: Any, page: Page) -> bool:
    """Tell whether a menu offers the screen for this page."""
    return bool(page.live and not is_structural(page) and may_on_content(user, EDIT))
