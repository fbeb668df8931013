"""Answers to letters alike, for who writes one and for who answers: what the search finds among what is public."""

from typing import Any

from content_library.models import Resource
from content_library.resources.showing import may_be_shown
from govplatform.cases.models import Case
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from search.engine import EngineError
from search.narrowing import Filters
from search.queries import search

_MOST = 5


def answers_alike(case: Case, site: Tenant) -> list[dict[str, Any]]:
    """Return ``[{"title", "url"}]`` of what the title of ``case`` finds, entries of the question base before answers
    to letters; nothing while nothing can be asked. The question is counted nowhere.
    """
    return [*_found(case.title, "question", site), *_found(case.title, "reply", site)][: 2 * _MOST]


def has_questions() -> bool:
    """Whether the question base of any site has something to read: nobody is sent to an empty list."""
    return Resource.objects.filter(may_be_shown(), kind=Resource.Kind.QUESTION).exists()


def questions_alike(title: str, site: Tenant) -> list[dict[str, Any]]:
    """Return ``[{"title", "url"}]`` of entries of the question base that ``title`` finds, as ``answers_alike``."""
    return _found(title, "question", site)


def _found(text: str, kind: str, site: Tenant) -> list[dict[str, Any]]:
    if not text.strip():
        return []
    try:
        found = search(text, site=site, filters=Filters(kind=kind))
    except (EngineError, Refused):
        return []
    return [{"title": hit.title_text, "url": hit.url} for hit in found.hits[:_MOST]]
