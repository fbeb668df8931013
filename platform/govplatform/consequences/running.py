"""Runs the rows of consequences: those of one subject one after the other, in the order in which they were made.

Whoever runs a subject's rows holds an advisory lock of its connection while it does, which goes with the process
however that ends. So two workers never run one row at once, and a row that says RUNNING while nobody holds its lock was
left by a process that died: the next one takes it up. A row that failed waits for its time and does not hold up the
ones after it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.events.sheet import the_sheet
from govplatform.locks.alone import alone_at
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.faults import describe_error
from govplatform.tenancy.freezing import SiteFrozen
from govplatform.tenancy.jobs import FROZEN_PAUSE, enter_schema
from govplatform.tenancy.models import Tenant

from .actions import end_for_good
from .models import Consequence
from .queueing import queue_line
from .together import MOST_AT_ONCE, do_at_once, do_together, rows_of_line

logger = logging.getLogger("govplatform.consequences")
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
#: With those pauses the last attempt comes some four hours after the first.
MOST_ATTEMPTS = 10


def pause_after(attempts: int) -> timedelta:
    """How long a row waits after ``attempts`` failed ones: a minute, then twice as long each time, an hour at most."""
    return min(FIRST_PAUSE * 2 ** min(max(attempts, 1) - 1, 10), LONGEST_PAUSE)


def run_subject(schema: str, subject_type: str, subject_id: str, *, taking_along: bool = True) -> int:
    """Run the rows of one subject that are due, each once; return how many were done.

    ``taking_along``: rows of others that wait for the same calls are done with them. May be killed and called again.
    Does nothing while another process runs rows of that subject.
    """

    def which() -> Q:
        return _is_due() | Q(state=Consequence.State.RUNNING)

    return _run(which, schema, subject_type, subject_id, taking_along=taking_along)


def run_line(schema: str, line_name: str) -> int:
    """Run the rows of one line that wait in a schema, as many as are done at once; return how many were done.

    The rest has another job, behind those of the same site that wait meanwhile. May be killed and called again. A row
    that waits behind another line's row of its subject is left to whoever does that one.
    """
    sheet, rows = the_sheet(), rows_of_line(schema, line_name)
    if (
        len(rows) > 1
        and sheet.has_line(line_name)
        and do_at_once(rows, sheet.line_named(line_name), lambda: _within(schema))
    ):
        done = len(rows)
    else:
        done = sum(run_subject(schema, row.subject_type, row.subject_id, taking_along=False) for row in rows)
    if len(rows) == MOST_AT_ONCE:
        queue_line(schema, line_name)
    return done


def run_row(row_id: int) -> bool:
    """Run one row before its time, after the rows of its subject that are due before it; return whether it is done.

    For the process that made it. Never raises: the act is done, and the queue takes up what fails here.
    """
    try:
        with schema_context("public"):
            row = Consequence.objects.get(pk=row_id)
            own = Q(pk=row_id, state=Consequence.State.READY)
            _run(lambda: own | (Q(pk__lt=row_id) & _is_due()), row.schema, row.subject_type, row.subject_id)
            return Consequence.objects.filter(pk=row_id, state=Consequence.State.DONE).exists()
    except Exception:
        logger.exception("consequence %s is left to the queue", row_id)
        return False


def _is_due() -> Q:
    return Q(state=Consequence.State.READY, next_at__lte=timezone.now())


def _run(which: Callable[[], Q], schema: str, subject_type: str, subject_id: str, *, taking_along: bool = True) -> int:
    done, tried = 0, set[int]()

    def first() -> Consequence | None:
        rows = Consequence.objects.filter(which(), schema=schema, subject_type=subject_type, subject_id=subject_id)
        return rows.exclude(pk__in=tried).order_by("pk").first()

    # Asked again after letting go: what came while the lock was held found it taken and left its row to us.
    while first() is not None:
        with alone_at(f"consequences:{schema}:{subject_type}:{subject_id}") as held:
            if not held:
                break
            while (row := first()) is not None:
                tried.add(row.pk)
                done += _run_one(row, taking_along=taking_along)
    return done


def _run_one(row: Consequence, *, taking_along: bool) -> bool:
    row.attempts += 1
    row.started_at = timezone.now()
    taken = Consequence.objects.filter(pk=row.pk, state__in=(Consequence.State.READY, Consequence.State.RUNNING))
    if not taken.update(state=Consequence.State.RUNNING, attempts=row.attempts, started_at=row.started_at):
        # An operator gave the row up since it was read.
        return False
    try:
        line = the_sheet().line_named(row.line)
        if not (taking_along and do_together(row, line, lambda: _within(row.schema))):
            with _within(row.schema):
                line.call(**row.arguments)
    except SiteFrozen as refusal:
        _put_off(row, refusal)
        return False
    except Exception as error:
        _note_failure(row, error)
        return False
    Consequence.objects.filter(pk=row.pk).update(state=Consequence.State.DONE, error="", finished_at=timezone.now())
    return True


@contextmanager
def _within(schema: str) -> Iterator[None]:
    # A call keeps its own transactions; only inside somebody else's a failed statement must not be the end of that.
    with enter_schema(schema), transaction.atomic() if connection.in_atomic_block else nullcontext():
        yield


def _put_off(row: Consequence, refusal: SiteFrozen) -> None:
    """It is no attempt: the row is done when its site can be written in again; of a retired site it never can."""
    recover_connection()
    site = Tenant.objects.filter(schema_name=row.schema, frozen=True, status=Tenant.Status.RETIRED).first()
    if site is not None:
        end_for_good(
            row,
            reason=_("“%(site)s”已并入“%(into)s”并关停，这一事项不再办理。") % {"site": site, "into": site.frozen_into},
        )
        return
    Consequence.objects.filter(pk=row.pk).update(
        state=Consequence.State.READY,
        attempts=row.attempts - 1,
        error=describe_error(refusal),
        next_at=timezone.now() + FROZEN_PAUSE,
    )


def _note_failure(row: Consequence, error: Exception) -> None:
    last = not row.retried or row.attempts >= MOST_ATTEMPTS
    logger.log(
        logging.ERROR if last else logging.WARNING,
        "consequence %s (%s) failed for the %s. time: %s",
        row.pk,
        row.line,
        row.attempts,
        error,
        exc_info=error,
    )
    recover_connection()
    Consequence.objects.filter(pk=row.pk).update(
        state=Consequence.State.FAILED if last else Consequence.State.READY,
        error=describe_error(error).replace("\x00", ""),
        next_at=timezone.now() + pause_after(row.attempts),
    )
