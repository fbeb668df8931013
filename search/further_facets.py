"""Facets that no engine counts: topics, organisations, validity and columns, of the hits that were compared.

Where every hit was compared (``ranking.WINDOW``), the counts are exact. Where there are more, these are the values that
the foremost hits have, and nobody says how many hits have them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from content_library.metadata import Validity
from content_library.vocabularies.queries import term_label
from govplatform.tenancy.models import Tenant

from .models import SearchDocument
from .narrowing import Filters
from .results import Facet, FacetValue
from .truth import Present

_SHOWN = 12


def further_facets(
    documents: Sequence[Present], filters: Filters, *, column_site: Tenant | None, exact: bool
) -> Iterator[Facet]:
    """Yield the facets of ``documents``. ``column_site``: the one site that is searched, whose columns count."""
    topics = Counter(code for one in documents if (code := _topic(one.subject_class, filters.topic)))
    yield _facet("topic", _("主题分类"), topics, filters.topic, exact, {c: term_label("subject", c) for c in topics})
    codes = Counter(one.organisation for one in documents if one.organisation)
    names = {code: term_label("organisation", code) for code in codes}
    yield _facet("organisation", _("发文机关"), codes, filters.organisation, exact, names)
    states = Counter(one.validity for one in documents if one.validity)
    labels = {str(value): str(label) for value, label in Validity.choices}
    yield _facet("validity", _("时效"), states, filters.validity, exact, labels)
    if column_site is not None:
        columns = Counter(
            path
            for one in documents
            for path in {_column(path, filters.column) for site, path in one.places if site == column_site.pk}
            if path
        )
        titles = column_titles(column_site, list(columns))
        known = Counter({path: count for path, count in columns.items() if path in titles})
        yield _facet("column", _("栏目"), known, filters.column, exact, titles)


def column_titles(site: Tenant, paths: Sequence[str]) -> dict[str, str]:
    """Return the names of the columns of ``site`` at these addresses, as far as they can be found."""
    rows = SearchDocument.objects.filter(tenant=site, kind="column", shown=True, places__0__path__in=list(paths))
    return {places[0]["path"]: title for places, title in rows.values_list("places", "title")}


def _facet(name: str, label: str, counts: Counter[str], chosen: str, exact: bool, labels: dict[str, str]) -> Facet:
    values = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN]
    shown = tuple(FacetValue(value, labels.get(value) or value, count, value == chosen) for value, count in values)
    return Facet(name, label, shown, exact)


def _topic(code: str, chosen: str) -> str:
    """Return the class by which ``code`` is counted: its topmost one, or the one below the class that was chosen."""
    return code[: len(chosen) + 2] if chosen and code.startswith(chosen) else code[:2]


def _column(path: str, chosen: str) -> str:
    """Return the address of the column by which a page counts: its topmost one, or the one below the chosen column."""
    parts = [part for part in path.split("/") if part][:-1]
    above = [part for part in chosen.split("/") if part]
    if not parts:
        return ""
    depth = min(len(parts), len(above) + 1) if parts[: len(above)] == above else 1
    return f"/{'/'.join(parts[:depth])}/"
