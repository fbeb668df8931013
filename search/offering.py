"""What is offered while somebody types: what others asked that found something, then titles."""

from dataclasses import dataclass
from enum import StrEnum

from govplatform.tenancy.models import Tenant

from .asking.parsing import parse
from .narrowing import Scope, sites_in
from .statistics.counting import written
from .statistics.queries import asked_terms
from .suggesting import OFFERED, offer_titles
from .text.folding import fold

#: Characters that are read: whoever has typed more knows what to ask.
LONGEST = 60
_ASKED_AT_MOST = 3


class Origin(StrEnum):
    """Where a suggestion is from."""

    TITLE = "title"
    QUESTION = "question"


@dataclass(frozen=True)
class Suggestion:
    """A text that may be searched for. ``origin``: a title of what is public, or what others asked."""

    text: str
    origin: Origin


def suggest(typed: str, *, site: Tenant | None = None, scope: Scope | str = Scope.ALL) -> list[Suggestion]:
    """Return suggestions for what was typed so far, questions of others first; none for no words.

    At most OFFERED, each once. What others asked is suggested only when it stands in the title of something public,
    which was reviewed: nobody brings a sentence of their own into the suggestions of a government site by asking for it
    often. Raises Refused for a scope that is none.
    """
    scope = Scope(scope)
    asked = parse(typed[:LONGEST])
    if not asked.words:
        return []
    titles = offer_titles(asked.text, site=site, scope=scope)
    terms = asked_terms(sites_in(site, scope), written(asked.text), _ASKED_AT_MOST)
    questions = [term for term in terms if fold(term) != fold(asked.text) and _stands_in_a_title(term, site, scope)]
    found = [*(Suggestion(term, Origin.QUESTION) for term in questions), *(Suggestion(t, Origin.TITLE) for t in titles)]
    return found[:OFFERED]


def _stands_in_a_title(term: str, site: Tenant | None, scope: Scope) -> bool:
    """Whether a title has the words as they are written; that one sounds so is not enough for what others asked."""
    runs = [run for word in parse(term).words for run in word.runs]
    offered = offer_titles(term, site=site, scope=scope)
    return any(all(run in fold(title) for run in runs) for title in offered)
