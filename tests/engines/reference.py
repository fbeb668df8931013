"""What an engine has to answer, by going through all documents: the protocol, read aloud.

Slow and without any index; the contract compares every engine with it.
"""

from collections import Counter
from collections.abc import Iterable

from search.engine import Alternative, Answer, Document, Hit, Need, Order, Query, Tier


class Reference:
    """``query`` and ``suggest`` of ``search.engine.Engine`` over a few hundred documents."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = sorted(documents, key=lambda one: (one.published, one.id), reverse=True)

    def query(self, query: Query) -> Answer:
        found = [one for one in self.documents if self._is_hit(one, query)]
        hits = [Hit(one.id, self._tier(one, query)) for one in found]
        if query.order is Order.RELEVANCE:
            hits.sort(key=lambda hit: -hit.tier)
        facets = {
            "site": Counter(str(site) for one in found for site in one.sites),
            "kind": Counter(one.kind for one in found),
            "year": Counter(str(one.year) for one in found),
            "topic": Counter(one.topic for one in found if one.topic),
            "organisation": Counter(one.organisation for one in found if one.organisation),
            "validity": Counter(one.validity for one in found if one.validity),
        }
        if query.columns_of is not None:
            places = [place.partition(":") for one in found for place in one.columns]
            facets["column"] = Counter(path for site, _colon, path in places if site == str(query.columns_of))
        return Answer(
            tuple(hits[query.offset : query.offset + query.limit]),
            len(found),
            facets={name: dict(counted) for name, counted in facets.items()} if query.facets else {},
        )

    def suggest(self, query: Query, typed: str) -> tuple[int, ...]:
        found = [
            one
            for one in self.documents
            if all(self._any(one, group.in_title) for group in query.groups) and self._passes(one, query)
        ]
        found.sort(key=lambda one: not (typed and one.title_key.startswith(typed)))
        return tuple(one.id for one in found[: query.limit])

    def _is_hit(self, document: Document, query: Query) -> bool:
        return (
            all(self._any(document, group.anywhere) for group in query.groups)
            and not any(self._all(document, alternative) for alternative in query.without)
            and self._passes(document, query)
        )

    def _passes(self, document: Document, query: Query) -> bool:
        return all(set(lexemes) & set(document.lexemes) for lexemes in query.filters)

    def _tier(self, document: Document, query: Query) -> Tier:
        if set(query.numbers) & set(document.lexemes):
            return Tier.NUMBER
        counts = not set(query.plain) & set(document.lexemes) or set(query.plain_unless) & set(document.lexemes)
        if query.groups and counts and all(self._any(document, group.in_title) for group in query.groups):
            return Tier.TITLE
        return Tier.TEXT

    def _any(self, document: Document, alternatives: Iterable[Alternative]) -> bool:
        return any(self._all(document, alternative) for alternative in alternatives)

    def _all(self, document: Document, alternative: Alternative) -> bool:
        return all(self._holds(document, need) for need in alternative)

    def _holds(self, document: Document, need: Need) -> bool:
        if need.begins:
            return any(lexeme.startswith(need.lexeme) for lexeme in document.lexemes)
        return need.lexeme in document.lexemes
