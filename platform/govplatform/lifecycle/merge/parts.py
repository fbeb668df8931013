"""What a merge concerns, and who knows it: each package above tells of its own rows through a part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from govplatform.tenancy.models import Tenant

CollisionKind = Literal["column", "slug", "title", "file", "index_number", "account"]


@dataclass(frozen=True)
class ColumnFacts:
    """A column of a site. ``path``: its slugs from the home page down, with slashes between (``news/notices``).

    ``kind``: the code of its type. ``pages``: pages of content that stand directly in it, ``drafts`` of which were
    never public.
    """

    path: str
    title: str
    kind: str
    pages: int
    drafts: int


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

    ``drafts``: whether pages that were never public are moved as well.
    """

    source: Tenant
    destination: Tenant
    columns: Mapping[str, str]
    drafts: bool


class Columns(Protocol):
    """Who knows the columns of a site."""

    def columns_of(self, tenant: Tenant) -> list[ColumnFacts]:
        """Return all columns of the site in the order of its tree."""


class MergePart(Protocol):
    """Who knows one kind of rows that a merge concerns."""

    def foresee(self, intended: Intended) -> Foreseen:
        """Return what the merge will do with these rows. Reads both sites, changes nothing."""


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


def parts() -> list[MergePart]:
    """Return the parts in the order in which they are asked."""
    return list(_parts.values())
