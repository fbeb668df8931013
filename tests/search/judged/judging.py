"""The judged queries and what their answers are worth."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .corpus import CorpusDocument, documents, region, topics

#: Worth of a document of the topic that was meant, by its kind: 3 what one looks for, 1 what is about it.
_BY_KIND = {"policy": 3, "service": 3, "interpretation": 2, "column": 2, "news": 1}
#: A text that does not hold any more is worth less than one that does.
_NOT_IN_FORCE = 1
_FILTERS = ("site", "scope", "kind", "year", "validity", "order")


@dataclass(frozen=True)
class Judged:
    """One query. ``grades``: key of a document -> 1 to 3; what is not named is worth nothing.

    ``filters``: site, scope, kind, year, validity, order as far as they are set; ``scope`` is ``all`` otherwise.
    ``nothing``: there must be no hit at all. Without either it is not judged, nor by date, where what was mentioned in
    passing yesterday comes first by right; engines have to agree about those too.
    """

    group: str
    text: str
    filters: Mapping[str, Any] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=dict)
    nothing: bool = False

    @property
    def is_judged(self) -> bool:
        return self.nothing or (bool(self.grades) and self.filters.get("order") != "newest")

    def __str__(self) -> str:
        return " ".join([self.text, *(f"{name}={value}" for name, value in self.filters.items())])


@cache
def judged_queries() -> tuple[Judged, ...]:
    """All judged queries, in the order of ``queries.toml``."""
    rows = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))["query"]
    return tuple(_judged(row, text) for row in rows for text in row["words"])


def _judged(row: dict[str, Any], text: str) -> Judged:
    known = {topic["key"] for topic in topics()}
    assert set(row.get("about", ())) <= known | {"*"}, row
    return Judged(
        group=row["group"],
        text=text,
        filters={name: row[name] for name in _FILTERS if name in row},
        grades={} if row.get("nothing") else _grades(row),
        nothing=row.get("nothing", False),
    )


def _grades(row: dict[str, Any]) -> dict[str, int]:
    grades = dict(row.get("keys", {}))
    by_kind = row.get("grades", _BY_KIND)
    about = set(row.get("about", ()))
    for document in documents():
        if about & {document.topic, "*"} and _meant(document, row.get("only", {})):
            worth = by_kind.get(document.kind, 0)
            if document.validity not in ("", "in_force") and "validity" not in row:
                worth = min(worth, _NOT_IN_FORCE)
            if worth and passes(document, row):
                grades[document.key] = worth
    if number := row.get("number"):
        (policy,) = (document for document in documents() if document.number == number)
        grades[policy.key] = 3
        grades.update({document.key: 2 for document in documents() if document.explains == policy.key})
    return grades


def _meant(document: CorpusDocument, only: dict[str, Any]) -> bool:
    return (
        only.get("site", document.site) == document.site
        and ("region" not in only or document.site in region(only["region"]))
        and only.get("kind", document.kind) == document.kind
        and only.get("title", "") in document.title
    )


def passes(document: CorpusDocument, filters: Mapping[str, Any]) -> bool:
    """Tell whether the document passes the filters of a query."""
    scope = filters.get("scope", "all")
    return (
        (scope != "site" or document.site == filters["site"])
        and (scope != "region" or document.site in region(filters["site"]))
        and filters.get("kind", document.found_as) == document.found_as
        and filters.get("year", document.year) == document.year
        and filters.get("validity", document.validity) == document.validity
    )


def ndcg(query: Judged, keys: Sequence[str], depth: int = 10) -> float:
    """Return nDCG at ``depth`` (0 to 1) of documents in the order they were given, for a query that is judged.

    Where there must be no hit it is 1 when nothing was found and 0 otherwise.
    """
    if query.nothing:
        return 0.0 if keys else 1.0
    gained = _gain([query.grades.get(key, 0) for key in keys[:depth]])
    return gained / _gain(sorted(query.grades.values(), reverse=True)[:depth])


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
