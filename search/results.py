"""What a search found, with everything that a page or a verb shows of it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from .highlighting import Segment


@dataclass(frozen=True)
class Related:
    """What belongs to a policy document and stands in one block with it: its interpretation, a guide to a service."""

    title: str
    url: str
    kind: str
    kind_label: str
    published_at: datetime


@dataclass(frozen=True)
class Picture:
    """The lead picture of a hit. ``path``: its address on the site that asks; ``alt``: what it shows, in words."""

    path: str
    alt: str


@dataclass(frozen=True)
class ShownOn:
    """A site that shows a hit. ``url``: the address there."""

    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Found:
    """One hit. ``title`` and ``snippet``: segments, together the text in its own characters.

    ``site``, ``url``: where it is read, the asking site where that shows it, else its source; ``sites``: all that show
    it, that one first. ``attachment``: the title of the attachment in which the snippet stands, '' for the text.
    ``organisation`` and ``topic`` are in words, ``*_code`` as filters take them. ``validity``: '' where it has none.
    """

    id: int
    title: tuple[Segment, ...]
    url: str
    site: ShownOn
    sites: tuple[ShownOn, ...]
    kind: str
    kind_label: str
    document_number: str
    index_number: str
    organisation: str
    organisation_code: str
    topic: str
    topic_code: str
    published_at: datetime
    issued_on: date | None
    validity: str
    validity_label: str
    snippet: tuple[Segment, ...]
    attachment: str
    picture: Picture | None = None
    related: tuple[Related, ...] = ()

    @property
    def title_text(self) -> str:
        """The title without marks."""
        return "".join(segment.text for segment in self.title)

    @property
    def snippet_text(self) -> str:
        """The snippet without marks."""
        return "".join(segment.text for segment in self.snippet)


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet. ``value``: as ``Filters`` takes it; ``chosen``: the results are narrowed to it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet with its values, the most frequent first, years falling.

    ``name``: a field of ``Filters``. ``exact``: the counts are those of all hits, else there are at least so many.
    """

    name: str
    label: str
    values: tuple[FacetValue, ...]
    exact: bool = True


@dataclass(frozen=True)
class Results:
    """One page of results.

    ``text``: the question as it was read; ``cut``: there was more of it. ``total``: exact unless ``capped``: then there
    are at least so many. ``pages``: of ten hits, a hundred at most. ``suggestion``: another question that has results,
    '' for none. ``notice``: a sentence for the reader when another engine answered than the one that should, else ''.
    ``milliseconds``: how long it took.
    """

    text: str
    hits: tuple[Found, ...]
    total: int
    capped: bool
    page: int
    pages: int
    facets: tuple[Facet, ...] = ()
    suggestion: str = ""
    engine: str = ""
    notice: str = ""
    cut: bool = False
    milliseconds: float = 0.0
    words: tuple[str, ...] = field(default=())
