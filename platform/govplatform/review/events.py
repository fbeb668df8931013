"""What happens to pages on their way to the public and back. What follows stands in sites/wiring.py."""

from dataclasses import dataclass

from wagtail.models import Page

from govplatform.events.event import Event

from .models import Clearance, Withdrawal


@dataclass(frozen=True)
class PageSubmitted(Event):
    """A version of a page was handed in for review."""

    page: Page


@dataclass(frozen=True)
class ReviewTakenBack(Event):
    """A review ended without a decision: the editor took the page back, or it came down in the meantime."""

    page: Page


@dataclass(frozen=True)
class PageRejected(Event):
    """A reviewer returned a page to its editor; the newest decision on it says why."""

    page: Page


@dataclass(frozen=True)
class PageCleared(Event):
    """A cleared version went live, at once or at its time. ``page`` is the specific page as it is stored now."""

    page: Page
    clearance: Clearance


@dataclass(frozen=True)
class PageWithdrawn(Event):
    """A page came down with a reason. ``page`` is the specific page."""

    page: Page
    withdrawal: Withdrawal


@dataclass(frozen=True)
class PageExpired(Event):
    """The time that was cleared with a page is over and it came down by itself. ``page`` is the specific page."""

    page: Page


@dataclass(frozen=True)
class PageDeleted(Event):
    """A draft is gone; what was public once cannot be deleted. ``page`` is the common row, without its kind's own."""

    page: Page
