"""The addresses of a site's frame: home page, lists and their numbered pages, feeds, site map, machines' files."""

from collections.abc import Iterator, Sequence
from math import ceil

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.distribution.listing import without_recalled
from govplatform.addresses.known import Kind, KnownAddress
from sites.columns.models import ITEMS_PER_PAGE, Column, Listing, ListTemplate
from sites.pages.context import PATH_ERROR_REPORT, PATH_FEED
from sites.pages.rows import path_of
from sites.public import sitemaps


def frame_addresses() -> Iterator[KnownAddress]:
    """Every address of the current site that is no page of content and no file."""
    home = Page.objects.filter(depth=2, live=True).first()
    if home is None:
        return
    yield home_address(home)
    yield KnownAddress("/sitemap/", Kind.SITEMAP, _("网站地图"))
    yield KnownAddress(PATH_ERROR_REPORT, Kind.OTHER, _("我要纠错"))
    yield from sitemap_addresses()
    yield KnownAddress("/robots.txt", Kind.OTHER)
    yield KnownAddress("/favicon.ico", Kind.OTHER)
    columns = list(Column.objects.filter(live=True).order_by("path"))
    counts = _counts(columns)
    for column in columns:
        yield from list_addresses(column, counts[column.path])


def addresses_of_columns(columns: QuerySet[Column]) -> Iterator[KnownAddress]:
    """The lists and feeds of ``columns``, and of those above them."""
    live = columns_with_those_above(columns)
    counts = _counts(live)
    for column in live:
        yield from list_addresses(column, counts[column.path])


def columns_with_those_above(columns: QuerySet[Column]) -> list[Column]:
    """The live ones of ``columns`` and of the columns above them, in the order of the tree."""
    above = {
        path[:end]
        for column in columns
        for path in [column.path]
        for end in range(Page.steplen * 3, len(path) + 1, Page.steplen)
    }
    return list(Column.objects.filter(live=True, path__in=above).order_by("path"))


def home_address(home: Page) -> KnownAddress:
    return KnownAddress("/", Kind.PAGE, home.title, home.pk)


def sitemap_addresses() -> Iterator[KnownAddress]:
    """The sitemap for machines, and its parts where the site has more pages than one holds."""
    pages = without_recalled(Page.objects.filter(live=True, depth__gt=1)).count()
    yield KnownAddress(sitemaps.PATH, Kind.SITEMAP)
    parts = ceil(pages / sitemaps.PageSitemap.limit)
    if parts > 1:
        for number in range(1, parts + 1):
            yield KnownAddress(f"{sitemaps.PATH}?p={number}", Kind.SITEMAP, "", None, f"p={number}")


def list_addresses(column: Column, items: int) -> Iterator[KnownAddress]:
    """The list of ``column`` with its numbered pages, for so many ``items``, and its feed."""
    path = path_of(column.url_path)
    yield KnownAddress(path, Kind.LIST, column.title, column.pk)
    yield KnownAddress(f"{path}{PATH_FEED}", Kind.FEED, column.title, column.pk)
    for number in range(2, ceil(items / ITEMS_PER_PAGE) + 1):
        yield KnownAddress(f"{path}?page={number}", Kind.LIST, column.title, column.pk, f"page={number}")


def columns_above(page: Page) -> list[Column]:
    """The live columns in whose lists ``page`` stands: those above it, and the site's catalogues."""
    above = [page.path[:end] for end in range(page.steplen * 3, len(page.path) + 1, page.steplen)]
    here = Listing.objects.filter(column__path__startswith=OuterRef("path"))
    columns = Column.objects.annotate(lists_others=Exists(here)).filter(live=True).order_by("path")
    shown_in = Q(path__in=above) | Q(list_template=ListTemplate.CATALOGUE) | Exists(here.filter(page=page.pk))
    return list(columns.filter(shown_in))


def _counts(columns: Sequence[Column]) -> dict[str, int]:
    """Number of items in the lists of ``columns``, by their place in the tree; one pass over all pages."""
    counts = {column.path: 0 for column in columns}
    pages = without_recalled(Page.objects.filter(live=True, depth__gt=2))
    pages = pages.exclude(pk__in=Column.objects.values("pk"))
    for path in pages.values_list("path", flat=True).iterator(chunk_size=5_000):
        for end in range(Page.steplen * 3, len(path), Page.steplen):
            if path[:end] in counts:
                counts[path[:end]] += 1
    # What is listed in a column besides stands once in its list and in those above that do not have it already.
    besides = Listing.objects.filter(page__in=pages).values_list("page_id", "page__path", "column__path")
    lists = {
        (page, listed[:end])
        for page, path, listed in besides
        for end in range(Page.steplen * 3, len(listed) + 1, Page.steplen)
        if not path.startswith(listed[:end])
    }
    for _page, path in lists:
        if path in counts:
            counts[path] += 1
    return counts | {column.path: column.count_listed() for column in columns if column.is_catalogue}
