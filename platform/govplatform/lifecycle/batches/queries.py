"""Queries over a batch of sites: how far it is, how fast, and whether a process works on it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import SiteBatch, SiteBatchRow

#: What the rate is reckoned over: a batch that was broken off for a night is not slow because of it.
WINDOW = timedelta(seconds=30)
#: First half of the advisory lock that whoever works on a batch holds; the second is the batch's number.
WORK_LOCK = 16_160


@dataclass(frozen=True)
class BatchProgress:
    """How many rows of a batch are in each state.

    ``rate``: sites per second in the last WINDOW; ``remaining``: estimated seconds to the end, None without a rate.
    """

    total: int
    same: int
    faulty: int
    waiting: int
    done: int
    refused: int
    rate: float
    remaining: float | None

    @property
    def to_open(self) -> int:
        """How many rows the batch has to open, those included that were tried already."""
        return self.waiting + self.done + self.refused

    @property
    def tried(self) -> int:
        """How many rows were tried, with success or not."""
        return self.done + self.refused


def batch_progress(batch: SiteBatch) -> BatchProgress:
    """Count the rows of the batch by state; one statement."""
    states = SiteBatchRow.State
    since = timezone.now() - WINDOW
    late = Q(finished_at__gte=since)
    found: dict[str, Any] = batch.rows.aggregate(
        total=Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in states.values},
        lately=Count("pk", filter=late),
        first=Min("finished_at", filter=late),
        last=Max("finished_at", filter=late),
    )
    lately, first, last = found.pop("lately"), found.pop("first"), found.pop("last")
    seconds = (last - first).total_seconds() if lately > 1 else 0.0
    rate = (lately - 1) / seconds if seconds > 0 else 0.0
    remaining = found["waiting"] / rate if rate else None
    return BatchProgress(**found, rate=rate, remaining=remaining)


def spoken_pace(progress: BatchProgress) -> str:
    """Rate and remaining time in words; '' while there is no rate."""
    if progress.remaining is None:
        return ""
    minutes, seconds = divmod(round(progress.remaining), 60)
    left = _("%(m)d 分 %(s)d 秒") % {"m": minutes, "s": seconds} if minutes else _("%(s)d 秒") % {"s": seconds}
    return _("每秒 %(rate).1f 个，还需约 %(left)s") % {"rate": progress.rate, "left": left}


def is_at_work(batch: SiteBatch) -> bool:
    """Whether a process works on the batch at this moment; one that was killed does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s"
            " AND objid = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [WORK_LOCK, batch.pk],
        )
        return bool(cursor.fetchone()[0])


def refused_rows(batch: SiteBatch) -> list[SiteBatchRow]:
    """The rows that passed the check and yet could not be opened."""
    return list(batch.rows.filter(state=SiteBatchRow.State.REFUSED))
