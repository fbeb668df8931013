"""The queue itself: what is urgent has slots of its own, sites take turns, and none holds all the slots."""

import asyncio
import json
import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import connection, connections, transaction
from django_tasks import task
from django_tenants.utils import schema_context, tenant_context
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.refusals import Refused
from govplatform.tenancy.jobs import RUNNER, enqueue, run_in_schema
from govplatform.tenancy.management.commands.run_workers import run_workers
from govplatform.tenancy.queries import get_tenant
from govplatform.tenancy.queue_status import places_in_line
from govplatform.tenancy.queues import BULK, QUEUES, SCANS, URGENT, require_room
from govplatform.tenancy.tasks import rescue_stalled_jobs
from govplatform.tenancy.worker_connector import worker_connector

NOTE, WAIT, RELEASE, FAIL = (f"tests.tenancy.test_fair_queues.{name}" for name in ("note", "hold", "release", "fail"))
#: Longer than any of this takes: a test that fails ends.
_AT_MOST = 60
ran: list[str] = []
released = threading.Event()
held: list[bool] = []


@task()
def note(word: str) -> None:
    ran.append(word)


@task()
def hold() -> None:
    held.append(released.wait(_AT_MOST))


@task()
def release() -> None:
    released.set()


@task()
def fail(word: str) -> None:
    ran.append(word)
    raise ValueError(word)


@task()
def ask_again() -> None:
    enqueue(NOTE, queue=SCANS, word="asked by a job")


@task()
def ask_and_undo() -> None:
    with suppress(Refused), transaction.atomic():
        enqueue(NOTE, queue=SCANS, word="never")
        raise Refused("undone")
    enqueue(NOTE, queue=SCANS, word="kept")


@pytest.fixture(autouse=True)
def nothing_ran():
    ran.clear()
    held.clear()
    released.clear()


@pytest.fixture
def one_slot(settings):
    settings.JOB_SLOTS = dict.fromkeys(settings.JOB_SLOTS, 1)


def queue_up(site: str, count: int, queue: str = SCANS, job: str = NOTE, **arguments) -> None:
    with tenant_context(get_tenant(site)):
        for number in range(count):
            words = {"word": f"{site} {number}"} if job in (NOTE, FAIL) else {}
            enqueue(job, queue=queue, **words, **arguments)


def work(*queues: str) -> None:
    """The workers of these queues, as ``serve`` starts them, until the queues are empty."""
    while _due(queues):
        with as_worker():
            asyncio.run(run_workers(list(queues), wait=False))


@contextmanager
def as_worker():
    connection.close()
    with app.replace_connector(worker_connector()):
        yield
    connections.close_all()


def _due(queues) -> bool:
    return ProcrastinateJob.objects.filter(status="todo", queue_name__in=queues, scheduled_at=None).exists()


def clear_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo'")


@pytest.fixture
def queue(own_database):
    clear_queue()


# --- order -----------------------------------------------------------------------------------


def test_another_sites_job_comes_second_behind_fifty(queue, one_slot):
    queue_up("alpha", 50)
    queue_up("beta", 2)
    work(SCANS)
    assert len(ran) == 52
    assert [word for word in ran if word.startswith("alpha")] == [f"alpha {number}" for number in range(50)]
    assert ran.index("beta 0") <= 1
    assert ran.index("beta 1") <= 3


def test_who_comes_later_waits_for_the_round_that_is_served_and_not_for_all(queue, one_slot):
    queue_up("alpha", 10)
    queue_up("beta", 10)
    served = ProcrastinateJob.objects.filter(status="todo", priority__gt=-5).values("pk")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.procrastinate_jobs SET status = 'succeeded' WHERE id = ANY(%s)",
            [[row["pk"] for row in served]],
        )
    queue_up("console", 2)
    work(SCANS)
    newcomer = [place for place, word in enumerate(ran) if not word.startswith(("alpha", "beta"))]
    # Behind those of the same round that waited before, and before the next round.
    assert newcomer == [2, 5]


def test_what_a_job_asks_for_outside_of_a_site_takes_its_sites_turn(queue):
    alpha = get_tenant("alpha").schema_name
    with schema_context("public"):
        enqueue("tests.tenancy.test_fair_queues.ask_again", on_behalf_of=alpha, queue=SCANS)
        [job] = ProcrastinateJob.objects.filter(status="todo")
        run_in_schema(**job.args)
    asked = ProcrastinateJob.objects.filter(status="todo").order_by("id").last()
    assert (asked.args["schema"], asked.args["site"]) == ("public", alpha)


def test_what_a_job_queues_stands_and_falls_with_its_transaction(queue):
    """It was queued on a connection of the worker: begun before the commit, and carried out though all was undone."""
    with schema_context("public"):
        enqueue("tests.tenancy.test_fair_queues.ask_and_undo", queue=SCANS)
    work(SCANS)
    assert ran == ["kept"]


# --- slots -----------------------------------------------------------------------------------


def test_one_site_never_holds_all_the_slots_of_a_queue(queue):
    queue_up("alpha", 5, SCANS, WAIT)
    queue_up("beta", 1, SCANS, RELEASE)
    work(SCANS)
    assert held == [True] * 5


def test_tries_of_what_failed_leave_a_slot_to_others_and_hold_up_nothing_of_their_site(queue):
    queue_up("alpha", 3, SCANS, FAIL)
    work(SCANS)
    assert ran == ["alpha 0", "alpha 1", "alpha 2"]
    waiting = ProcrastinateJob.objects.filter(status="todo", task_name=RUNNER)
    assert {job.lock for job in waiting} == {f"scans:{get_tenant('alpha').schema_name}:again"}
    queue_up("alpha", 1)
    work(SCANS)
    assert ran == ["alpha 0", "alpha 1", "alpha 2", "alpha 0"]


def test_a_worker_hears_that_a_lock_is_free_again_and_does_not_wait_for_its_next_look(queue):
    queue_up("alpha", 4)

    async def watch() -> None:
        working = asyncio.create_task(run_workers([SCANS], poll_seconds=10 * _AT_MOST))
        for _look in range(10 * _AT_MOST):
            if len(ran) == 4:
                break
            await asyncio.sleep(0.1)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    with as_worker():
        asyncio.run(watch())
    assert ran == [f"alpha {number}" for number in range(4)]


def test_a_long_import_and_whatever_fills_its_queue_does_not_hold_up_a_withdrawal(queue):
    for site in ("alpha", "beta", "console"):
        queue_up(site, 3, BULK, WAIT)
    queue_up("alpha", 1, URGENT, RELEASE)
    work(URGENT, BULK)
    assert held == [True] * 9


# --- what a person is told ---------------------------------------------------------------------


def test_a_place_counts_the_jobs_of_all_sites_that_come_first(queue):
    queue_up("alpha", 5)
    with tenant_context(get_tenant("beta")):
        enqueue(NOTE, queue=SCANS, word=7)
        assert places_in_line(NOTE, SCANS, "word", [7, 8]) == {7: 2}
    with tenant_context(get_tenant("alpha")):
        assert places_in_line(NOTE, SCANS, "word", [7]) == {}


def test_a_site_is_asked_to_wait_when_too_many_wait_and_others_are_not(queue):
    bulk = next(queue for queue in QUEUES if queue.name == BULK)
    queue_up("alpha", 3, BULK)
    alpha, beta = (get_tenant(code).schema_name for code in ("alpha", "beta"))
    require_room(BULK, alpha, bulk.most_waiting - 3)
    with pytest.raises(Refused, match="请等其中一部分完成后再提交"):
        require_room(BULK, alpha, bulk.most_waiting - 2)
    require_room(BULK, beta, bulk.most_waiting)
    require_room(URGENT, alpha, 100_000)


def test_the_verb_shows_by_queue_and_site_what_waits_and_runs(queue, verb):
    queue_up("alpha", 3, BULK)
    queue_up("beta", 1, URGENT)
    done = verb("queue_status", "--json")
    shown = {one["queue"]: one for one in json.loads(done.stdout)["queues"]}
    assert [one["queue"] for one in json.loads(done.stdout)["queues"]] == [queue.name for queue in QUEUES]
    [alpha] = shown["bulk"]["sites"]
    assert (alpha["site"], alpha["waiting"], alpha["running"]) == ("alpha", 3, 0)
    assert alpha["since"]
    assert shown["urgent"]["waiting"] == 1


# --- a worker that died ----------------------------------------------------------------------


def test_what_a_dead_worker_held_is_taken_up_whatever_waits_already_in_place_of_one(queue):
    """One of its jobs waits again by now, under a name that waits once; the others are not held up by that."""
    enqueue(NOTE, queue=SCANS, once="bell", word="once")
    enqueue(NOTE, queue=SCANS, word="alone")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.procrastinate_jobs SET status = 'doing', lock = NULL WHERE status = 'todo'")
    enqueue(NOTE, queue=SCANS, once="bell", word="once")
    with as_worker():
        asyncio.run(_rescue())
    work(SCANS)
    assert sorted(ran) == ["alone", "once"]
    assert not ProcrastinateJob.objects.filter(status__in=("todo", "doing"), task_name=RUNNER).exists()


async def _rescue() -> None:
    async with app.open_async():
        await rescue_stalled_jobs(0)
