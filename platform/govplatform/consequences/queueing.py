"""Which job does a row: that of its subject, or one for all rows of a schema that wait for the same call of many.

A job finds every row that was there before it began. So a row that is written while such a job waits needs none of its
own, if that one still waits when the row can be seen by it; this is looked at once more after the commit.
"""

from functools import partial

from django.db import connection, transaction

from govplatform.events.sheet import the_sheet
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.queues import PUBLISHING, SITE_OF_JOB

from .models import Consequence

#: The jobs stand above this module.
RUN_SUBJECT = "govplatform.consequences.tasks.run_subject"
RUN_LINE = "govplatform.consequences.tasks.run_line"
_LINE_WAITS = f"""
SELECT EXISTS (SELECT 1 FROM public.procrastinate_jobs
 WHERE status = 'todo' AND queue_name = %s AND {SITE_OF_JOB} = %s AND args ->> 'task_path' = %s
  AND args -> 'kwargs' ->> 'line' = %s AND args -> 'kwargs' ->> 'schema' = %s
  AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""


def queue_row(row: Consequence, *, urgent: bool = False) -> None:
    """Queue what does the row, in the transaction that wrote it.

    ``urgent``: it waits behind no row that is not, so it has the job of its subject.
    """
    if not urgent and row.line in the_sheet().lines_together():
        queue_line(row.schema, row.line)
    else:
        queue_subject(row.schema, row.subject_type, row.subject_id, urgent=urgent)


def queue_subject(schema: str, subject_type: str, subject_id: str, *, urgent: bool = False, once: bool = False) -> None:
    """Queue the job that runs the rows of one subject; with ``once`` only where no other one waits that says so."""
    # In ``public``: a site whose schema is gone must not keep its row from saying so.
    enqueue(
        RUN_SUBJECT,
        in_schema="public",
        on_behalf_of=schema,
        queue="urgent" if urgent else "",
        once=f"consequences:{schema}:{subject_type}:{subject_id}" if once else "",
        schema=schema,
        subject_type=subject_type,
        subject_id=subject_id,
    )


def queue_line(schema: str, line: str) -> None:
    """Queue the job that runs the rows of one line in a schema, unless one waits."""
    if not _line_waits(schema, line):
        _queue_line(schema, line)
    elif connection.in_atomic_block:
        # It may begin before this transaction ends, and would not see what was written here.
        transaction.on_commit(partial(_queue_unless_waiting, schema, line), robust=True)


def _queue_unless_waiting(schema: str, line: str) -> None:
    if not _line_waits(schema, line):
        _queue_line(schema, line)


def _queue_line(schema: str, line: str) -> None:
    # Not by a lock of the queue, ``once``: whoever queues the same job would wait for the end of this transaction.
    enqueue(RUN_LINE, in_schema="public", on_behalf_of=schema, schema=schema, line=line)


def _line_waits(schema: str, line: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LINE_WAITS, [PUBLISHING, schema, RUN_LINE, line, schema])
        return bool(cursor.fetchone()[0])
