"""Jobs of regular harvesting: each source that is due is a job of its own, so a slow one delays nobody."""

from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.accounts.models import User
from govplatform.tenancy.jobs import enqueue

from .actions import harvest
from .models import HarvestSource
from .queries import due_sources


@app.periodic(cron="*/5 * * * *")
@app.task(name="govplatform.harvest_due", queueing_lock="harvest_due")
def harvest_due(timestamp: int) -> None:
    """Enqueue, every five minutes, a job for each source whose time has come."""
    with schema_context("public"):
        for source in due_sources():
            queue_harvest(source.pk)


def queue_harvest(source_id: int, user_id: int | None = None) -> None:
    """Queue a reading of the source, unless one that the same (a person, or the clock) asked for waits already."""
    enqueue(
        "content_library.harvesting.tasks.harvest_source",
        in_schema="public",
        once=f"harvest:{source_id}:{'clock' if user_id is None else 'person'}",
        source_id=source_id,
        user_id=user_id,
    )


@task(queue_name="bulk")
def harvest_source(source_id: int, user_id: int | None) -> None:
    """Read one source; ``user_id``: who asked, None for the clock (then only when it is still due)."""
    with schema_context("public"):
        source = HarvestSource.objects.get(pk=source_id)
        if user_id is None and source not in due_sources():
            return
        harvest(source, acting_user=User.objects.get(pk=user_id) if user_id else None)
