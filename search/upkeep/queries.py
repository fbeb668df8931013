"""How the search is: its engines, what waits for them, what was compared, what differs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from ..engine import Health
from ..engines.choosing import all_engines
from ..models import Comparison, Difference, FileText, Rebuild, SearchDocument

#: Jobs of the search and consequences that write documents, by the function that they call.
_WAITING = """
SELECT count(*), count(*) FILTER (WHERE job.attempts > 0), min(event.at)
FROM public.procrastinate_jobs job
LEFT JOIN LATERAL (
 SELECT max(at) AS at FROM public.procrastinate_events WHERE job_id = job.id AND type = 'deferred'
) AS event ON true
WHERE job.status IN ('todo', 'doing') AND job.args ->> 'task_path' LIKE 'search.%%'
"""
_FOLLOWING = """
SELECT count(*), count(*) FILTER (WHERE state = 'failed'), min(made_at) FROM public.consequences_consequence
WHERE line = ANY(%s) AND given_up_at IS NULL AND state <> 'done'
"""
#: Lines on the sheet of consequences that write documents.
LINES = ("index_resource", "index_resources", "index_below", "index_site")


@dataclass(frozen=True)
class Waiting:
    """What waits to be written or read: how many, how many of them failed before, since when the oldest waits."""

    count: int
    failed: int
    since: datetime | None


def health_of_engines() -> list[Health]:
    """Ask every engine how it is; within two seconds each."""
    return [engine.health() for engine in all_engines()]


def what_waits() -> dict[str, Any]:
    """Return ``{"following", "jobs": Waiting, "behind", "unread", "unreadable": int}``.

    ``following``: publications and the like whose documents are not written yet; ``jobs``: other jobs of the search;
    ``behind``: documents that the engine outside of PostgreSQL was not given; ``unread``, ``unreadable``: attachments.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWING, [list(LINES)])
        following = Waiting(*cursor.fetchone())
        cursor.execute(_WAITING)
        jobs = Waiting(*cursor.fetchone())
    return {
        "following": following,
        "jobs": jobs,
        "behind": SearchDocument.objects.filter(version__gt=F("indexed")).count(),
        "unread": FileText.objects.filter(state=FileText.State.WAITING).count(),
        "unreadable": FileText.objects.filter(state=FileText.State.UNREADABLE).count(),
    }


def standing_differences() -> QuerySet[Difference]:
    """Return what differs, as far as is known, the longest standing first."""
    return Difference.objects.filter(ended_at=None).order_by("since", "pk")


def ended_differences() -> QuerySet[Difference]:
    """Return what differed and does not any more, the last first."""
    return Difference.objects.exclude(ended_at=None).order_by("-ended_at", "-pk")


def last_comparison() -> Comparison | None:
    """Return the one that runs, or the newest."""
    running = Comparison.objects.filter(state__in=Comparison.UNFINISHED).first()
    return running or Comparison.objects.select_related("requested_by").order_by("-pk").first()


def last_rebuilds() -> list[Rebuild]:
    """Return the newest rebuild of each engine."""
    return list(Rebuild.objects.filter(site="").order_by("engine", "-pk").distinct("engine"))
