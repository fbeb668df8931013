"""办事目录: the guides of a column, narrowed by whom they are for, by occasion and by the body that decides.

Other pages of the column stand in the list as well, and in none of its narrowed ones. The page type is known by name
alone: it stands above the columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

_GUIDE = "serviceitem__"
_MODEL = "services.ServiceItem"
#: A longer value in an address is none of ours.
_LONGEST = 120
#: What is for both stands under each of the two.
_FOR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"person": ("person", "both"), "enterprise": ("enterprise", "both")}
)


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list. ``field``: of the guide; ``under``: the values of a group of guides."""

    code: str
    name: str | Promise
    field: str
    under: Callable[[str], tuple[str, ...]] = lambda stored: (stored,)
    stored: Callable[[str], tuple[str, ...]] = lambda value: (value,)


FACETS = (
    Facet(
        "for",
        _("办理对象"),
        "for_whom",
        under=lambda stored: tuple(value for value, group in _FOR.items() if stored in group),
        stored=lambda value: _FOR.get(value, ()),
    ),
    Facet("life", _("个人办事主题"), "life_event"),
    Facet("enterprise", _("企业办事主题"), "enterprise_event"),
    Facet("organisation", _("实施机构"), "organisation"),
)


def asked_of(request: HttpRequest) -> dict[str, str]:
    """Return facet -> the value that the address narrows the list to; facets that are not narrowed are missing."""
    given = {facet.code: request.GET.get(facet.code, "").replace("\x00", "").strip() for facet in FACETS}
    return {code: value[:_LONGEST] for code, value in given.items() if value}


def narrowed(pages: QuerySet[Page], asked: Mapping[str, str]) -> QuerySet[Page]:
    """Return those of ``pages`` that have all values of ``asked``; a value that there is none of leaves nothing."""
    for facet in FACETS:
        if value := asked.get(facet.code):
            pages = pages.filter(Q(**{f"{_GUIDE}{facet.field}__in": facet.stored(value)}))
    return pages


def choices(pages: QuerySet[Page], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return ``[{"code", "name", "values": [{"value", "label", "count", "chosen"}]}]``, with one statement.

    A facet with a single value narrows nothing, and is left out unless it was asked for.
    """
    names = [f"{_GUIDE}{facet.field}" for facet in FACETS]
    rows = list(pages.filter(serviceitem__isnull=False).order_by().values(*names).annotate(count=Count("pk")))
    offered = []
    for facet in FACETS:
        counts: dict[str, int] = {}
        for row in rows:
            for value in facet.under(row[f"{_GUIDE}{facet.field}"]):
                if value:
                    counts[value] = counts.get(value, 0) + row["count"]
        if len(counts) > 1 or facet.code in asked:
            labels = _labels(facet.field)
            values = [
                {
                    "value": value,
                    "label": labels.get(value, value),
                    "count": counts[value],
                    "chosen": value == asked.get(facet.code),
                }
                for value in _in_order(counts, labels)
            ]
            offered.append({"code": facet.code, "name": str(facet.name), "values": values})
    return offered


def _labels(field: str) -> dict[str, str]:
    found = apps.get_model(_MODEL)._meta.get_field(field).choices or ()  # type: ignore[union-attr]
    return {code: str(label) for code, label in found}


def _in_order(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[str]:
    known = list(labels)
    return sorted(counts, key=lambda value: (known.index(value) if value in labels else len(known), value))
