"""Opens the sites of a batch with several processes at once.

Each process takes the next row that no other holds, so none needs to be told what to do, and any of them may die: its
row is taken by another. The process that starts the others only watches the rows.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused

from ..models import SiteBatch, SiteBatchRow
from .actions import finish_batch, open_next_row
from .queries import WORK_LOCK, BatchProgress, batch_progress

#: Below so many sites the start of further processes costs more than they bring.
WORTH_A_PROCESS = 6
_POLL_SECONDS = 0.1
Watch = Callable[[BatchProgress], object]


def run_batch(
    batch: SiteBatch, *, workers: int, watch: Watch | None = None, seconds: float | None = None
) -> BatchProgress:
    """Open the sites of a started batch; return its progress. It is finished when no row waits.

    ``workers``: processes at once. ``seconds``: stop after so long and leave the rest, so that shorter work in the same
    queue gets its turn. ``watch`` is called with each progress. Raises Refused when another process works on the batch,
    or when the processes end before their work does.
    """
    with _alone_at(batch):
        SiteBatch.objects.filter(pk=batch.pk).update(state=SiteBatch.State.RUNNING)
        until = time.monotonic() + seconds if seconds is not None else None
        waiting = batch.rows.filter(state=SiteBatchRow.State.WAITING).count()
        count = min(workers, max(1, waiting // WORTH_A_PROCESS))
        if count > 1:
            _run_processes(batch, count, watch, until)
        else:
            work_through(
                batch,
                may_go_on=lambda: until is None or time.monotonic() < until,
                after_each=lambda: _tell(batch, watch),
            )
        progress = _tell(batch, watch)
        if progress.waiting:
            # The run stopped early: the batch waits to be continued.
            SiteBatch.objects.filter(pk=batch.pk).update(state=SiteBatch.State.WAITING)
        else:
            finish_batch(batch)
        return progress


def work_through(batch: SiteBatch, *, may_go_on: Callable[[], bool], after_each: Callable[[], object]) -> None:
    """Open row after row of the batch until none waits; the work of one process.

    ``may_go_on`` is asked between two rows, ``after_each`` called after each.
    """
    acting_user: User | None = batch.started_by
    while may_go_on():
        if open_next_row(batch.pk, acting_user=acting_user):
            after_each()
        elif batch.rows.filter(state=SiteBatchRow.State.WAITING).exists():
            # Other processes open the remaining sites, or the superior sites that these wait for.
            time.sleep(_POLL_SECONDS)
        else:
            return


def _tell(batch: SiteBatch, watch: Watch | None) -> BatchProgress:
    progress = batch_progress(batch)
    if watch is not None:
        watch(progress)
    return progress


def _run_processes(batch: SiteBatch, count: int, watch: Watch | None, until: float | None) -> None:
    command = [
        sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "create_sites",
        "--work-on", str(batch.pk), "--follow", str(os.getpid()),
    ]  # fmt: skip
    processes = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) for _n in range(count)]
    try:
        while any(process.poll() is None for process in processes):
            _tell(batch, watch)
            if until is not None and time.monotonic() >= until:
                return
            time.sleep(_POLL_SECONDS * 5)
    finally:
        for process in processes:
            # Whoever is in the middle of a site finishes it: SIGTERM ends a process between two rows.
            process.terminate()
        for process in processes:
            process.wait()
    left = batch.rows.filter(state=SiteBatchRow.State.WAITING).count()
    if left and any(process.returncode for process in processes):
        raise Refused(
            _("开设站点的进程意外结束，还有 %(left)d 个站点没有开设。再次执行会从停下的地方继续。") % {"left": left}
        )


@contextmanager
def _alone_at(batch: SiteBatch) -> Iterator[None]:
    """Hold the lock that says that somebody works on the batch; it ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [WORK_LOCK, batch.pk])
        if not cursor.fetchone()[0]:
            raise Refused(_("这一批正由另一个进程开设，请等它结束。"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [WORK_LOCK, batch.pk])
