"""What failed stands before the operators, who have it done again or give it up; by the verb and in the console."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from govplatform.audit.models import Entry
from govplatform.consequences.actions import give_up_consequence, retry_consequence
from govplatform.consequences.models import RUNS_AT_MOST, WAITS_AT_MOST, Consequence
from govplatform.consequences.queries import count_undone, find_rows
from govplatform.refusals import Refused

from .happening import Called, as_job, make_due, ring, run
from .test_rows import queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(site):
    """A row that failed for good, its call still broken."""
    call = Called(fails=-1)
    with as_job(call):
        row = ring(site("alpha"), 4)
        Consequence.objects.filter(pk=row.pk).update(state="failed", attempts=10, error="OSError: bell 4 is cracked")
        row.refresh_from_db()
        yield row


def test_an_operator_has_it_done_again(failed, person):
    jobs = len(queued())
    retry_consequence(failed, acting_user=person("operator"))
    assert (failed.state, failed.attempts, len(queued())) == ("ready", 0, jobs + 1)
    entry = Entry.objects.get(act="consequence.retry")
    assert (entry.chain, entry.actor_name) == ("platform", person("operator").signed_name)
    assert entry.detail["line"] == "called"
    assert entry.detail["error"] == "OSError: bell 4 is cracked"
    with as_job(Called()):
        run(failed)
    failed.refresh_from_db()
    assert failed.state == "done"


def test_an_operator_gives_it_up_with_a_reason(failed, person):
    with pytest.raises(Refused, match="理由"):
        give_up_consequence(failed, acting_user=person("operator"), reason=" ")
    give_up_consequence(failed, acting_user=person("operator"), reason="已人工处理。")
    assert (failed.open, failed.state, failed.given_up_reason) == (False, "failed", "已人工处理。")
    assert Entry.objects.get(act="consequence.give_up").detail["reason"] == "已人工处理。"
    assert list(find_rows("undone")) == []
    assert list(find_rows("ended")) == [failed]
    with pytest.raises(Refused, match="了结"):
        retry_consequence(failed, acting_user=person("operator"))


@pytest.mark.parametrize("username", ["alpha_editor", "alpha_admin", "alpha_content", "supervisor"])
def test_nobody_else_does(failed, person, username):
    with pytest.raises(Refused, match="运维"):
        retry_consequence(failed, acting_user=person(username))
    with pytest.raises(Refused, match="运维"):
        give_up_consequence(failed, acting_user=person(username), reason="不需要了。")
    failed.refresh_from_db()
    assert failed.state == "failed"
    assert failed.open
    assert not Entry.objects.filter(act__startswith="consequence.").exists()


def test_what_is_being_done_is_left_alone(failed):
    Consequence.objects.filter(pk=failed.pk).update(state="running", started_at=timezone.now())
    failed.refresh_from_db()
    for act in (lambda: retry_consequence(failed, acting_user=None),
                lambda: give_up_consequence(failed, acting_user=None, reason="不需要了。")):  # fmt: skip
        with pytest.raises(Refused, match="正在进行"):
            act()


def test_whoever_comes_second_is_told(failed):
    stale = Consequence.objects.get(pk=failed.pk)
    give_up_consequence(failed, acting_user=None, reason="不需要了。")
    with pytest.raises(Refused, match="变化"):
        retry_consequence(stale, acting_user=None)


def test_what_belongs_to_the_act_itself_can_only_be_given_up(failed):
    Consequence.objects.filter(pk=failed.pk).update(kind="in_transaction")
    failed.refresh_from_db()
    with pytest.raises(Refused, match="放弃"):
        retry_consequence(failed, acting_user=None)
    give_up_consequence(failed, acting_user=None, reason="已人工处理。")


def test_a_line_that_is_gone_cannot_be_done_again(failed):
    Consequence.objects.filter(pk=failed.pk).update(line="was_here_once")
    failed.refresh_from_db()
    with pytest.raises(Refused, match="现在的版本"):
        retry_consequence(failed, acting_user=None)


def test_what_nobody_takes_up_and_what_never_ends_is_shown_as_stuck(site):
    with as_job(Called()):
        waits, hangs, young = ring(site("alpha"), 1), ring(site("alpha"), 2), ring(site("alpha"), 3)
    now = timezone.now()
    Consequence.objects.filter(pk=waits.pk).update(next_at=now - WAITS_AT_MOST - timedelta(minutes=1))
    hung = now - RUNS_AT_MOST - timedelta(minutes=1)
    Consequence.objects.filter(pk=hangs.pk).update(state="running", started_at=hung)
    make_due(young)
    assert [row.pk for row in find_rows("undone")] == [waits.pk, hangs.pk]
    assert [row.stuck for row in Consequence.objects.order_by("pk")] == [True, True, False]
    assert count_undone() == {"failed": 0, "stuck": 2}


def told(capsys, *words):
    """(exit status, what the verb printed as JSON)."""
    status = 0
    try:
        call_command("consequences", *words, "--json")
    except SystemExit as end:
        status = int(end.code or 0)
    return status, json.loads(capsys.readouterr().out)


def test_the_verb_lists_retries_and_gives_up(failed, capsys):
    status, listed = told(capsys, "--failed")
    assert (status, listed["failed"], listed["stuck"]) == (1, 1, 0)
    assert [row["id"] for row in listed["consequences"]] == [failed.pk]
    first = listed["consequences"][0]
    assert (first["line"], first["words"], first["error"]) == ("called", "rings", "OSError: bell 4 is cracked")
    status, retried = told(capsys, "--retry", str(failed.pk), "--as", "operator")
    assert (status, retried["consequence"]["state"]) == (0, "ready")
    assert told(capsys)[0] == 0
    assert [row["id"] for row in told(capsys, "--waiting")[1]["consequences"]] == [failed.pk]
    refused = told(capsys, "--give-up", str(failed.pk), "--as", "alpha_editor", "--reason", "不需要了。")
    assert refused[0] == 3
    given_up = told(capsys, "--give-up", str(failed.pk), "--as", "operator", "--reason", "不需要了。")
    assert (given_up[0], given_up[1]["consequence"]["given_up"]) == (0, "不需要了。")
    assert [row["id"] for row in told(capsys, "--ended")[1]["consequences"]] == [failed.pk]
    assert told(capsys, "--retry", "987654")[0] == 3
