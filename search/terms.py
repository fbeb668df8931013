"""Classes and organisations of documents as the vocabularies have them at this moment.

A document keeps the code, or for an organisation maybe the words, with which it was reviewed. Terms are moved below
others and merged without a document being written again, so what belongs together is said when a question is built and
when its counts are shown, and by the index never.
"""

from collections.abc import Iterable, Iterator, Mapping

from content_library.vocabularies.queries import find_term, resolve_code, terms_of
from content_library.vocabularies.snapshot import TermRow

_SUBJECT, _ORGANISATION = "subject", "organisation"


class Offices:
    """The organisations as one reading of the vocabulary has them."""

    def __init__(self, terms: Mapping[str, TermRow]) -> None:
        self.terms = terms
        self._answers = dict(_names(terms))

    def answering(self, said: str) -> str:
        """Return the code that answers for what a document says; the words themselves where nothing does."""
        return self._answers.get(said, said)

    def said_as(self, value: str) -> list[str]:
        """Return everything by which documents may say the same organisation as ``value``."""
        answer = self.answering(value)
        return sorted({answer, value, *(said for said, code in self._answers.items() if code == answer)})


#: Made once for each reading of the vocabulary, of which a process keeps the last.
_offices: Offices | None = None


def offices() -> Offices:
    """Return the organisations as they are now."""
    global _offices
    terms = terms_of(_ORGANISATION)
    if _offices is None or _offices.terms is not terms:
        _offices = Offices(terms)
    return _offices


def class_in_facet(code: str, chosen: str) -> str:
    """Return the class by which a document of ``code`` is counted: its topmost one, or the one below ``chosen``."""
    row = find_term(_SUBJECT, code)
    if row is None:
        return code
    chosen = resolve_code(_SUBJECT, chosen) if chosen else ""
    return row.parent if row.parent and row.parent != chosen and row.code != chosen else row.code


def answering_class(code: str) -> str:
    """Return the code that answers for a class today."""
    return resolve_code(_SUBJECT, code)


# --- inside -------------------------------------------------------------------------------


def _names(terms: Mapping[str, TermRow]) -> Iterator[tuple[str, str]]:
    """Yield (what is said, code that answers), the weightiest last: aliases, names, names in use, codes."""

    def answering(rows: Iterable[TermRow]) -> Iterator[tuple[TermRow, str]]:
        return ((row, resolve_code(_ORGANISATION, row.code)) for row in reversed(list(rows)))

    for row, code in answering(terms.values()):
        if row.code == code:
            yield from ((alias, code) for alias in row.aliases)
    for active in (False, True):
        yield from ((row.label, code) for row, code in answering(terms.values()) if row.active is active)
    yield from ((row.code, code) for row, code in answering(terms.values()))
