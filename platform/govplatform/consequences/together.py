"""Rows that wait for the same call are done with the first of them, where the line can make many calls at once.

A hundred publications of one minute are then a hundred jobs of which the first does most. Taken along is a row that is
due, of the same schema, and the first of its subject that waits: what comes before it has not been passed over. Nobody
needs to hold the lock of its subject: when two workers do it, both do what is true then.
"""

import logging
from collections.abc import Callable
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


def do_together(row: Consequence, line: Line, within: Callable[[], AbstractContextManager[Any]]) -> bool:
    """Make the calls of ``row`` and of those that wait alike, and enter the others as done; return whether it was done.

    False when nothing else waits, and when it failed: then each row is done by itself, so that one that cannot be done
    keeps nobody else from it. ``within``: what the calls are made in.
    """
    if line.together is None:
        return False
    begun = timezone.now()
    waiting = list(_waiting_like(row, begun).values_list("pk", "arguments").order_by("pk")[: MOST_AT_ONCE - 1])
    if not waiting:
        return False
    try:
        with within():
            line.together([row.arguments, *(arguments for _pk, arguments in waiting)])
    except Exception as error:
        recover_connection()
        logger.warning("%s rows of %s are done one by one: %s", len(waiting) + 1, row.line, error, exc_info=error)
        return False
    # Whoever has taken one up meanwhile enters it as done when it is.
    Consequence.objects.filter(pk__in=[pk for pk, _arguments in waiting], state=READY).update(
        state=Consequence.State.DONE, attempts=F("attempts") + 1, error="", started_at=begun, finished_at=timezone.now()
    )
    return True


def _waiting_like(row: Consequence, now: datetime) -> Any:
    before = Consequence.objects.filter(
        Q(state=RUNNING) | Q(state=READY, next_at__lte=now),
        schema=row.schema,
        subject_type=OuterRef("subject_type"),
        subject_id=OuterRef("subject_id"),
        pk__lt=OuterRef("pk"),
    )
    alike = Consequence.objects.filter(state=READY, next_at__lte=now, schema=row.schema, line=row.line)
    return alike.exclude(subject_type=row.subject_type, subject_id=row.subject_id).exclude(Exists(before))
