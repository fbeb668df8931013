"""One job does all rows of a site that wait for the same call of many; none is forgotten, whenever it was written."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.consequences import together as at_once
from govplatform.consequences.lines import job
from govplatform.consequences.models import Consequence
from govplatform.consequences.queueing import RUN_LINE, RUN_SUBJECT
from govplatform.consequences.running import run_line
from govplatform.consequences.tasks import SETTLED, take_up_again
from govplatform.events.sheet import RETRIED, follow
from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.queries import get_tenant
from tests.sheet import lines

from .happening import Called, Rang, as_job, numbered, ring, rows
from .test_together import Together, states


@contextmanager
def rung_together(call, together):
    with lines(Rang, job(call, RETRIED, given=numbered, words="rings", together=together)):
        yield


def jobs(task=RUN_LINE):
    return ProcrastinateJob.objects.filter(status="todo", args__task_path=task).order_by("pk")


def set_status(status):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.procrastinate_jobs SET status = %s WHERE status = 'todo'", [status])


def of_its_own_subject(*made):
    for row in made:
        Consequence.objects.filter(pk=row.pk).update(subject_id=f"bell {row.pk}")


@pytest.mark.django_db
def test_what_waits_for_the_same_has_one_job_that_does_all_of_it(site):
    call, together = Called(), Together()
    with rung_together(call, together):
        made = [ring(site("alpha"), 1), ring(site("alpha"), 2), ring(site("beta"), 3), ring(site("alpha"), 4)]
        of_its_own_subject(*made)
        assert [one.args["kwargs"]["schema"] for one in jobs()] == ["site_alpha", "site_beta"]
        assert not jobs(RUN_SUBJECT).exists()
        run_in_schema(**jobs()[0].args)
    # The one of the other site is not done.
    assert (together.given, call.numbers) == ([[1, 2, 4]], [])
    assert states() == [("done", 1), ("done", 1), ("ready", 0), ("done", 1)]


@pytest.mark.django_db
def test_what_is_written_while_the_job_runs_has_another(site):
    call, together = Called(), Together()
    with rung_together(call, together):
        ring(site("alpha"), 1)
        set_status("doing")
        ring(site("alpha"), 2)
        assert jobs().count() == 1


@pytest.mark.django_db
def test_one_that_cannot_be_done_is_found_at_the_first_try_of_all(site):
    call, together = Called(fails=1), Together(fails=True)
    with rung_together(call, together):
        of_its_own_subject(*(ring(site("alpha"), number) for number in (1, 2, 3)))
        assert run_line("site_alpha", "called") == 2
    assert (together.given, call.numbers) == ([[1, 2, 3]], [1, 2, 3])
    assert [state for state, _attempts in states()] == ["ready", "done", "done"]


@pytest.mark.django_db
def test_rows_whose_job_was_lost_have_one_again(site):
    call, together = Called(), Together()
    with rung_together(call, together):
        of_its_own_subject(*(ring(site("alpha"), number) for number in (1, 2)))
        ProcrastinateJob.objects.all()._raw_delete("default")
        assert take_up_again() == 0
        rows().update(next_at=timezone.now() - 2 * SETTLED)
        assert (take_up_again(), take_up_again()) == (1, 1)
        assert jobs().count() == 1
        run_in_schema(**jobs()[0].args)
    assert together.given == [[1, 2]]


@pytest.mark.django_db
def test_one_that_its_worker_left_running_is_taken_up_by_its_subject(site):
    call = Called()
    with rung_together(call, Together()):
        row = ring(site("alpha"), 1)
        ProcrastinateJob.objects.all()._raw_delete("default")
        rows().update(state="running", attempts=1, started_at=timezone.now() - 2 * SETTLED)
        assert (take_up_again(), jobs().count()) == (1, 0)
        run_in_schema(**jobs(RUN_SUBJECT)[0].args)
    row.refresh_from_db()
    assert (row.state, row.attempts, call.numbers) == ("done", 2, [1])


@pytest.mark.django_db
def test_what_is_more_than_one_job_takes_waits_for_the_next(site, monkeypatch):
    monkeypatch.setattr(at_once, "MOST_AT_ONCE", 2)
    monkeypatch.setattr("govplatform.consequences.running.MOST_AT_ONCE", 2)
    together = Together()
    with rung_together(Called(), together):
        of_its_own_subject(*(ring(site("alpha"), number) for number in (1, 2, 3, 4, 5)))
        while waiting := list(jobs()):
            set_status("succeeded")
            for one in waiting:
                run_in_schema(**one.args)
    assert together.given == [[1, 2], [3, 4]]
    assert states() == [("done", 1)] * 5


@pytest.mark.django_db
def test_what_stands_behind_another_lines_row_is_done_after_it(site):
    call, together = Called(), Together()
    with rung_together(call, together):
        first, second, third = (ring(site("alpha"), number) for number in (1, 2, 3))
        of_its_own_subject(second, third)
        Consequence.objects.filter(pk=first.pk).update(line="another", subject_id=f"bell {third.pk}")
        assert run_line("site_alpha", "called") == 1
    assert (together.given, call.numbers) == ([], [2])
    assert [state for state, _attempts in states()] == ["ready", "done", "ready"]


@pytest.mark.django_db
def test_a_line_that_the_sheet_has_no_more_says_so_in_its_rows(site):
    with rung_together(Called(), Together()):
        of_its_own_subject(*(ring(site("alpha"), number) for number in (1, 2)))
        waiting = jobs()[0]
    run_in_schema(**waiting.args)
    assert all("does not stand on the sheet" in row.error for row in rows())


@pytest.mark.django_db
def test_a_line_that_does_one_at_a_time_keeps_its_jobs(site):
    with as_job(Called()):
        ring(site("alpha"), 1)
        ring(site("alpha"), 2)
    assert (jobs().count(), jobs(RUN_SUBJECT).count()) == (0, 2)


def test_a_job_that_begins_before_the_act_commits_leaves_another_for_its_row(own_database):
    """The act saw it waiting and queued none; when it commits, that job has looked already and found nothing."""
    alpha, call = get_tenant("alpha"), Called()
    with rung_together(call, Together()):
        ring(alpha, 1)
        with tenant_context(alpha), transaction.atomic():
            follow(Rang(tenant=alpha, number=2))
            assert jobs().count() == 1
            _by_another(lambda: run_in_schema(**jobs()[0].args), lambda: set_status("succeeded"))
            assert call.numbers == [1]
        assert jobs().count() == 1
        run_in_schema(**jobs()[0].args)
    assert call.numbers == [1, 2]
    assert not rows().exclude(state="done").exists()


def test_a_job_that_still_waits_at_the_commit_is_the_only_one(own_database):
    alpha, together = get_tenant("alpha"), Together()
    with rung_together(Called(), together):
        ring(alpha, 1)
        ring(alpha, 2)
        assert jobs().count() == 1
        run_in_schema(**jobs()[0].args)
    assert together.given == [[1, 2]]


def test_a_process_that_dies_right_after_its_commit_leaves_its_row_to_the_next_look(own_database):
    alpha, call = get_tenant("alpha"), Called()
    with rung_together(call, Together()):
        ring(alpha, 1)
        with tenant_context(alpha), transaction.atomic():
            follow(Rang(tenant=alpha, number=2))
            _by_another(lambda: run_in_schema(**jobs()[0].args), lambda: set_status("succeeded"))
            connection.run_on_commit.clear()
        assert (jobs().count(), rows().filter(state="ready").count()) == (0, 1)
        rows().filter(state="ready").update(next_at=timezone.now() - SETTLED - timedelta(seconds=1))
        take_up_again()
        run_in_schema(**jobs()[0].args)
    assert call.numbers == [1, 2]


def _by_another(*acts):
    """What another connection does meanwhile."""
    import threading

    def work():
        try:
            for act in acts:
                act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
