"""Rows that wait for the same call are done at once, where the line can make many calls together.

A hundred publications of one minute are then one or two jobs. Taken is a row that is due and before which nothing else
waits that happened to the same subject: what comes before it has not been passed over. Nobody needs to hold the lock
of its subject: when two workers do it, both do what is true then.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from govplatform.events.sheet import Line
from govplatform.tenancy.each_site import recover_connection

from .models import Consequence

logger = logging.getLogger("govplatform.consequences")
#: So many rows at once: a job lasts a second then, and a process that dies has done little in vain.
MOST_AT_ONCE = 100
READY, RUNNING = Consequence.State.READY, Consequence.State.RUNNING
Within = Callable[[], AbstractContextManager[Any]]


def rows_of_line(schema: str, line: str) -> list[Consequence]:
    """Return the rows of a line that can be done at once, the oldest first, MOST_AT_ONCE at most."""
    return list(_alike(schema, line, timezone.now()).order_by("pk")[:MOST_AT_ONCE])


def do_at_once(rows: Sequence[Consequence], line: Line, within: Within) -> bool:
    """Make the calls of ``rows`` and enter them as done; False when that failed, and each is to be done by itself.

    ``within``: what the calls are made in.
    """
    begun = timezone.now()
    if not _make_calls(rows, line, within):
        return False
    _enter(rows, begun)
    return True


def do_together(row: Consequence, line: Line, within: Within) -> bool:
    """Make the calls of ``row`` and of those that wait alike, and enter the others as done; return whether it was done.

    False when nothing else waits, and when it failed: then each row is done by itself, so that one that cannot be done
    keeps nobody else from it.
    """
    if line.together is None:
        return False
    begun = timezone.now()
    alike = _alike(row.schema, row.line, begun).exclude(subject_type=row.subject_type, subject_id=row.subject_id)
    waiting = list(alike.order_by("pk")[: MOST_AT_ONCE - 1])
    if not waiting or not _make_calls([row, *waiting], line, within):
        return False
    _enter(waiting, begun)
    return True


def _make_calls(rows: Sequence[Consequence], line: Line, within: Within) -> bool:
    if line.together is None:
        return False
    try:
        with within():
            line.together([row.arguments for row in rows])
    except Exception as error:
        recover_connection()
        logger.warning("%s rows of %s are done one by one: %s", len(rows), line.name, error, exc_info=error)
        return False
    return True


def _enter(rows: Sequence[Consequence], begun: datetime) -> None:
    # Whoever has taken one up meanwhile enters it as done when it is.
    Consequence.objects.filter(pk__in=[row.pk for row in rows], state=READY).update(
        state=Consequence.State.DONE, attempts=F("attempts") + 1, error="", started_at=begun, finished_at=timezone.now()
    )


def _alike(schema: str, line: str, now: datetime) -> Any:
    before = Consequence.objects.filter(
        Q(state=RUNNING) | Q(state=READY, next_at__lte=now),
        schema=schema,
        subject_type=OuterRef("subject_type"),
        subject_id=OuterRef("subject_id"),
        pk__lt=OuterRef("pk"),
    ).exclude(line=line)
    return Consequence.objects.filter(state=READY, next_at__lte=now, schema=schema, line=line).exclude(Exists(before))
