"""What a merge concerns, and who knows it: each package above tells of its own rows through a part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from govplatform.tenancy.models import Tenant

CollisionKind = Literal["column", "slug", "title", "file", "index_number", "account"]


@dataclass(frozen=True)
class ColumnFacts:
    """A column of a site. ``path``: its slugs from the home page down, with slashes between (``news/notices``).

    ``kind``: the code of its type. ``pages``: pages of content that stand directly in it, ``drafts`` of which were
    never public. ``of_organ``: its type says that it tells of the site's own organ: leaders, institutions, guide.
    """

    path: str
    title: str
    kind: str
    pages: int
    drafts: int
    of_organ: bool = False


@dataclass(frozen=True)
class Collision:
    """Two things that cannot both stay as they are. ``source``, ``destination``: where each is; ``outcome``: a sentence
    that says what the merge does with them.
    """

    kind: CollisionKind
    what: str
    source: str
    destination: str
    outcome: str


@dataclass(frozen=True)
class Left:
    """What is not moved. ``kind``: what it is, in Chinese; ``reason``: a sentence."""

    kind: str
    count: int
    reason: str


@dataclass(frozen=True)
class Concern:
    """What elsewhere on the platform points at the site. ``outcome``: a sentence that says what becomes of it."""

    kind: str
    count: int
    outcome: str


@dataclass
class Foreseen:
    """What one part foresees. ``counts``: name as the verb prints it -> number of rows that are moved."""

    counts: dict[str, int] = field(default_factory=dict)
    collisions: list[Collision] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)


@dataclass(frozen=True)
class Intended:
    """The merge that is asked about. ``columns``: path in the source -> path in the destination of what is moved.

    ``drafts``: whether pages that were never public are moved as well; ``scheduled``: whether those of them are that
    are cleared already and public at their time.
    """

    source: Tenant
    destination: Tenant
    columns: Mapping[str, str]
    drafts: bool
    scheduled: bool = True


@dataclass(frozen=True)
class NewColumn:
    """A column that only the destination gets; all but its title are as its page has them."""

    pk: int
    title: str
    slug: str
    path: str
    depth: int
    numchild: int
    url_path: str


@dataclass(frozen=True)
class Switch:
    """What a merge has carried, for those who write rows outside of the two schemas.

    ``pages``: id in the source -> id in the destination, of all pages that have one; ``carried``: ids in the source of
    those whose rows were carried, the others had been there. ``revisions``, ``clearances``, ``images``, ``documents``:
    what was added to the number of each; ``files``: "image" and "document" -> numbers in the source. ``opened``: ids in
    the destination of columns that the merge made itself, the channel. ``memory``: kept
    with the merge until it is taken back, JSON-able; each part has its own dictionary in it. ``prepared``: what
    ``MergePart.prepare`` has found for ``MergePart.hand_over`` and ``MergePart.switch``.
    """

    source: Tenant
    destination: Tenant
    pages: Mapping[int, int]
    carried: frozenset[int]
    revisions: int
    clearances: int
    images: int
    documents: int
    files: Mapping[str, list[int]]
    memory: dict[str, Any]
    opened: frozenset[int] = frozenset()
    prepared: dict[str, Any] = field(default_factory=dict)


class Columns(Protocol):
    """Who knows the columns of a site."""

    def columns_of(self, tenant: Tenant) -> list[ColumnFacts]:
        """Return all columns of the site in the order of its tree."""

    def open_column(self, column: NewColumn) -> None:
        """Write a column into the current site at its place in the tree, shown, with its words as its title."""

    def confirm_words(self, page_ids: list[int], *, made: list[int], numbers: Iterator[int]) -> None:
        """Write down that the words of these columns of the current site were cleared where they come from.

        ``made``: those whose only words are the name of a site, which was scanned with its record; ``numbers``: the
        keys of what is written, which goes with the merge when it is taken back.
        """

    def unconfirmed(self, tenant: Tenant, page_ids: list[int]) -> list[str]:
        """Return the titles of those shown columns whose words nobody has cleared."""


class MergePart:
    """Who knows one kind of rows that a merge concerns. Parts override what concerns them."""

    def foresee(self, intended: Intended) -> Foreseen:
        """Return what the merge will do with these rows. Reads both sites, changes nothing."""
        return Foreseen()

    def reasons_against(self, source: Tenant, destination: Tenant) -> list[str]:
        """Return what has to be finished first; looked at when the merge is asked for and again when it runs."""
        return []

    def stand_ins(self, source: Tenant, destination: Tenant) -> dict[int, int]:
        """Return pages of the source that are not carried since the destination has what they show: id -> id there."""
        return {}

    def prepare(self, switch: Switch) -> None:
        """Find what ``switch`` will need; others work in the destination, so nothing that they wait for is written.

        In the transaction of the merge, inside the destination, when its rows are there.
        """

    def hand_over(self, switch: Switch) -> None:
        """Have what belongs to the source and lies outside of its schema name the rows where they are now.

        In the transaction of the merge, with the chain of the source held and before that of the destination, inside
        the destination, with the owner's rights. Writes no row of the destination. May be undone and called again.
        """

    def switch(self, switch: Switch) -> None:
        """Write what others in the destination wait for; short, and after ``hand_over``.

        In the transaction of the merge, with both chains held, inside the destination, with the owner's rights.
        """

    def prove(self, switch: Switch) -> tuple[int, list[tuple[str, str, str]]]:
        """Compare what ``hand_over`` and ``switch`` wrote with where things are now; change nothing.

        Returns (number of rows compared, [(kind, what it is about, a sentence)] of what is wrong), inside the
        destination; ``kind`` as in ``proving.find_merge_faults``.
        """
        return 0, []

    def take_back(self, switch: Switch) -> None:
        """Undo ``hand_over`` and ``switch``, by the same facts."""


_columns: list[Columns] = []
_parts: dict[str, MergePart] = {}


def register_columns(columns: Columns) -> None:
    """Say who knows the columns; the last one counts."""
    _columns[:] = [columns]


def register_part(name: str, part: MergePart) -> None:
    """Add a part. Parts are asked in the order in which they were added; a name that is there already is replaced."""
    _parts[name] = part


def columns_of(tenant: Tenant) -> list[ColumnFacts]:
    """Return all columns of the site in the order of its tree."""
    return _columns[0].columns_of(tenant)


def columns() -> Columns:
    """Who knows the columns."""
    return _columns[0]


def parts() -> list[MergePart]:
    """Return the parts in the order in which they are asked."""
    return list(_parts.values())


def all_stand_ins(source: Tenant, destination: Tenant) -> dict[int, int]:
    """Return the pages of the source that no part wants carried: id -> id of the page that has been there."""
    found: dict[int, int] = {}
    for part in parts():
        found |= part.stand_ins(source, destination)
    return found
