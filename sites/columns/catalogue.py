"""信息公开目录: what a site has made public itself, in order of its metadata; nothing of it is typed.

It is read from the library, which has every own page that is live (先入库、再使用). What
《中华人民共和国政府信息公开条例》第十二条 asks of a catalogue (index, name, outline, date) stands in its rows.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from content_library.distribution.listing import recalled_numbers
from content_library.distribution.place import place_of_rows
from content_library.models import Resource
from content_library.resources.showing import may_be_shown
from content_library.vocabularies.queries import codes_under, term_label
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.tenancy.current import current_tenant
from sites.pages.rows import path_of

from . import faceting

_YEAR = re.compile(r"[12][0-9]{3}")


@dataclass(frozen=True)
class Facet:
    """One way to narrow the catalogue. ``of``: its value for a group of rows; ``label``: a value in words."""

    code: str
    name: str | Promise
    of: Callable[[dict[str, Any]], str]
    label: Callable[[str], str]
    condition: Callable[[str], Q]


def _kind_of(row: dict[str, Any]) -> str:
    return str(row["document_kind"] or row["kind"])


def _kind_label(code: str) -> str:
    return str(dict(Resource.Kind.choices).get(code) or term_label("kind", code))


FACETS = (
    Facet(
        "theme",
        _("主题"),
        lambda row: str(row["subject_class"])[:2],
        lambda code: term_label("subject", code),
        lambda code: Q(subject_class__in=codes_under("subject", code)) | Q(subject_class__startswith=code),
    ),
    Facet(
        "organisation",
        _("机构"),
        lambda row: str(row["organisation"]),
        lambda code: term_label("organisation", code),
        lambda code: Q(organisation=code),
    ),
    Facet(
        "kind",
        _("体裁"),
        _kind_of,
        _kind_label,
        lambda code: Q(document_kind=code) | Q(document_kind="", kind=code),
    ),
    Facet(
        "year",
        _("年份"),
        lambda row: str(row["published_at__year"]),
        lambda code: code,
        lambda code: Q(published_at__year=int(code)) if _YEAR.fullmatch(code) else Q(pk=None),
    ),
)


def catalogued(column: Any) -> QuerySet[Resource]:
    """Return what the catalogue ``column`` lists, newest first: of the whole site, where its type is that of one
    (信息公开目录), else of the column and those below it.
    """
    root = column.path[: 2 * Page.steplen] if column.column_type == "catalogue" else column.path
    note_read(ReadOf.BELOW, root)
    pages, place = Page.objects.filter(path__startswith=root, live=True), place_of_rows()
    numbers = pages.annotate(number_there=F("pk") + place.offset).values("number_there")
    known = Q(tenant_id=place.tenant_id, page_id__in=numbers)
    if place.offset:
        # What was not carried, its own notices, is known as it was.
        known |= Q(tenant=current_tenant(), page_id__in=pages.values("pk"))
    held = Resource.objects.filter(may_be_shown(), known)
    # By their numbers in the library, which are not those of the pages where these are elsewhere.
    return held.exclude(recalled_numbers("page_id")).order_by("-published_at", "-pk")


def asked_of(request: HttpRequest) -> dict[str, str]:
    """Return facet -> the value that the address narrows it to."""
    return faceting.asked_of(request, [facet.code for facet in FACETS])


def narrowed(found: QuerySet[Resource], asked: dict[str, str]) -> QuerySet[Resource]:
    """Return those of ``found`` that have all values of ``asked``; a value that there is none of leaves nothing."""
    for facet in FACETS:
        if value := asked.get(facet.code):
            found = found.filter(facet.condition(value))
    return found


def choices(found: QuerySet[Resource], asked: dict[str, str]) -> list[dict[str, Any]]:
    """Return ``[{"code", "name", "values": [{"value", "label", "count", "chosen"}]}]``, with one statement.

    A facet with a single value narrows nothing, and is left out unless it was asked for.
    """
    by = ("subject_class", "organisation", "document_kind", "kind", "published_at__year")
    rows = list(found.order_by().values(*by).annotate(count=Count("pk")))
    offered: list[dict[str, Any]] = []
    for facet in FACETS:
        counts: dict[str, int] = {}
        for row in rows:
            if value := facet.of(row):
                counts[value] = counts.get(value, 0) + row["count"]
        offered += faceting.offered(
            facet.code, facet.name, counts, asked, label=facet.label,
            order=partial(sorted, reverse=facet.code == "year"),
        )  # fmt: skip
    return offered


def entries(page: Iterable[Resource]) -> list[dict[str, Any]]:
    """Return the rows of one page of the catalogue."""
    place = place_of_rows()
    numbered: dict[int, Resource] = {}
    for one in page:
        if one.page_id is not None:
            numbered[one.page_id - (place.offset if one.tenant_id == place.tenant_id else 0)] = one
    addresses = dict(Page.objects.filter(pk__in=numbered).values_list("pk", "url_path"))
    return [_entry(one, path_of(addresses[number])) for number, one in numbered.items() if number in addresses]


def _entry(resource: Resource, path: str) -> dict[str, Any]:
    told: dict[str, Any] = resource.current.metadata
    return {
        "title": resource.title,
        "url": path,
        "date": timezone.localtime(resource.published_at),
        "index_number": resource.number,
        "document_number": told.get("document_number", ""),
        "issued_on": parse_date(str(told.get("issued_on") or "")),
        "summary": told.get("summary", ""),
        "organisation": resource.get_organisation_display(),
        "kind": _kind_label(resource.document_kind or resource.kind),
    }
