"""Jobs of pushes and recalls: batches, their follow-up, and the look around every minute and every hour."""

from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from .following import follow_up
from .pushes.delivery import deliver
from .pushes.upkeep import remind, take_up_again
from .recalls.taking_down import take_down_receipts


@task(queue_name="deliveries")
def deliver_batch(target_ids: list[int]) -> None:
    """Make the drafts of these targets; then scan them, and publish where a standing clearance says so."""
    deliver(target_ids)
    with schema_context("public"):
        follow_up_batch.enqueue(target_ids=target_ids)


@task(queue_name="deliveries")
def follow_up_batch(target_ids: list[int]) -> None:
    """Scan the drafts of these targets and publish where a standing clearance says so."""
    follow_up(target_ids)


@task(queue_name="urgent")
def take_down_batch(receipt_ids: list[int]) -> None:
    """Take down the pages of these receipts, then request each address to see that it is gone."""
    take_down_receipts(receipt_ids)


@task(queue_name="deliveries")
def help_taking_down(receipt_ids: list[int]) -> None:
    """Do what is open of a batch of a large recall in another process than ``take_down_batch``, from its other end."""
    take_down_receipts(receipt_ids)


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.look_after_pushes", queue="deliveries", queueing_lock="look_after_pushes")
def look_after_pushes(timestamp: int) -> None:
    """Take up again, every minute, what a kill, an outage or a closed site left."""
    with schema_context("public"):
        take_up_again(timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(name="govplatform.remind_of_pushes", queueing_lock="remind_of_pushes")
def remind_of_pushes(timestamp: int) -> None:
    """Remind, every hour, the sites that have not done a pushed duty yet."""
    with schema_context("public"):
        remind(timezone.now())
