"""What a rendering was made of: named while it is read, so that nobody has to guess what a change makes out of date."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum

Read = tuple["ReadOf", str]


class ReadOf(StrEnum):
    """Kinds of what is read. The key that goes with each is a text, '' where there is one of the kind on a site."""

    #: A page, by its id: its words, its address, whether it is public.
    PAGE = "page"
    #: Which pages are public below a column, and their order; by the column's path in the tree, '' for the whole site.
    BELOW = "below"
    #: The page at an address, by its ``url_path``: named here by title and address.
    AT = "at"
    #: The page before or after in the same column, by its ``url_path``. Whoever stands beside it has it beside itself.
    BESIDE = "beside"
    #: Which pages share keywords or subject class; by those.
    ALIKE = "alike"
    #: The columns of the site: menus, breadcrumbs, metadata of columns.
    COLUMNS = "columns"
    #: The site's own record: name, footer, state, banner.
    SITE = "site"
    #: An image in a size, an attachment; by their ids.
    IMAGE = "image"
    DOCUMENT = "document"
    #: A resource of the library and its versions, by its id.
    RESOURCE = "resource"
    #: A word of a vocabulary, by vocabulary and code with a slash between them.
    TERM = "term"
    #: Another site: its name, its host; by its id.
    OTHER_SITE = "other_site"
    #: The public answers to letters that a desk has taken in, by the id of the desk.
    LETTERS = "letters"
    #: The live text of an interview, by the id of its page.
    LIVE_TEXT = "live_text"
    #: The moment (ISO 8601) from which on it says something else by itself, because a day or a term is over.
    UNTIL = "until"


_noting: ContextVar[set[Read] | None] = ContextVar("reads", default=None)


def note_read(kind: ReadOf, *keys: object) -> None:
    """Say that what is being rendered depends on these; costs next to nothing while nobody records."""
    noted = _noting.get()
    if noted is not None:
        noted.update((kind, str(key)) for key in keys or ("",))


def note_until(moment: datetime) -> None:
    """Say that what is being rendered says something else from ``moment`` on, with nobody doing anything."""
    note_read(ReadOf.UNTIL, moment.astimezone(UTC).isoformat(timespec="seconds"))


def note_all(reads: Iterable[Read]) -> None:
    """Note what was read when something was made that is used again now."""
    noted = _noting.get()
    if noted is not None:
        noted.update(reads)


@contextmanager
def recording() -> Iterator[set[Read]]:
    """Yield the set that fills with whatever is read inside."""
    noted: set[Read] = set()
    token = _noting.set(noted)
    try:
        yield noted
    finally:
        _noting.reset(token)
