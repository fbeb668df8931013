"""What the life of sites asks of whoever knows page types: a notice as a draft of the current site."""

from dataclasses import dataclass
from typing import Any, Protocol

from govplatform.accounts.models import User


@dataclass(frozen=True)
class NoticeText:
    """What a notice says: ``title``, ``source`` (who says it), ``paragraphs`` of plain text."""

    title: str
    source: str
    paragraphs: tuple[str, ...]


class NoticePages(Protocol):
    """Makes the pages of notices. Called inside the site on which the notice stands, in the transaction of the act."""

    def write_notice(self, text: NoticeText, *, acting_user: User) -> Any:
        """Return a new draft page with a first revision, where citizens look for notices (its column 通知公告).

        ``acting_user``: who asked for it, and so reviews it nowhere. Raises Refused when the site has no such column.
        """


_registered: list[NoticePages] = []


def register_notice_pages(pages: NoticePages) -> None:
    """Have notices made by ``pages``; called once at the start by the package that knows page types."""
    _registered[:] = [pages]


def notice_pages() -> NoticePages:
    """Whoever makes the pages. Raises LookupError when nobody was registered."""
    if not _registered:
        raise LookupError("no package makes pages of notices")
    return _registered[0]
