"""The protocol between the search and an engine: what goes in, what is asked, what comes out.

An engine is an index over the documents of ``search.models`` and can be made anew from them at any time. It knows no
language: text, numbers and filters reach it as **lexemes** that Python made (``search.text``), so every engine finds
the same documents for the same question. A document goes in with all its lexemes, a question is a formula over them:

* ``政府`` a pair of neighbouring characters, ``府`` the last one of a run, ``202`` three letters or digits in a row
* ``^政府`` the same of the title
* ``~zheng.fu`` ``~fu`` ``~~zf`` how the title sounds, and its first letters (``search.text.sounds``)
* ``#2017:47`` a document number that is mentioned, ``^#=粤府2017:47`` and ``^#2017:47`` the document's own
* ``=s:12`` ``=k:policy`` ``=y:2017`` … the values of filters (``search.text.filters``)

That a document has all pairs of a word does not mean that it has the word: an engine counts by lexemes alone, and what
is shown is compared with the text afterwards, in one place for all engines (``search.ranking``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Protocol

#: Grows with every change of what documents say, of the lexemes that ``search.text`` makes of it, or of how an engine
#: keeps them, that what is already indexed does not fit: every index is made anew then (``search.upkeep.shapes``).
SHAPE = 3


class EngineError(Exception):
    """An engine did not do what it was asked to; the message is for operators."""


class EngineUnavailable(EngineError):
    """The engine does not answer, or not in time. The same may be asked of it later."""


class QuestionRefused(EngineError):
    """The engine is well and does not take this one question, which is too large for it."""


class EngineBroken(EngineError):
    """The engine says that it cannot: its index is missing, read-only or of another shape. An operator has to look."""


# --- what goes in -------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """One document as an engine keeps it.

    ``id``: key of the row of SearchDocument. ``version``: grows with each change of that row; an engine that has a
    version keeps it when an older one arrives, whether the newer one was a document or a removal.
    ``lexemes``: sorted, without repetition. ``sites``: keys of the sites that show it, at least one; it counts once in
    the total and once for each of them in the facet ``site``. ``published``: aware. ``title_key``: the folded title,
    for suggestions. ``topic``, ``organisation``, ``validity``: what it counts for, '' for nothing. ``columns``: where
    it stands, ``<key of the site>:<path>``, at most one of each site, none with a space in it.
    """

    id: int
    version: int
    lexemes: tuple[str, ...]
    sites: tuple[int, ...]
    kind: str
    year: int
    published: datetime
    title_key: str
    topic: str = ""
    organisation: str = ""
    validity: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Removal:
    """A document that is not to be found any more, as of ``version``."""

    id: int
    version: int


# --- what is asked ------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """One lexeme that a document must have: this one, or with ``begins`` any that begins with it."""

    lexeme: str
    begins: bool = False


#: All of these together.
Alternative = tuple[Need, ...]


@dataclass(frozen=True)
class Group:
    """One word of the question with what is as good as it: at least one alternative must hold.

    ``anywhere`` over the whole document, ``in_title`` over its title alone; neither is ever empty. A title is part of
    its document: what holds an alternative of ``in_title`` holds one of ``anywhere`` as well.
    """

    anywhere: tuple[Alternative, ...]
    in_title: tuple[Alternative, ...]


class Order(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True)
class Query:
    """One question. A document is a hit when it holds every group, none of ``without``, and meets every filter.

    ``without``: each an alternative; a document that holds all its needs is no hit. ``filters``: of each, the document
    has at least one lexeme; the scope (site, region) is one of them. ``numbers``: lexemes of document numbers; a hit
    with one of them comes first. No groups: every document that meets the filters is a hit.
    ``offset``, ``limit``: which hits are given, in the order of ``Tier``. ``facets``: whether they are counted;
    ``columns_of``: the site whose columns are counted too. ``plain``: lexemes; a hit with one of them is TEXT, whatever
    its title holds, unless it has one of ``plain_unless`` too.
    """

    groups: tuple[Group, ...] = ()
    without: tuple[Alternative, ...] = ()
    filters: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[str, ...] = ()
    order: Order = Order.RELEVANCE
    offset: int = 0
    limit: int = 100
    facets: bool = True
    columns_of: int | None = None
    plain: tuple[str, ...] = ()
    plain_unless: tuple[str, ...] = ()


# --- what comes out -----------------------------------------------------------------------


class Tier(IntEnum):
    """How a hit was met. By relevance hits come tier by tier, the highest first, and newest first in each.

    "Newest first" is ``published`` falling, then ``id`` falling. By date the tier does not matter.
    """

    TEXT = 1
    TITLE = 2
    NUMBER = 3


@dataclass(frozen=True)
class Hit:
    """``tier``: NUMBER when one of the question's numbers is the document's own, TITLE when the title holds every group
    (of which there is one at least) and ``Query.plain`` does not make it TEXT, else TEXT."""

    id: int
    tier: Tier


#: Names of facets; values are keys of sites, codes of kinds, years and so on, each written as a string.
FACETS = ("site", "kind", "year", "topic", "organisation", "validity")
#: Counted where ``Query.columns_of`` asks for it; values are paths.
COLUMN = "column"


def facets_of(query: "Query") -> tuple[str, ...]:
    """Return the names of the facets that ``query`` asks for."""
    if not query.facets:
        return ()
    return FACETS if query.columns_of is None else (*FACETS, COLUMN)


@dataclass(frozen=True)
class Answer:
    """What an engine found. ``total``: number of hits, exact unless ``capped``: then there are at least that many.

    ``facets``: name -> value -> number of hits, '' left out; empty when they were not asked for. With ``capped``, they
    are those of the hits that were counted, so there are at least as many.
    """

    hits: tuple[Hit, ...]
    total: int
    capped: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    engine: str = ""


@dataclass(frozen=True)
class Health:
    """``ok``: it can be asked and written to. ``detail``: for operators, in words. ``documents``: None when unknown."""

    engine: str
    ok: bool
    documents: int | None
    detail: str = ""


class Engine(Protocol):
    """What every engine does. All of it may raise EngineUnavailable or EngineBroken, ``health`` alone never does."""

    #: ``postgres``, ``opensearch``, …: shown with every answer.
    name: str

    def index(self, documents: Sequence[Document], *, rebuild: str = "") -> None:
        """Put the documents in, or in place of what is there; older versions than what is there are left out.

        Found by ``query`` when this returns, or at the commit of the transaction where the engine lies in the same
        database. ``rebuild``: the name that ``begin_rebuild`` gave, for that index alone; '' while an index is being
        made anew means both.
        """

    def delete(self, removals: Sequence[Removal]) -> None:
        """Take documents out, also of an index that is being made anew. No harm when they are not there."""

    def query(self, query: Query) -> Answer:
        """Answer a question; see ``Query``, ``Tier`` and ``Answer``."""

    def suggest(self, query: Query, typed: str) -> tuple[int, ...]:
        """Return ids of documents whose title holds the question, at most ``query.limit``.

        Those whose ``title_key`` begins with ``typed`` come first, each part newest first. ``query`` has groups, of
        which ``in_title`` counts alone, and filters.
        """

    def count(self) -> int:
        """Return the number of documents, without removals."""

    def versions(self, *, after: int, limit: int) -> list[tuple[int, int]]:
        """Return (id, version) of the documents with ids above ``after``, ascending: for comparing with the truth."""

    def health(self) -> Health:
        """Tell how the engine is, within two seconds."""

    def begin_rebuild(self) -> str:
        """Begin an index beside the present one, or go on with the one that was begun; return its name.

        Questions are answered from the present one meanwhile. An engine that is made anew in place returns its name.
        """

    def finish_rebuild(self, rebuild: str) -> None:
        """Answer from the new index from now on, and let go of the old one.

        What the truth does not have any more was not put into the new index; in place, it is taken out with ``delete``
        before.
        """
