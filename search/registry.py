"""What sites tell the search besides the library, and the search knows by these Protocols alone.

What can be found and is no resource: columns, and whatever sites come to have later (``settings.SEARCH_SOURCES``). What
only a site knows of pages that are resources: their pictures, which of them are guides to services, and what those
serve (``settings.SEARCH_PAGE_FACTS``).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
    ``guide``: it tells how a service is had. ``about``: pages of the same site in whose block it stands when those are
    found, such as the policy that a service rests on.
    """

    page: int
    path: str
    column: str
    title: str
    summary: str
    text: str
    published: datetime
    guide: bool = False
    about: tuple[int, ...] = ()


@dataclass(frozen=True)
class PageFacts:
    """What a site knows of a page that is a resource. ``image``: the key of its lead picture, with ``alt`` beside it.

    ``guide`` and ``about`` as in ``OtherDocument``.
    """

    image: int | None = None
    alt: str = ""
    guide: bool = False
    about: tuple[int, ...] = ()


class PageFactsSource(Protocol):
    """The function that ``settings.SEARCH_PAGE_FACTS`` names."""

    def __call__(self, pages: Collection[int]) -> Mapping[int, PageFacts]:
        """Return what there is to say of these pages of the current site; in a fixed number of statements."""


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


@cache
def page_facts() -> PageFactsSource:
    """Return the function that tells what a site knows of its pages."""
    told: PageFactsSource = import_string(settings.SEARCH_PAGE_FACTS)
    return told


def page_key(tenant_id: int, page: int) -> str:
    """Return the key under which a page is named by what stands in its block: ``page:12:345``."""
    return f"page:{tenant_id}:{page}"


def key_of(kind: str, tenant_id: int, page: int) -> str:
    """Return the key under which a document of a source is kept: ``column:12:345``."""
    return f"{kind}:{tenant_id}:{page}"
