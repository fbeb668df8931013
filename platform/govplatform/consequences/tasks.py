"""Jobs of consequences: run one subject's rows, look after forgotten ones every minute, delete old ones."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.tenancy.jobs import enqueue

from . import running
from .models import Consequence
from .rows import RUN

logger = logging.getLogger("govplatform.consequences")
#: Rows that are due for so long, or running for so long, are looked at: their job may be lost, their worker dead.
SETTLED = timedelta(seconds=30)
#: So many subjects a minute; the next minute has more.
MOST_SUBJECTS = 1000
#: Done and given-up rows are kept so long.
KEPT = timedelta(days=30)
_AT_ONCE = 5000


@task(queue_name="publishing")
def run_subject(schema: str, subject_type: str, subject_id: str) -> None:
    """Run the rows of one subject that are due."""
    with schema_context("public"):
        running.run_subject(schema, subject_type, subject_id)


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
    """Queue a job for each subject with overdue rows; return how many. Harmless while they are being run."""
    before = timezone.now() - SETTLED
    due = Q(state=Consequence.State.READY, next_at__lte=before) | Q(
        state=Consequence.State.RUNNING, started_at__lte=before
    )
    # Who has waited longest comes first: in the order of names the sites behind would never have their turn while
    # those in front stay due.
    subjects = (
        Consequence.objects.filter(due)
        .values_list("schema", "subject_type", "subject_id")
        .annotate(since=Min("next_at"))
        .order_by("since", "schema", "subject_type", "subject_id")[:MOST_SUBJECTS]
    )
    found = [subject[:3] for subject in subjects]
    with transaction.atomic():
        for schema, subject_type, subject_id in found:
            enqueue(
                RUN,
                in_schema="public",
                on_behalf_of=schema,
                once=f"consequences:{schema}:{subject_type}:{subject_id}",
                schema=schema,
                subject_type=subject_type,
                subject_id=subject_id,
            )
    return len(found)


def prune() -> int:
    """Delete rows that were done or given up more than KEPT ago; return how many."""
    before = timezone.now() - KEPT
    ended = Consequence.objects.filter(finished_at__lt=before).order_by("finished_at")
    gone = 0
    while ids := list(ended.values_list("pk", flat=True)[:_AT_ONCE]):
        gone += Consequence.objects.filter(pk__in=ids).delete()[0]
    return gone
