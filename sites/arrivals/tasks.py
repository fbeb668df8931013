"""The job on an uploaded crawl; the queue knows the site."""

from django_tasks import task

from .models import Arrival
from .running import work_on


@task(queue_name="bulk")
def work_on_arrival(arrival_id: int) -> None:
    """Make the report of an arrival, or its drafts; one that waits for nothing is left alone."""
    arrival = Arrival.objects.select_related("started_by", "column").filter(pk=arrival_id).first()
    if arrival is not None and arrival.working:
        work_on(arrival)
