"""Writing rows of consequences in the transaction of the act, so that both are there or neither."""

import logging
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from govplatform.events.event import Event
from govplatform.events.sheet import RETRIED, Failure
from govplatform.tenancy.current import current_schema
from govplatform.tenancy.faults import describe_error

from .models import Consequence
from .queueing import queue_row

logger = logging.getLogger("govplatform.consequences")
#: The process that acted has so long to do an ON_COMMIT line itself; then the queue takes it up.
OWN_TIME = timedelta(minutes=1)


def write_row(event: Event, line: str, arguments: dict[str, Any], kind: str, on_failure: Failure) -> Consequence:
    """Keep a call of ``line`` for later, and queue the job that makes it when ``kind`` is JOB.

    ``arguments``: of the call, JSON-able. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("what follows an act is written down in the transaction that does it")
    now = timezone.now()
    row = Consequence(
        schema=current_schema(),
        event=type(event).__name__,
        **_subject(event.subject),
        line=line,
        kind=kind,
        retried=on_failure == RETRIED,
        arguments=arguments,
        made_at=now,
        next_at=now + OWN_TIME if kind == Consequence.Kind.ON_COMMIT else now,
    )
    row.save(force_insert=True)
    if kind == Consequence.Kind.JOB:
        queue_row(row, urgent=event.urgent)
    return row


def note_failed(event: Event, line: str, error: BaseException) -> Consequence:
    """Keep a call that failed although the act stands, as a failed row for operators."""
    logger.error("%s failed after %s: %s", line, type(event).__name__, error, exc_info=error)
    now = timezone.now()
    return Consequence.objects.create(
        schema=current_schema(),
        event=type(event).__name__,
        **_subject(event.subject),
        line=line,
        kind=Consequence.Kind.IN_TRANSACTION,
        retried=False,
        state=Consequence.State.FAILED,
        attempts=1,
        error=describe_error(error).replace("\x00", ""),
        made_at=now,
        next_at=now,
        started_at=now,
    )


def _subject(subject: Any) -> dict[str, str]:
    if not isinstance(subject, models.Model):
        return {"subject_title": str(subject or "")[:255]}
    return {
        "subject_type": subject._meta.label_lower,
        "subject_id": str(subject.pk or ""),
        "subject_title": str(subject)[:255],
    }
