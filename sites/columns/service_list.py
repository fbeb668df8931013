"""办事目录: the guides of a column, narrowed by whom they are for, by occasion and by the body that decides.

Other pages of the column stand in the list as well, and in none of its narrowed ones. The page type is known by name
alone: it stands above the columns.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from . import faceting

_GUIDE = "serviceitem__"
_MODEL = "services.ServiceItem"
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
    """Return facet -> the value that the address narrows the list to."""
    return faceting.asked_of(request, [facet.code for facet in FACETS])


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
    offered: list[dict[str, Any]] = []
    for facet in FACETS:
        counts: dict[str, int] = {}
        for row in rows:
            for value in facet.under(row[f"{_GUIDE}{facet.field}"]):
                if value:
                    counts[value] = counts.get(value, 0) + row["count"]
        labels = _labels(facet.field)
        offered += faceting.offered(
            facet.code, facet.name, counts, asked, label=partial(_label, labels), order=partial(_in_order, labels)
        )
    return offered


def _labels(field: str) -> dict[str, str]:
    found = apps.get_model(_MODEL)._meta.get_field(field).choices or ()  # type: ignore[union-attr]
    return {code: str(label) for code, label in found}


def _label(labels: Mapping[str, str], value: str) -> str:
    return labels.get(value, value)


def _in_order(labels: Mapping[str, str], values: Collection[str]) -> list[str]:
    known = list(labels)
    return sorted(values, key=lambda value: (known.index(value) if value in labels else len(known), value))
