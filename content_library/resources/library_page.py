"""The interface that the library asks of a published page."""

from typing import Protocol, cast

from wagtail.models import Page

from .records import LibraryRecord


class LibraryPage(Protocol):
    """A page of content as it is live now; every type of content page offers this, checked at every start.

    ``sites.pages.content_page.ContentPage`` does it for pages made of blocks.
    """

    def library_record(self) -> LibraryRecord | None:
        """Return what the common library keeps of the page; None when it keeps nothing (as of a repost).

        Called in the transaction that publishes. ``LibraryRecord`` says what belongs into it. Raises Refused when a
        file that the page shows is not the one that was cleared with it.
        """


def as_library_page(page: Page) -> LibraryPage:
    """Return ``page`` (a specific instance) typed as what the library asks of it."""
    return cast(LibraryPage, page)
