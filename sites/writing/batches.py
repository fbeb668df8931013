"""Many pages at once: another column, 送审, a time. Each page is an act of its own, and each says how it went.

One that is refused keeps nothing of the act, and those before and after it do not depend on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.days import moment_words
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import EDIT, may_on_content
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.freezing import SiteFrozen
from sites.columns.models import Column

from .permissions import require_writer
from .placing import Place, place_draft
from .planning import plan_draft

#: More than this is chosen by mistake, and nobody reads the answer.
MOST = 100


@dataclass(frozen=True)
class Result:
    """How it went with one page. ``said``: what was done, in one sentence, or why not."""

    page_id: int
    title: str
    done: bool
    said: tuple[str, ...]


def move_pages(ids: Sequence[int], column: Column, *, acting_user: User) -> list[Result]:
    """Give each draft of ``ids`` another column. Raises Refused for the whole when the person is no editor."""

    def move(page: Page) -> str:
        place_draft(page, Place(column=column), acting_user=acting_user)
        return _("已移到栏目“%(column)s”。") % {"column": column.title}

    return _each(ids, move, acting_user)


def submit_pages(ids: Sequence[int], *, acting_user: User) -> list[Result]:
    """Hand in each draft of ``ids``. Raises Refused for the whole when the person is no editor."""

    def submit(page: Page) -> str:
        if is_structural(page):
            raise Refused(_("“%(title)s”是首页或栏目，不按信息送审。") % {"title": page.title})
        submit_for_review(page, acting_user=acting_user)
        return _("已送审。")

    return _each(ids, submit, acting_user)


def plan_pages(ids: Sequence[int], moment: datetime, *, acting_user: User) -> list[Result]:
    """Have each draft of ``ids`` go live at ``moment``, once cleared. Raises Refused for the whole as above."""

    def plan(page: Page) -> str:
        plan_draft(page, moment, acting_user=acting_user)
        return _("定在 %(at)s 发布，审查通过后到时自动执行。") % {"at": moment_words(moment)}

    return _each(ids, plan, acting_user)


def chosen_pages(ids: Sequence[int]) -> list[Page]:
    """The pages of the current site with these ids, in this order; those that are gone are left out."""
    found: dict[int, Any] = Page.objects.filter(depth__gt=1).in_bulk(list(ids))
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def _each(ids: Sequence[int], act: Callable[[Page], str], acting_user: User) -> list[Result]:
    require_writer(acting_user)
    if not ids:
        raise Refused(_("还没有选中任何信息。"))
    if len(set(ids)) > MOST:
        raise Refused(_("一次最多 %(most)d 条，选中了 %(n)d 条。") % {"most": MOST, "n": len(set(ids))})
    pages = {page.pk: page for page in chosen_pages(ids)}
    results = []
    for pk in dict.fromkeys(ids):
        if (page := pages.get(pk)) is None:
            results.append(Result(pk, str(pk), done=False, said=(_("本站没有编号为 %(id)s 的页面。") % {"id": pk},)))
            continue
        title = page.get_admin_display_title()
        try:
            results.append(Result(pk, title, done=True, said=(act(page),)))
        except Refused as refusal:
            if not any(result.done for result in results) and _concerns_all(refusal, acting_user):
                raise
            results.append(Result(pk, title, done=False, said=tuple(refusal.reasons)))
    return results


def _concerns_all(refusal: Refused, user: User) -> bool:
    """Whether every page would be refused alike: the site takes nothing now, or the person is no editor any more."""
    return isinstance(refusal, SiteFrozen) or not may_on_content(user, EDIT)
