"""Filters and scope as people choose them, and as lexemes."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from content_library.metadata import Validity
from content_library.models import Resource
from content_library.vocabularies.queries import codes_under
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .registry import sources
from .terms import offices
from .text.filters import filter_lexeme, values_of


class Scope(StrEnum):
    """Where is searched: on one site, on it with all sites below it, or everywhere."""

    SITE = "site"
    REGION = "region"
    ALL = "all"


@dataclass(frozen=True)
class Filters:
    """What results are narrowed to; empty fields do not matter.

    ``site``: code of a site; ``topic``: code of a class, with all below it; ``organisation``: as ``Found`` says it;
    ``year``: of publication, four digits; ``validity``: a value of Validity; ``column``: the address of a column of the
    site that is searched, with all columns below it.
    """

    site: str = ""
    kind: str = ""
    topic: str = ""
    organisation: str = ""
    year: str = ""
    validity: str = ""
    column: str = ""


def kind_labels() -> dict[str, str]:
    """Return the kinds that can be found, in words."""
    return {str(kind.value): str(kind.label) for kind in Resource.Kind} | {
        kind: str(source.label) for kind, source in sources().items()
    }


@dataclass(frozen=True)
class Narrowed:
    """Filters and scope as an engine takes them. ``lexemes``: of each, a hit has one at least.

    ``sites``: keys of the sites one of which shows a hit; None for any. ``reached``: those of the scope alone.
    """

    lexemes: tuple[tuple[str, ...], ...]
    sites: frozenset[int] | None
    reached: frozenset[int] | None = None


def narrow(filters: Filters, *, site: Tenant | None, scope: Scope) -> Narrowed:
    """Read filters and scope. Raises Refused for a value that is none."""
    sites = sites_in(site, scope)
    reached = None if sites is None else frozenset(sites)
    if filters.site:
        # Of a site that is being prepared nobody is told that there is one, and the console is no site of citizens.
        known = Tenant.objects.exclude(status=Tenant.Status.PREPARING).exclude(kind=Tenant.Kind.CONSOLE)
        chosen = known.filter(code=_plain(filters.site)).first()
        if chosen is None:
            raise Refused(_("没有代码为“%(code)s”的站点。") % {"code": filters.site[:40]})
        sites = [chosen.pk] if sites is None or chosen.pk in sites else [0]
    places = () if sites is None else (values_of("s", sites),)
    return Narrowed((*places, *_of_filters(filters, site)), None if sites is None else frozenset(sites), reached)


def _of_filters(filters: Filters, site: Tenant | None) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    if filters.kind:
        _require(filters.kind, kind_labels(), _("类型"))
        found.append(values_of("k", [filters.kind]))
    if filters.year:
        if len(filters.year) != 4 or not (filters.year.isascii() and filters.year.isdecimal()):
            raise Refused(_("年份请写成 2026 这样的四位数字，不是“%(year)s”。") % {"year": filters.year[:20]})
        found.append(values_of("y", [filters.year]))
    if filters.validity:
        _require(filters.validity, {str(value): str(label) for value, label in Validity.choices}, _("时效"))
        found.append(values_of("v", [filters.validity]))
    if filters.topic:
        found.append(values_of("t", codes_under("subject", _plain(filters.topic))))
    if filters.organisation:
        found.append(values_of("o", offices().said_as(_plain(filters.organisation))))
    if filters.column:
        if site is None:
            raise Refused(_("按栏目筛选时须指明站点。"))
        path = "/".join(part for part in _plain(filters.column).split("/") if part)
        found.append((filter_lexeme("c", f"{site.pk}:/{path}/"),))
    return tuple(found)


def sites_in(site: Tenant | None, scope: Scope) -> list[int] | None:
    """Return the keys of the sites that are searched; None for all. Raises Refused when a site is needed."""
    if scope == Scope.ALL:
        return None
    if site is None:
        raise Refused(_("按站点或地区检索时须指明站点。"))
    if scope == Scope.SITE:
        return [site.pk]
    below: dict[int | None, list[int]] = {}
    for pk, parent in Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).values_list("pk", "parent_id"):
        below.setdefault(parent, []).append(pk)
    found, waiting = [site.pk], [site.pk]
    while waiting:
        children = [child for child in below.get(waiting.pop(), []) if child not in found]
        found += children
        waiting += children
    return sorted(found)


def _require(value: str, known: dict[str, str], name: str) -> None:
    if value not in known:
        raise Refused(
            _("%(name)s“%(value)s”不认识，可用的有：%(known)s。")
            % {"name": name, "value": value[:40], "known": "、".join(known)}
        )


def _plain(value: str) -> str:
    return "".join(character for character in value[:300] if character.isprintable())
