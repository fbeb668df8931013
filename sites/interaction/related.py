"""Answers to letters alike, for who writes one: what the search finds among public answers."""

from typing import Any

from govplatform.cases.models import Case
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from search.engine import EngineError
from search.narrowing import Filters
from search.queries import search

_MOST = 5


def answers_alike(case: Case, site: Tenant) -> list[dict[str, Any]]:
    """Return ``[{"title", "url"}]`` of public answers that the title of ``case`` finds; nothing while nothing can be
    asked. The question is counted nowhere.
    """
    try:
        found = search(case.title, site=site, filters=Filters(kind="reply"))
    except (EngineError, Refused):
        return []
    return [{"title": hit.title_text, "url": hit.url} for hit in found.hits[:_MOST]]
