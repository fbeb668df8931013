"""Jobs of consequences: run one subject's rows, look after forgotten ones every minute, delete old ones."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.events.sheet import the_sheet

from . import running
from .models import Consequence
from .queueing import queue_line, queue_subject

logger = logging.getLogger("govplatform.consequences")
#: Rows that are due for so long, or running for so long, are looked at: their job may be lost, their worker dead.
SETTLED = timedelta(seconds=30)
#: So many subjects, and lines of schemas, a minute; the next minute has more.
MOST_SUBJECTS = 1000
#: Done and given-up rows are kept so long.
KEPT = timedelta(days=30)
_AT_ONCE = 5000


@task(queue_name="publishing")
def run_subject(schema: str, subject_type: str, subject_id: str) -> None:
    """Run the rows of one subject that are due."""
    with schema_context("public"):
        running.run_subject(schema, subject_type, subject_id)


@task(queue_name="publishing")
def run_line(schema: str, line: str) -> None:
    """Run the rows of one line that wait in a schema, for a line that makes many calls at once."""
    with schema_context("public"):
        running.run_line(schema, line)


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.look_after_consequences", queue="publishing", queueing_lock="look_after_consequences")
def look_after_consequences(timestamp: int) -> None:
    """Queue rows that a kill, an outage or an emptied queue left behind, or whose next try is due; every minute."""
    with schema_context("public"):
        take_up_again()


@app.periodic(cron="41 * * * *")
@app.task(name="govplatform.prune_consequences", queueing_lock="prune_consequences")
def prune_consequences(timestamp: int) -> None:
    """Delete rows that ended long ago; every hour."""
    with schema_context("public"):
        prune()


def take_up_again() -> int:
    """Queue a job for each subject with overdue rows, one for those of a line that is done for many at once.

    Returns how many subjects and lines there were. Harmless while they are being run.
    """
    before = timezone.now() - SETTLED
    due = Q(state=Consequence.State.READY, next_at__lte=before) | Q(
        state=Consequence.State.RUNNING, started_at__lte=before
    )
    together = Q(state=Consequence.State.READY, line__in=the_sheet().lines_together())
    # Who has waited longest comes first: in the order of names the sites behind would never have their turn while
    # those in front stay due.
    subjects, lines = (
        list(
            Consequence.objects.filter(due, which)
            .values_list(*names)
            .annotate(since=Min("next_at"))
            .order_by("since", *names)[:MOST_SUBJECTS]
        )
        for which, names in ((~together, ("schema", "subject_type", "subject_id")), (together, ("schema", "line")))
    )
    with transaction.atomic():
        for schema, subject_type, subject_id, _since in subjects:
            queue_subject(schema, subject_type, subject_id, once=True)
        for schema, line, _since in lines:
            queue_line(schema, line)
    return len(subjects) + len(lines)


def prune() -> int:
    """Delete rows that were done or given up more than KEPT ago; return how many."""
    before = timezone.now() - KEPT
    ended = Consequence.objects.filter(finished_at__lt=before).order_by("finished_at")
    gone = 0
    while ids := list(ended.values_list("pk", flat=True)[:_AT_ONCE]):
        gone += Consequence.objects.filter(pk__in=ids).delete()[0]
    return gone
