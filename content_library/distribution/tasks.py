"""Jobs of pushes and recalls: batches, their follow-up, and the look around every minute and every hour."""

from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

#: Drafts go before what follows them.
_FIRST = 20


@task(priority=_FIRST)
def deliver_batch(target_ids: list[int]) -> None:
    """Make the drafts of these targets; then scan them, and publish where a standing clearance says so."""
    from .pushes.delivery import deliver

    deliver(target_ids)
    with schema_context("public"):
        follow_up_batch.enqueue(target_ids=target_ids)


@task()
def follow_up_batch(target_ids: list[int]) -> None:
    """The drafts are there: make them ready for the reviewers."""
    from .following import follow_up

    follow_up(target_ids)


@task(priority=_FIRST)
def take_down_batch(receipt_ids: list[int]) -> None:
    """Take down, and ask every address afterwards."""
    from .recalls.taking_down import take_down_receipts

    take_down_receipts(receipt_ids)


@task()
def spread_to_subscribers(resource_id: int) -> None:
    """A new resource becomes a draft on the sites that asked for its class."""
    from .subscriptions import deliver_to_subscribers

    deliver_to_subscribers(resource_id)


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.look_after_pushes", queueing_lock="look_after_pushes")
def look_after_pushes(timestamp: int) -> None:
    """What a kill, an outage or a closed site left: taken up again."""
    from .pushes.upkeep import take_up_again

    with schema_context("public"):
        take_up_again(timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(name="govplatform.remind_of_pushes", queueing_lock="remind_of_pushes")
def remind_of_pushes(timestamp: int) -> None:
    """Every hour: who has not done it yet is told."""
    from .pushes.upkeep import remind

    with schema_context("public"):
        remind(timezone.now())
