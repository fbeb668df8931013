"""Events about pages on their way to the public and back; what follows from each is registered in sites/wiring.py."""

from dataclasses import dataclass
from typing import ClassVar

from wagtail.models import Page

from govplatform.events.event import Event

from .models import Clearance, Withdrawal


@dataclass(frozen=True)
class PageSubmitted(Event):
    """The event that a version of a page was handed in for review."""

    page: Page


@dataclass(frozen=True)
class PageCopied(Event):
    """The event that a content page was copied; ``copy`` is the new draft."""

    page: Page
    copy: Page


@dataclass(frozen=True)
class ReviewTakenBack(Event):
    """The event that a review ended without a decision: taken back by the editor, or the page came down."""

    page: Page


@dataclass(frozen=True)
class PageRejected(Event):
    """The event that a reviewer returned a page to its editor; the newest decision on it says why."""

    page: Page


@dataclass(frozen=True)
class PageCleared(Event):
    """The event that a cleared version went live, at once or at its time. ``page``: specific, as stored now."""

    page: Page
    clearance: Clearance


@dataclass(frozen=True)
class UnshownPageCleared(Event):
    """The event that a version was cleared of a page that is never published (``never_shown``). ``page``: specific."""

    page: Page
    clearance: Clearance


@dataclass(frozen=True)
class PageWithdrawn(Event):
    """The event that a page came down with a reason. ``page`` is the specific page.

    ``with_source``: it showed a resource that was withdrawn before, which the act holds.
    """

    urgent: ClassVar[bool] = True
    page: Page
    withdrawal: Withdrawal
    with_source: bool = False


@dataclass(frozen=True)
class PageExpired(Event):
    """The event that a page came down by itself when the time cleared with it was over. ``page``: specific."""

    page: Page


@dataclass(frozen=True)
class FrameShown(Event):
    """The event that a home page or column is shown at an address or by a name that it did not have before.

    ``page``: as stored now. ``before``: its ``url_path`` until now, '' when it was not shown.
    """

    page: Page
    before: str


@dataclass(frozen=True)
class PageDeleted(Event):
    """The event that a draft was deleted; what was public once cannot be.

    ``page`` is the common row of ``Page``, without the columns of its own type.
    """

    page: Page


@dataclass(frozen=True)
class FrameSaved(Event):
    """The event that a home page or column that is shown was saved or stands elsewhere, with whatever differs."""

    page: Page
