"""领导信箱: the leaders of a site to whom people write, by their own pages (领导信息)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.cases.addresses import WRITE
from govplatform.refusals import Refused
from govplatform.rendering.reads import ReadOf, note_read

from .lists import in_list_order, list_items

_PEOPLE = "people"
_DIGITS = 9
#: More leaders than a site has.
_MOST = 60


@dataclass(frozen=True)
class Addressee:
    """A leader to whom a letter is written. ``page``: id of their page."""

    page: int
    name: str
    post: str

    def __str__(self) -> str:
        return f"{self.post} {self.name}".strip()


def leaders_written_to() -> list[dict[str, Any]]:
    """Return the leaders of the current site as a list of people shows them, with the address of the form."""
    note_read(ReadOf.BELOW)
    pages = in_list_order(Page.objects.filter(leader__isnull=False, live=True), _PEOPLE)[:_MOST]
    items = list_items(pages, _PEOPLE)
    return [{**item, "write_url": f"{WRITE}?to={page.pk}"} for item, page in zip(items, pages, strict=True)]


def find_addressee(page: str) -> Addressee | None:
    """Return the leader whose public page on the current site has that id; None for ''. Raises Refused for others."""
    if not page:
        return None
    known = page.isascii() and page.isdigit() and len(page) <= _DIGITS
    found = Page.objects.filter(pk=int(page), leader__isnull=False, live=True).first() if known else None
    if found is None:
        raise Refused(_("这位领导的信箱已经不在本站。要写信，请回到“领导信箱”重新选择，或者直接提交给本站。"))
    leader: Any = found.specific
    return Addressee(leader.pk, leader.title, leader.post)
