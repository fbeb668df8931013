"""The end of items of the rescans' work list that nobody judged: a newer version, or the page came down."""

from django.utils import timezone
from wagtail.models import Page

from govplatform.confidentiality.queries import CLOSING, JUDGED, newest_dispositions

from ..models import Clearance, RescanFinding, Withdrawal


def close_fixed(page: Page, clearance: Clearance) -> None:
    """Close what a newer cleared version no longer has as fixed, and what was judged with it as judged."""
    waiting = list(RescanFinding.objects.filter(page_id=page.pk, outcome=""))
    scan = clearance.scan
    if not waiting or scan is None:
        return
    present = set(scan.findings.filter(severity__in=JUDGED).values_list("key", flat=True))
    newest = newest_dispositions(page.pk, {item.key for item in waiting})
    for item in waiting:
        given = newest.get(item.key)
        if item.key not in present:
            close_item(item, RescanFinding.Outcome.FIXED, "")
        elif given is not None and given.verdict in CLOSING:
            close_item(item, given.verdict, given.person_name)


def close_withdrawn(page: Page, withdrawal: Withdrawal) -> None:
    """Close all items of a withdrawn page: nothing of it is public any more."""
    _close_all(page, RescanFinding.Outcome.WITHDRAWN, str(withdrawal.withdrawn_by or ""))


def close_expired(page: Page) -> None:
    """Close all items of a page that came down at the end of its time."""
    _close_all(page, RescanFinding.Outcome.EXPIRED, "")


def close_item(item: RescanFinding, outcome: str, who: str) -> None:
    """Close one item. ``who``: name of the person who ended it, '' when nobody did anything about it."""
    item.outcome, item.closed_by_name, item.closed_at = outcome, who[:150], timezone.now()
    item.save(update_fields=["outcome", "closed_by_name", "closed_at"])


def _close_all(page: Page, outcome: str, who: str) -> None:
    for item in RescanFinding.objects.filter(page_id=page.pk, outcome=""):
        close_item(item, outcome, who)
