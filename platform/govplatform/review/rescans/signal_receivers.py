"""What closes items of the work list by itself: a newer version, a withdrawal, the end of the page's time."""

from typing import Any

from wagtail.models import Page

from ..models import Clearance, RescanFinding, Withdrawal
from ..signals import page_cleared, page_expired, page_withdrawn
from .actions import close_items_of_cleared, close_items_of_page


def connect() -> None:
    page_cleared.connect(close_fixed, dispatch_uid="rescan-cleared")
    page_withdrawn.connect(close_withdrawn, dispatch_uid="rescan-withdrawn")
    page_expired.connect(close_expired, dispatch_uid="rescan-expired")


def close_fixed(*, page: Page, clearance: Clearance, **_kwargs: Any) -> None:
    close_items_of_cleared(page.pk, clearance.scan)


def close_withdrawn(*, page: Page, withdrawal: Withdrawal, **_kwargs: Any) -> None:
    close_items_of_page(page.pk, RescanFinding.Outcome.WITHDRAWN, str(withdrawal.withdrawn_by or ""))


def close_expired(*, page: Page, **_kwargs: Any) -> None:
    close_items_of_page(page.pk, RescanFinding.Outcome.EXPIRED, "")
