"""What can be found and is no resource of the library: columns, and whatever sites come to have later.

The sites fill the registry (``settings.SEARCH_SOURCES`` names it); the search knows it by this Protocol alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class OtherDocument:
    """A page that is no resource, as citizens read it now. ``page``: its key on the site; ``path``: its address there.

    ``column``: the address of the column that it belongs to; a column belongs to itself. ``published``: aware.
    """

    page: int
    path: str
    column: str
    title: str
    summary: str
    text: str
    published: datetime


class Source(Protocol):
    """One kind of documents on every site."""

    #: Code of the kind, in addresses and facets; no kind of resource is called so.
    kind: str
    label: str | Promise

    def documents(self) -> Iterator[OtherDocument]:
        """Yield all that citizens can read on the current site, by ``page``."""

    def document(self, page: int) -> OtherDocument | None:
        """Return one of them; None when citizens cannot read it (any more)."""


@cache
def sources() -> dict[str, Source]:
    """Return the sources by their kind."""
    named: Sequence[Source] = import_string(settings.SEARCH_SOURCES)
    return {source.kind: source for source in named}


def key_of(kind: str, tenant_id: int, page: int) -> str:
    """Return the key under which a document of a source is kept: ``column:12:345``."""
    return f"{kind}:{tenant_id}:{page}"
