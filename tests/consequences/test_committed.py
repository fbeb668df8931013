"""Rows that really commit: workers at the same time, one that is killed, and lines that the act's own process does."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from govplatform.consequences.lines import on_commit
from govplatform.consequences.models import Consequence
from govplatform.events.sheet import RETRIED, follow
from govplatform.tenancy.queries import get_tenant
from tests import database
from tests.sheet import lines

from .happening import Called, Rang, as_job, make_due, numbered, ring, rows, run


@pytest.fixture
def alpha(own_database):
    return get_tenant("alpha")


def in_thread(act, *args):
    def work():
        try:
            act(*args)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


class Waits:
    """A call that says when it has begun and goes on when it is told to."""

    __name__ = "waits"

    def __init__(self):
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.numbers = []

    def __call__(self, number):
        self.numbers.append(number)
        self.begun.set()
        assert self.go_on.wait(60)


def test_two_workers_at_once_do_it_once_and_what_came_meanwhile_as_well(alpha):
    call = Waits()
    with as_job(call):
        row = ring(alpha, 1)
        worker = in_thread(run, row)
        assert call.begun.wait(60)
        # Another worker finds the subject taken; what it came for is left to the one who is at it.
        later = ring(alpha, 2)
        assert (run(row), run(later)) == (0, 0)
        assert Consequence.objects.get(pk=row.pk).state == "running"
        call.go_on.set()
        worker.join()
    assert call.numbers == [1, 2]
    assert set(rows().values_list("state", "attempts")) == {("done", 1)}


_CHILD = """
import sys, time
sys.path[:0] = [{platform!r}, {root!r}]
import django
django.setup()
from tests.consequences.happening import as_job, run
from govplatform.consequences.models import Consequence
class Called:
    __name__ = "called"
    def __call__(self, number):
        print("begun", flush=True)
        time.sleep(600)
with as_job(Called()):
    run(Consequence.objects.get(pk=int(sys.argv[1])))
"""


def test_what_a_killed_worker_was_at_is_done_by_the_next(alpha, own_database):
    call = Called()
    with as_job(call):
        row = ring(alpha, 5)
        root = database.ROOT
        worker = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(platform=str(root / "platform"), root=str(root)), str(row.pk)],
            env={**os.environ, "DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"},
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        assert run(row) == 0
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        while not run(row):
            # The server lets go of the lock when it notices that the process is gone.
            pass
    row.refresh_from_db()
    assert (row.state, row.attempts, call.numbers) == ("done", 2, [5])


def act(alpha, number=0):
    with tenant_context(alpha), transaction.atomic():
        follow(Rang(tenant=alpha, number=number))
        assert [row.state for row in rows()] == ["ready"]


def test_what_follows_on_commit_is_done_by_then(alpha):
    call = Called()
    with lines(Rang, on_commit(call, RETRIED, given=numbered, words="rings")):
        act(alpha, 3)
    row = rows().get()
    assert (call.numbers, row.state, row.kind) == ([3], "done", "on_commit")


def test_what_fails_on_commit_is_no_failure_of_the_act_and_is_left_to_the_queue(alpha):
    call = Called(fails=1)
    with lines(Rang, on_commit(call, RETRIED, given=numbered, words="rings")):
        act(alpha)
        row = rows().get()
        assert (row.state, row.attempts) == ("ready", 1)
        make_due(row)
        assert run(row) == 1
    assert call.numbers == [0, 0]


def test_a_process_that_dies_right_after_its_commit_leaves_the_row_to_the_queue(alpha, monkeypatch):
    call = Called()
    with lines(Rang, on_commit(call, RETRIED, given=numbered, words="rings")):
        with monkeypatch.context() as dies:
            dies.setattr("govplatform.consequences.lines.run_row", lambda row_id: None)
            act(alpha)
        row = rows().get()
        assert row.state == "ready"
        # Not at once: the process that acted has a minute of its own.
        assert run(row) == 0
        make_due(row)
        assert run(row) == 1
    assert call.numbers == [0]


def test_rows_are_written_inside_an_act_alone(alpha):
    with as_job(Called()), tenant_context(alpha), pytest.raises(RuntimeError, match="in the transaction"):
        follow(Rang(tenant=alpha))
