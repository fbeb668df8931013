"""The job that opens a batch of sites, in the worker that has the owner's login (decision 004)."""

import os

from django_tasks import task
from django_tenants.utils import schema_context

from govplatform.lifecycle.models import SiteBatch

from .queries import is_at_work
from .running import run_batch

#: After so long the job lets others of its queue have their turn and goes on behind them.
SLICE_SECONDS = 60.0


@task(queue_name="owner")
def open_batch_job(batch_id: int) -> None:
    """Open the sites of a started batch for SLICE_SECONDS, then queue itself for the rest.

    Run again after a kill, it goes on where it stopped.
    """
    with schema_context("public"):
        batch = SiteBatch.objects.select_related("started_by").get(pk=batch_id)
        if batch.state not in (SiteBatch.State.WAITING, SiteBatch.State.RUNNING) or is_at_work(batch):
            return
        progress = run_batch(batch, workers=os.cpu_count() or 1, seconds=SLICE_SECONDS)
        if progress.waiting:
            open_batch_job.enqueue(batch_id)
