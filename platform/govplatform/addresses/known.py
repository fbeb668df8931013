"""What an address leads to, and the Protocol by which the sites tell every address that is public on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class Kind(models.TextChoices):
    """What is found at an address."""

    PAGE = "page", _("信息页")
    LIST = "list", _("列表页")
    FILE = "file", _("附件")
    LIBRARY = "library", _("转载的附件")
    IMAGE = "image", _("图片")
    FEED = "feed", _("订阅源")
    SITEMAP = "sitemap", _("网站地图")
    OTHER = "other", _("其他")


class Ending(models.TextChoices):
    """Why an address is not public any more; empty while it is."""

    MOVED = "moved", _("已迁至新网址")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("已到期")
    REPLACED = "replaced", _("已由新版本代替")
    CLOSED = "closed", _("网站已关停")
    BY_HAND = "by_hand", _("人工设定")


@dataclass(frozen=True)
class KnownAddress:
    """An address that is public on a site.

    ``path``: the exact form on its public host (``canonical``), with the query where that counts: ``/news/?page=2``;
    ``canonical.location_of`` makes of it what a browser asks for. ``object_id``: the page of a page, list, feed or
    file of the library, the document of a file, the image of a picture; None where there is no such object.
    ``variant``: which of several addresses of the same object it is (``page=2``, the size of a picture), '' for its
    first. ``title``: in words, '' where nothing has a name.
    """

    path: str
    kind: str
    title: str = ""
    object_id: int | None = None
    variant: str = ""


@dataclass(frozen=True)
class PastAddress:
    """An address that was public on a site before the ledger was kept. ``ending``: a value of ``Ending``."""

    address: KnownAddress
    ending: str


@dataclass(frozen=True)
class Answer:
    """What the ledger answers for an address.

    ``status``: 200 (public here), 301, 404 or 410. ``location``: where a 301 leads, a path of the same host or a whole
    address; else ''. ``reason``: in words, for people. ``ending``, ``title``: of the address that is gone; the title is
    '' where it may be the reason why the page was withdrawn.
    """

    status: int
    location: str = ""
    reason: str = ""
    ending: str = ""
    title: str = ""


class AddressBook(Protocol):
    """What the sites tell and show (``settings.ADDRESS_BOOK``). Where no tenant is given, the site is the current one.

    ``made_anew``: paths of answers that are made for each question; nothing there could have moved. ``doors``: paths at
    which every site answers everybody the same, wherever something was written: what was written to one site is asked
    for on each; ``doors_below``: the beginnings of such paths that end in a name of their own; ``doors_of_pages``: the
    beginnings of paths that go on with the number of the page that they belong to, and lead to where that page is now.
    """

    made_anew: frozenset[str]
    doors: frozenset[str]
    doors_below: tuple[str, ...]
    doors_of_pages: tuple[str, ...]

    def public_addresses(self) -> Iterator[KnownAddress]:
        """Every address that citizens can open on the current site now, each once."""

    def past_addresses(self) -> Iterator[PastAddress]:
        """Addresses of pages that were public on the current site and came down."""

    def kept_open(self, tenant: Tenant) -> str:
        """The path that ``tenant`` shows although it is no longer served, of its migration notice; '' for none."""

    def kept_page(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        """The answer 200 at the path ``kept_open``."""

    def gone_page(self, request: HttpRequest, tenant: Tenant, answer: Answer) -> HttpResponse:
        """The answer 410 for an address of ``tenant``, whose schema may be gone: nothing may be read from it."""

    def unknown_page(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        """The answer 404 on a host of ``tenant``, whose schema may be gone: nothing may be read from it."""


def address_book() -> AddressBook:
    """The book of this installation. Raises ImportError when the setting names none."""
    return cast(AddressBook, import_string(settings.ADDRESS_BOOK))
