"""Facets: what an engine counted, or the hits themselves where all were compared, in words and for a page.

Engines count what a document says of itself: its class, its column. A page offers the topmost classes and columns with
all below them, or those right below the one that was chosen.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from content_library.metadata import Validity
from content_library.vocabularies.queries import term_label
from govplatform.tenancy.models import Tenant

from .engine import COLUMN, FACETS
from .models import SearchDocument
from .narrowing import Filters, kind_labels
from .results import Facet, FacetValue
from .terms import answering_class, class_in_facet, offices
from .truth import Present

Counted = Mapping[str, Mapping[str, int]]
#: Values of one facet that are offered.
_SHOWN, _SHOWN_OF_SITES = 12, 30


def count_facets(documents: Iterable[Present], column_site: int | None) -> Counted:
    """Return what an engine would count over ``documents``: name -> value -> number."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in (*FACETS, COLUMN)}
    for one in documents:
        values = {
            "site": [str(site) for site, _path in one.places],
            "kind": [one.kind],
            "year": [str(timezone.localtime(one.published_at).year)],
            "topic": [one.subject_class],
            "organisation": [one.organisation],
            "validity": [one.validity],
            COLUMN: [one.column or _above(path) for site, path in one.places if site == column_site],
        }
        for name, met in values.items():
            counted[name].update(value for value in dict.fromkeys(met) if value)
    return counted


def facets_in_words(
    counted: Counted,
    filters: Filters,
    *,
    column_site: Tenant | None,
    exact: bool,
    reached: Collection[int] | None = None,
) -> Iterator[Facet]:
    """Yield the facets of a page. ``column_site``: the one site that is searched, whose columns count.

    ``reached``: keys of the sites that are searched, None for all: others show hits too, and narrow to nothing.

    ``exact``: the counts are those of all hits, else there are at least so many.
    """

    known = offices()
    # What was chosen may have been merged into something else since the address was written.
    answering = {"topic": answering_class, "organisation": known.answering}

    def facet(name: str, label: str, labels: Mapping[str, str], counts: Mapping[str, int]) -> Facet:
        chosen = answering.get(name, str)(getattr(filters, name))
        values = [FacetValue(one, labels.get(one) or one, count, one == chosen) for one, count in counts.items()]
        if name == "year":
            values.sort(key=lambda one: one.value, reverse=True)
        else:
            values.sort(key=lambda one: (-one.count, one.value))
        return Facet(name, label, tuple(values[: _SHOWN_OF_SITES if name in ("site", "year") else _SHOWN]), exact)

    shown = counted.get("site", {})
    sites = _sites({key: count for key, count in shown.items() if reached is None or int(key) in reached})
    yield facet("site", _("站点"), dict(sites.values()), {sites[key][0]: n for key, n in shown.items() if key in sites})
    yield facet("kind", _("类型"), kind_labels(), counted.get("kind", {}))
    yield facet("year", _("发布年份"), {}, counted.get("year", {}))
    topics = _together(counted.get("topic", {}), lambda code: class_in_facet(code, filters.topic))
    yield facet("topic", _("主题分类"), {code: term_label("subject", code) for code in topics}, topics)
    said = _together(counted.get("organisation", {}), known.answering)
    most = dict(sorted(said.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN])
    yield facet("organisation", _("发文机关"), {code: term_label("organisation", code) for code in most}, most)
    states = {str(value): str(label) for value, label in Validity.choices}
    yield facet("validity", _("时效"), states, counted.get("validity", {}))
    if column_site is not None:
        columns = _together(counted.get(COLUMN, {}), lambda path: _column(path, filters.column))
        titles = column_titles(column_site, list(columns))
        yield facet("column", _("栏目"), titles, {path: count for path, count in columns.items() if path in titles})


def column_titles(site: Tenant, paths: Sequence[str]) -> dict[str, str]:
    """Return the names of the columns of ``site`` at these addresses, as far as they can be found."""
    rows = SearchDocument.objects.filter(tenant=site, kind="column", shown=True, places__0__path__in=list(paths))
    return {places[0]["path"]: title for places, title in rows.values_list("places", "title")}


# --- inside -------------------------------------------------------------------------------


def _sites(counted: Mapping[str, int]) -> dict[str, tuple[str, str]]:
    """Return key of a site -> (code, full name)."""
    named = Tenant.objects.filter(pk__in=[int(key) for key in counted]).values_list("pk", "code", "full_name")
    return {str(pk): (code, full_name) for pk, code, full_name in named}


def _together(counted: Mapping[str, int], whole: Callable[[str], str]) -> dict[str, int]:
    """Return the counts by the value that each belongs to; what belongs to none is left out."""
    found: Counter[str] = Counter()
    for value, count in counted.items():
        if belongs_to := whole(value):
            found[belongs_to] += count
    return dict(found)


def _column(path: str, chosen: str) -> str:
    """Return the column by which the one at ``path`` is counted: its topmost one, or the one below the chosen one."""
    parts = [part for part in path.split("/") if part]
    above = [part for part in chosen.split("/") if part]
    if not parts:
        return ""
    depth = min(len(parts), len(above) + 1) if parts[: len(above)] == above else 1
    return f"/{'/'.join(parts[:depth])}/"


def _above(path: str) -> str:
    """Return the address of the column in which a page stands."""
    return path.rstrip("/").rpartition("/")[0] + "/"
