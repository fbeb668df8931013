"""Keeping what a comparison found: since when it differs, and when it was gone."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from govplatform.locks.holding import locking

from ..checking import CheckReport, is_repairable, part_of
from ..models import Difference

#: Differences that are kept of one comparison: of an index that is missing there is one for each document.
KEPT = 1_000
#: So long it can be read what was repaired.
_REMEMBERED = timedelta(days=90)
_Identity = tuple[str, ...]


def note_differences(report: CheckReport, *, repaired: bool) -> None:
    """Keep what a comparison found.

    What stood in a part that was compared as a whole, and was not met again, has ended. ``repaired``: what was found
    was brought in line, so it has ended too, unless nothing could be done about it.
    """
    now = timezone.now()
    parts = {*report.whole, *(part_of(fault) for fault in report.faults)}
    with transaction.atomic():
        rows = locking(Difference.objects.filter(ended_at=None, part__in=parts).order_by("pk"))
        standing: dict[_Identity, Difference] = {_identity(row): row for row in rows}
        found: dict[_Identity, Difference] = {}
        for fault in report.faults:
            made = Difference(part=part_of(fault), engine=fault["engine"], key=fault["key"][:80], since=now)
            made.title = fault["title"][:255]
            row = standing.get(_identity(made)) or found.get(_identity(made)) or made
            row.title, row.problem, row.seen_at = made.title, fault["problem"][:500], now
            if repaired and is_repairable(fault):
                row.ended_at, row.repaired = now, True
            found[_identity(made)] = row
        for row in found.values():
            if row.pk:
                row.save()
        new = [row for row in found.values() if not row.pk]
        Difference.objects.bulk_create(new[:KEPT], ignore_conflicts=True)
        gone = [row.pk for identity, row in standing.items() if identity not in found and row.part in report.whole]
        Difference.objects.filter(pk__in=gone).update(ended_at=now)
        Difference.objects.filter(ended_at__lt=now - _REMEMBERED).delete()


def _identity(row: Difference) -> _Identity:
    """What makes two findings the same difference. Where there is no key, the title says whose it is."""
    return (row.part, row.engine, row.key, "" if row.key else row.title)
