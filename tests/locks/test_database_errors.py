"""What went wrong is said as what it was: only a database that cannot be reached is called so."""

import json
import threading

import psycopg
import pytest
from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, connection, transaction
from django_tenants.utils import tenant_context

from govplatform.database_errors import Fault, describe_fault, fault_of
from govplatform.locks.holding import hold_chain
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from tests import factories
from tests.conftest import console_client

from .forms import ARTICLE

NOT_REACHED = "连不上数据库"


def as_django(cause: psycopg.Error) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


#: What the server answers, and how it is told.
ANSWERS = [
    (psycopg.errors.DeadlockDetected, Fault.DEADLOCK, "互相冲突"),
    (psycopg.errors.LockNotAvailable, Fault.LOCK_TIMEOUT, "有人正在办理"),
    (psycopg.errors.SerializationFailure, Fault.SERIALIZATION, "互相冲突"),
    (psycopg.errors.QueryCanceled, Fault.STATEMENT_TIMEOUT, "处理超时"),
    (psycopg.errors.DiskFull, Fault.DISK_FULL, "磁盘已满"),
    (psycopg.errors.OutOfMemory, Fault.OUT_OF_MEMORY, "内存不足"),
    (psycopg.errors.TooManyConnections, Fault.TOO_MANY_CONNECTIONS, "连接已用完"),
    (psycopg.errors.ReadOnlySqlTransaction, Fault.READ_ONLY, "只读"),
    (psycopg.errors.AdminShutdown, Fault.CONNECTION, NOT_REACHED),
    (psycopg.errors.CannotConnectNow, Fault.CONNECTION, NOT_REACHED),
    (psycopg.errors.ConnectionFailure, Fault.CONNECTION, NOT_REACHED),
    (psycopg.errors.InvalidPassword, Fault.CONNECTION, NOT_REACHED),
    (psycopg.errors.InvalidCatalogName, Fault.CONNECTION, NOT_REACHED),
    (psycopg.errors.IoError, Fault.OTHER, "数据库出错"),
]


@pytest.mark.unit
@pytest.mark.parametrize(("cause", "fault", "words"), ANSWERS)
def test_each_answer_of_the_server_has_its_own_words(cause, fault, words):
    error = as_django(cause("told by the server"))
    assert fault_of(error) is fault
    assert words in describe_fault(error)
    assert (NOT_REACHED in describe_fault(error)) is (fault is Fault.CONNECTION)
    assert "told by the server" not in describe_fault(error, detail=False)


@pytest.mark.unit
def test_without_an_answer_the_database_was_not_reached():
    assert fault_of(as_django(psycopg.OperationalError("connection refused"))) is Fault.CONNECTION
    assert fault_of(InterfaceError("connection already closed")) is Fault.CONNECTION


def test_a_real_deadlock_is_one(own_database):
    """Two sessions cross on purpose, past ``holding``."""
    met, told = threading.Barrier(2), []

    def run(first, second):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [first])
                met.wait(60)
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [second])
        except OperationalError as error:
            told.append((fault_of(error), describe_fault(error)))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert told == [(Fault.DEADLOCK, "与他人的操作互相冲突，本次操作没有生效，请再试一次。")]


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (psycopg.errors.DeadlockDetected("x"), 3),
        (psycopg.errors.LockNotAvailable("x"), 3),
        (psycopg.errors.DiskFull("x"), 2),
        (psycopg.OperationalError("connection refused"), 2),
    ],
)
def test_a_verb_ends_with_the_status_of_what_happened(cause, status, capsys):
    class Verb(VerbCommand):
        def run(self, **_options):
            raise as_django(cause)

    with pytest.raises((SystemExit, CommandError)) as end:
        Verb().handle(json=True)
    code = end.value.code if isinstance(end.value, SystemExit) else end.value.returncode
    assert code == status
    if status == 3:
        assert json.loads(capsys.readouterr().out)["refused"] == [describe_fault(as_django(cause))]
    else:
        assert (NOT_REACHED in str(end.value)) is (describe_fault(as_django(cause)).startswith(NOT_REACHED))


@pytest.fixture
def held_chain(own_database):
    """Somebody else writes into the chain of alpha and does not end."""
    holds, done = threading.Event(), threading.Event()

    def hold():
        try:
            with tenant_context(get_tenant("alpha")), transaction.atomic():
                hold_chain()
                holds.set()
                done.wait(300)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    with tenant_context(get_tenant("alpha")):
        page = factories.live_article()
    client = console_client("alpha_editor", "alpha")
    thread.start()
    assert holds.wait(60)
    yield page, client
    done.set()
    thread.join()


def test_a_verb_that_waits_too_long_is_refused_with_the_reason(held_chain, verb):
    page, _client = held_chain
    done = verb(
        "withdraw", "--site", "alpha", "--page", str(page.pk), "--as", "alpha_content", "--reason", "来源有误。",
        "--json", env={"LOCK_WAIT_SECONDS": "1"},
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "等待超时" in json.loads(done.stdout)["refused"][0]
    assert NOT_REACHED not in done.stdout + done.stderr


def test_the_console_says_that_somebody_is_at_it(held_chain, settings):
    settings.LOCK_WAIT_SECONDS = 1
    page, client = held_chain
    answer = client.post(f"/admin/pages/{page.pk}/edit/", {"title": "x"})
    assert answer.status_code == 409
    assert "有人正在办理同一事项" in answer.content.decode()
    assert "后退" in answer.content.decode()
    answer = client.post(f"/admin/pages/{page.pk}/edit/", {"title": "x"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error_code"]) == (409, "refused")


def test_reading_and_previews_do_not_wait(held_chain, settings):
    settings.LOCK_WAIT_SECONDS = 1
    page, client = held_chain
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    assert client.post(f"/admin/pages/{page.pk}/edit/preview/", ARTICLE).status_code == 200


@pytest.mark.parametrize(
    ("cause", "status", "words"),
    [
        (psycopg.errors.DiskFull("x"), 503, "磁盘已满"),
        (psycopg.OperationalError("could not connect to 10.0.0.1"), 503, "连不上数据库，请稍后再试"),
        (psycopg.errors.DeadlockDetected("x"), 409, "互相冲突"),
    ],
)
def test_a_screen_says_what_the_database_lacks(db, console, monkeypatch, cause, status, words):
    client = console("alpha_content", "alpha")

    def fail(*_args, **_kwargs):
        raise as_django(cause)

    monkeypatch.setattr("govplatform.review.screens.queue_views.waiting_reviews", fail)
    answer = client.get("/admin/review/")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "10.0.0.1" not in answer.content.decode()
