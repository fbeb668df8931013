"""The interface that the review asks of a page: the one list of what a page type must offer, checked at every start.

``sites.pages.content_page.ContentPage`` offers all of it for pages made of blocks. A page type with content of its own
inherits from it and overrides what differs; a page type of the site's frame (``is_structural``) offers none of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol, cast

from wagtail.models import Page

from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.subject import SubjectFile


class ReviewedPage(Protocol):
    """A page of content on its way through the review, stored or made from a revision.

    What a method returns must come from this instance alone: a revision is judged as it is, not as the page is now.
    None of the methods changes anything in the database.
    """

    #: ``(name of the field, place as the scan calls it)`` of what a person types besides the body. The review screen
    #: marks findings in these fields.
    SCANNED_FIELDS: ClassVar[tuple[tuple[str, str], ...]]

    #: ``{name: value}`` of fields that came after pages had been cleared: at that value they do not count in the
    #: digest, so what was cleared before stays cleared.
    digest_defaults: ClassVar[dict[str, Any]]

    #: Whether the page is cleared and never published: words for one person alone, such as an answer to a letter.
    never_shown: ClassVar[bool]

    def reasons_against_submitting(self) -> list[str]:
        """Say what must be filled in or put right before anybody is asked to review; empty when nothing must.

        Sentences in the reader's language, each with the way out. Asked of the newest version when it is submitted.
        """

    def reasons_left(self) -> list[str]:
        """Say what was typed into this version and cannot be used; part of ``reasons_against_submitting``."""

    def reasons_against_approving(self) -> list[str]:
        """Say what has happened elsewhere, since this version was written, that speaks against its being public.

        Asked at each approval, behind the locks, at handing in, and when the time comes for which it was approved;
        usually nothing. May look at other rows.
        """

    def scan_pieces(self) -> Iterable[Piece]:
        """Give everything that the page says, in the order in which a reader meets it.

        That is fields, body, and what only the source shows (alternative texts, addresses of links). Whatever is left
        out here is never looked at by the confidentiality scan.
        """

    def scan_facts(self) -> dict[str, Any]:
        """Give what the scan judges besides the text.

        ``confidentiality.scanning.engine.scan_facts`` names the keys: ``title``, ``kind`` and ``source`` always, the
        others as far as there are any.
        """

    def scan_files(self) -> Iterable[SubjectFile]:
        """Give files that the page shows and that are not pictures or attachments of the site itself.

        The site's own are found by their references and need not be named.
        """

    def mask_values(self, values: Mapping[str, str]) -> None:
        """Mask what reviewers want masked in this instance's own text; the caller saves it as a new version.

        ``values``: text without spaces -> as many characters to take its place. What stands in files, choices and the
        address of the page stays as it is.
        """

    def words_for_lost_source(self) -> str:
        """Say that the page repeats what its source has taken back, and why it did; '' where it does not.

        Such a page cannot be published. Lists, the editor's and the reviewer's screen say so at once.
        """

    def verb_facts(self) -> dict[str, Any]:
        """Give what the verb ``show_page`` prints in addition, as JSON holds it; usually nothing."""


def counted_in_digest(page: Page, content: dict[str, Any]) -> dict[str, Any]:
    """Return ``content`` without the fields that say what they said before there were any (``digest_defaults``)."""
    defaults = as_reviewed(page).digest_defaults
    return {name: value for name, value in content.items() if name not in defaults or value != defaults[name]}


def as_reviewed(page: Page) -> ReviewedPage:
    """Return ``page`` (a specific instance) typed as what the review asks of it."""
    return cast(ReviewedPage, page)
