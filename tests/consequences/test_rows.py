"""What follows an act is kept until it is done: in order, once, whatever fails or is lost in between."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.consequences.lines import in_transaction, job
from govplatform.consequences.models import Consequence
from govplatform.consequences.running import LONGEST_PAUSE, MOST_ATTEMPTS, pause_after
from govplatform.consequences.tasks import KEPT, SETTLED, prune, take_up_again
from govplatform.events.sheet import ABORTS, RECORDED, RETRIED, follow
from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.models import Tenant
from tests.sheet import lines

from .happening import Called, Rang, as_job, make_due, numbered, ring, rows, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def alpha(site):
    return site("alpha")


@pytest.fixture
def beta(site):
    return site("beta")


def queued() -> list[ProcrastinateJob]:
    found = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    return [one for one in found if one.args["task_path"] == "govplatform.consequences.tasks.run_subject"]


def test_the_row_is_written_with_the_act_and_a_job_with_the_row(alpha):
    with as_job(Called()):
        row = ring(alpha, 7)
    assert (row.schema, row.event, row.line, row.kind) == (alpha.schema_name, "Rang", "called", "job")
    assert (row.subject_type, row.subject_id, row.subject_title) == ("tenancy.tenant", str(alpha.pk), str(alpha))
    assert (row.arguments, row.state, row.attempts) == ({"number": 7}, "ready", 0)
    assert [one.args["schema"] for one in queued()] == ["public"]


def test_an_act_that_is_undone_leaves_neither_row_nor_job(alpha):
    with as_job(Called()), pytest.raises(RuntimeError), transaction.atomic():
        follow(Rang(tenant=alpha))
        raise RuntimeError
    assert not rows().exists()
    assert queued() == []


def test_nothing_to_do_leaves_no_row(alpha):
    def nothing(tenant):
        """There is nothing to do."""

    with lines(Rang, job(Called(), RETRIED, given=nothing, words="rings")), transaction.atomic():
        follow(Rang(tenant=alpha))
    assert not rows().exists()


def test_what_a_call_cannot_take_stops_the_act(alpha):
    def wrong(tenant):
        return {"colour": "red"}

    with (
        lines(Rang, job(Called(), RETRIED, given=wrong, words="rings")),
        pytest.raises(TypeError),
        transaction.atomic(),
    ):
        follow(Rang(tenant=alpha))


def test_the_worker_does_it_inside_the_site(alpha):
    schemas = []

    def where(number):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schemas.append(cursor.fetchone()[0])

    with as_job(where):
        row = ring(alpha)
        run_in_schema(**queued()[0].args)
    row.refresh_from_db()
    assert schemas == [alpha.schema_name]
    assert (row.state, row.attempts, row.error) == ("done", 1, "")
    assert row.finished_at is not None


def test_one_that_fails_twice_is_done_the_third_time(alpha):
    call = Called(fails=2)
    with as_job(call):
        row = ring(alpha)
        for attempt, state in ((1, "ready"), (2, "ready"), (3, "done")):
            before = timezone.now()
            run(row)
            row.refresh_from_db()
            assert (row.attempts, row.state) == (attempt, state)
            if state == "ready":
                assert row.error == "OSError: bell 0 is cracked"
                assert row.next_at >= before + pause_after(attempt)
                assert run(row) == 0
                make_due(row)
    assert call.numbers == [0, 0, 0]
    assert row.error == ""


def test_one_that_fails_for_ever_waits_for_an_operator(alpha):
    call = Called(fails=-1)
    with as_job(call):
        row = ring(alpha)
        for _attempt in range(MOST_ATTEMPTS + 3):
            make_due(row)
            run(row)
        row.refresh_from_db()
        assert (row.state, row.attempts, row.open) == ("failed", MOST_ATTEMPTS, True)
        make_due(row)
        assert take_up_again() == 0
    assert len(call.numbers) == MOST_ATTEMPTS


def test_pauses_grow_and_end_growing():
    pauses = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert pauses[-1] == LONGEST_PAUSE


def test_one_that_is_only_recorded_is_tried_once(alpha):
    call = Called(fails=-1)
    with as_job(call, RECORDED):
        row = ring(alpha)
        run(row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("failed", 1)


def test_rows_of_one_subject_are_done_in_their_order_and_one_that_fails_holds_up_nobody(alpha):
    call = Called(fails=1)
    with as_job(call):
        first, second, third = ring(alpha, 1), ring(alpha, 2), ring(alpha, 3)
        assert run(third) == 2
        assert call.numbers == [1, 2, 3]
        make_due(first)
        run(first)
    assert call.numbers == [1, 2, 3, 1]
    assert list(rows().order_by("pk").values_list("state", flat=True)) == ["done"] * 3
    assert second.pk < third.pk


def test_the_lines_of_one_event_are_done_in_the_order_of_the_sheet(alpha):
    done = []

    def later(number):
        done.append("later")

    def earlier(number):
        done.append("earlier")

    with lines(
        Rang, job(earlier, RETRIED, given=numbered, words="rings"), job(later, RETRIED, given=numbered, words="rings")
    ):
        run(ring(alpha))
    assert done == ["earlier", "later"]


def test_a_lost_job_is_queued_again_once(alpha):
    call = Called()
    with as_job(call):
        row = ring(alpha)
        ProcrastinateJob.objects.all()._raw_delete("default")
        assert take_up_again() == 0
        Consequence.objects.filter(pk=row.pk).update(next_at=timezone.now() - 2 * SETTLED)
        assert (take_up_again(), take_up_again()) == (1, 1)
        assert len(queued()) == 1
        run_in_schema(**queued()[0].args)
    assert call.numbers == [0]


def test_a_row_that_its_worker_left_running_is_taken_up(alpha):
    call = Called()
    with as_job(call):
        row = ring(alpha)
        left = timezone.now() - 2 * SETTLED
        Consequence.objects.filter(pk=row.pk).update(state="running", attempts=1, started_at=left)
        ProcrastinateJob.objects.all()._raw_delete("default")
        assert take_up_again() == 1
        run_in_schema(**queued()[0].args)
    row.refresh_from_db()
    assert (row.state, row.attempts, call.numbers) == ("done", 2, [0])


def test_a_site_that_is_broken_does_not_stop_the_others(alpha, beta):
    call = Called()
    with as_job(call):
        broken, sound = ring(alpha, 1), ring(beta, 2)
        Consequence.objects.filter(pk=broken.pk).update(schema="site_that_is_gone")
        Consequence.objects.update(next_at=timezone.now() - 2 * SETTLED)
        ProcrastinateJob.objects.all()._raw_delete("default")
        assert take_up_again() == 2
        for one in queued():
            run_in_schema(**one.args)
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state, call.numbers) == ("ready", "done", [2])
    assert broken.error == "SchemaMissing: no site has the schema site_that_is_gone"


def test_who_has_waited_longest_is_queued_first_whatever_the_name_of_the_site(alpha, beta, monkeypatch):
    monkeypatch.setattr("govplatform.consequences.tasks.MOST_SUBJECTS", 1)
    with as_job(Called()):
        first, second = ring(alpha, 1), ring(beta, 2)
        Consequence.objects.filter(pk=first.pk).update(next_at=timezone.now() - 2 * SETTLED)
        Consequence.objects.filter(pk=second.pk).update(next_at=timezone.now() - timedelta(days=1))
        ProcrastinateJob.objects.all()._raw_delete("default")
        assert take_up_again() == 1
    assert [job.args["schema"] for job in queued()] == ["public"]
    assert [job.args["kwargs"]["schema"] for job in queued()] == [beta.schema_name]


def test_an_error_of_the_database_says_nothing_of_what_was_in_the_row(alpha):
    def breaks(number):
        Tenant.objects.filter(pk=1).update(code=None)

    with as_job(breaks):
        row = ring(alpha)
        run(row)
    row.refresh_from_db()
    assert row.error.startswith("IntegrityError: ")
    assert "Failing row" not in row.error
    assert row.state == "ready"


def test_a_line_that_the_sheet_has_no_more_is_an_error_in_words(alpha):
    with as_job(Called()):
        row = ring(alpha)
    run(row)
    row.refresh_from_db()
    assert row.error == "LookupError: called does not stand on the sheet of consequences any more"


def test_what_is_recorded_inside_an_act_undoes_itself_alone(alpha):
    def renames(tenant):
        Tenant.objects.filter(pk=tenant.pk).update(short_name="undone")
        Tenant.objects.filter(pk=tenant.pk).update(code=None)

    def keeps(tenant):
        Tenant.objects.filter(pk=tenant.pk).update(contact="kept")

    with lines(Rang, in_transaction(renames, RECORDED, words="rings"), in_transaction(keeps, ABORTS)):
        row = ring(alpha)
    alpha.refresh_from_db()
    assert (alpha.contact, alpha.short_name == "undone") == ("kept", False)
    assert (row.state, row.line, row.kind) == ("failed", "renames", "in_transaction")
    assert row.error.startswith("IntegrityError: ")


def test_old_rows_go_and_what_is_open_stays(alpha):
    with as_job(Called()):
        done, young, failed = ring(alpha, 1), ring(alpha, 2), ring(alpha, 3)
    old = timezone.now() - KEPT - timedelta(days=1)
    Consequence.objects.filter(pk=done.pk).update(state="done", finished_at=old)
    Consequence.objects.filter(pk=young.pk).update(state="done", finished_at=timezone.now())
    Consequence.objects.filter(pk=failed.pk).update(state="failed", made_at=old, next_at=old)
    assert prune() == 1
    assert set(rows().values_list("pk", flat=True)) == {young.pk, failed.pk}
