"""The jobs that wait and run: by queue and site for operators, the place in the line for whoever waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .current import current_schema
from .jobs import RUNNER
from .models import Tenant
from .queues import QUEUES, SITE_OF_JOB, Queue

#: ``site``: schema, '' for periodic jobs and the platform's own. What waits for its time (a next try) is not counted as
#: waiting in the line, but told apart.
_ROWS = f"""
WITH open AS (
 SELECT id, queue_name, status, scheduled_at, NULLIF(COALESCE({SITE_OF_JOB}, ''), 'public') AS site
 FROM public.procrastinate_jobs WHERE status IN ('todo', 'doing')
)
SELECT queue_name, COALESCE(site, ''),
 count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
 count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()),
 count(*) FILTER (WHERE status = 'doing'),
 min(event.at) FILTER (WHERE status = 'todo' AND event.type = 'deferred'),
 min(event.at) FILTER (WHERE status = 'doing' AND event.type = 'started')
FROM open LEFT JOIN LATERAL (
 SELECT type, max(at) AS at FROM public.procrastinate_events
 WHERE job_id = open.id AND type = CASE open.status WHEN 'todo' THEN 'deferred' ELSE 'started' END
  ::public.procrastinate_job_event_type GROUP BY type
) AS event ON true
GROUP BY 1, 2
"""
_PLACES = """
WITH line AS (
 SELECT id, row_number() OVER (ORDER BY priority DESC, id) AS place FROM public.procrastinate_jobs
 WHERE queue_name = %(queue)s AND status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
)
SELECT (job.args -> 'kwargs' ->> %(key)s), min(line.place) FROM line
JOIN public.procrastinate_jobs job USING (id)
WHERE job.args ->> 'schema' = %(schema)s AND job.args ->> 'task_path' = %(job)s AND job.task_name = %(runner)s
 AND job.args -> 'kwargs' ->> %(key)s = ANY(%(values)s)
GROUP BY 1
"""


@dataclass(frozen=True)
class QueueRow:
    """The open jobs of one site in one queue. ``site``: its code, ``name``: its name; both '' for the platform's own.

    ``waiting``: number of jobs that can run now; ``later``: of those that wait for their next try; ``since``,
    ``runs_since``: when the oldest waiting and the oldest running one was queued and started.
    """

    queue: Queue
    site: str
    name: str
    waiting: int
    later: int
    running: int
    since: datetime | None
    runs_since: datetime | None


def queue_rows() -> list[QueueRow]:
    """Return a row for each site in each queue; two statements.

    The most urgent queue comes first, and in it the site whose oldest job is oldest.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        found = cursor.fetchall()
    schemas = {site for _queue, site, *_counts in found if site}
    known = {tenant.schema_name: tenant for tenant in Tenant.objects.filter(schema_name__in=schemas)}
    order = {queue.name: number for number, queue in enumerate(QUEUES)}
    rows = []
    for name, site, waiting, later, running, since, runs_since in found:
        if name in order:
            tenant = known.get(site)
            code, words = (tenant.code, tenant.full_name) if tenant else (site, "")
            rows.append(QueueRow(QUEUES[order[name]], code, words, waiting, later, running, since, runs_since))
    latest = timezone.now()
    return sorted(rows, key=lambda row: (order[row.queue.name], row.since or row.runs_since or latest, row.site))


def describe_queues() -> dict[str, Any]:
    """Return what the verb ``queue_status`` prints: every queue with its slots and the sites in it, JSON-able."""
    rows = queue_rows()
    return {
        "queues": [
            {
                "queue": queue.name,
                "label": str(queue.label),
                "slots": queue.slots,
                "most_of_a_site": queue.share,
                "most_waiting": queue.most_waiting,
                "waiting": sum(row.waiting for row in rows if row.queue is queue),
                "running": sum(row.running for row in rows if row.queue is queue),
                "sites": [_described(row) for row in rows if row.queue is queue],
            }
            for queue in QUEUES
        ]
    }


def places_in_line(job: str, queue: str, key: str, values: Iterable[int]) -> dict[int, int]:
    """Return ``{value: place}`` of waiting jobs of the current site, 1 being the next job of all sites; one statement.

    ``job``: dotted path; ``key``: name of the argument whose ``values`` tell the jobs apart. Jobs that run, have ended
    or wait for their next try have no place and are missing.
    """
    asked = [str(value) for value in values]
    if not asked:
        return {}
    facts: dict[str, Any] = {"queue": queue, "key": key, "values": asked, "job": job, "runner": RUNNER}
    facts["schema"] = current_schema()
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, facts)
        return {int(value): int(place) for value, place in cursor.fetchall()}


def place_in_words(place: int | None) -> str:
    """The place as a sentence for whoever waits; '' for None."""
    return _("排在第 %(place)d 位") % {"place": place} if place else ""


def owner_in_words(row: QueueRow) -> str | Promise:
    """The name of the site of ``row``, or 平台 for the platform's own jobs."""
    return row.name or row.site or _("平台")


def _described(row: QueueRow) -> dict[str, Any]:
    return {
        "site": row.site,
        "waiting": row.waiting,
        "since": _local(row.since),
        "later": row.later,
        "running": row.running,
        "running_since": _local(row.runs_since),
    }


def _local(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None
