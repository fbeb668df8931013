"""The life of a site from the shell, committed: what follows an act happens without anybody's further doing."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.lifecycle.applications.actions import decide_application, withdraw_application
from govplatform.lifecycle.models import ApplicationDecision, SiteApplication
from govplatform.locks.holding import hold_chain
from govplatform.refusals import Refused
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.verbs import verb_process

from .life import approve, file


def told(done, status=0):
    assert done.returncode == status, (done.stdout, done.stderr)
    return json.loads(done.stdout)


@pytest.fixture
def papers(tmp_path):
    for kind in ("approval", "division-change"):
        (tmp_path / f"{kind}.txt").write_text("同意关停。", encoding="utf-8")
    return [f"--paper={kind}={tmp_path / kind}.txt" for kind in ("approval", "division-change")]


def apply_to_retire(verb, papers, **more):
    words = ["apply", "retire", "--site", "beta", "--as", "beta_admin", "--reason", "行政区划调整。", "--json"]
    return verb(*words, "--ground", "division-change", "--into", "alpha", *papers, **more)


def test_a_portal_retires_by_verbs_alone(verb, papers):
    refused = told(verb("apply", "retire", "--site", "beta", "--as", "beta_admin", "--reason", "关停。", "--json"), 3)
    assert any("approval" in reason for reason in refused["refused"])
    application = told(apply_to_retire(verb, papers))
    assert application["state"] == "pending" and application["next_approver"] == "supervisor"
    number = str(application["application"])
    while application["next_approver"]:
        words = ["approve", number, "--as", application["next_approver"], "--opinion", "同意。", "--json"]
        application = told(verb(*words))
    assert application == {"application": int(number), "state": "approved", "next_approver": None}
    status = told(verb("site_status", "beta", "--json"))
    assert status["status"] == "live" and status["applications"][0]["carried_out"] is None
    [notice] = status["notices"]
    assert (notice["site"], notice["kind"], notice["status"], notice["url"]) == ("beta", "migration", "in_review", None)
    for reviewer in ("beta_content", "beta_secret"):
        page = ["--site", "beta", "--page", str(notice["page"]), "--as", reviewer]
        told(verb("review", *page, "--approve", "--opinion", "同意。", "--json"))
    status = told(verb("site_status", "beta", "--json"))
    assert status["status"] == "retiring" and status["notices"][0]["status"] == "live"
    assert told(verb("applications", "--site", "beta", "--json"))["applications"][0]["application"] == int(number)
    assert told(verb("applications", "--site", "alpha", "--json")) == {"applications": []}


def test_a_bad_day_is_wrong_use_and_a_missing_file_a_refusal(verb):
    words = ["apply", "offline", "--site", "beta", "--as", "beta_admin", "--reason", "维护。", "--json"]
    assert verb(*words, "--until", "2026-13-01").returncode == 2
    assert verb(*words, "--until", "2026-12-01", "--paper", "approval=nowhere.pdf").returncode == 3
    assert verb(*words, "--paper", "approval").returncode == 2
    assert verb("approve", "9999", "--as", "supervisor", "--opinion", "好", "--json").returncode == 3
    assert verb("site_status", "nowhere", "--json").returncode == 3


def at_once(*acts):
    """Run the acts in threads with connections of their own; return their outcomes, True or the refusal."""
    outcomes, barrier = [], threading.Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            act()
            outcomes.append(True)
        except Refused as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def soon():
    return local_day(timezone.now()) + timedelta(days=5)


def test_two_who_approve_at_once_decide_one_level(own_database):
    application = file("offline", "alpha", until=soon())
    supervisor = factories.user("supervisor")

    def decide():
        decide_application(application, acting_user=supervisor, approve=True, opinion="同意。", expected_step=0)

    outcomes = at_once(decide, decide)
    assert sorted(outcome is True for outcome in outcomes) == [False, True]
    assert ApplicationDecision.objects.filter(application=application).count() == 1
    assert SiteApplication.objects.get(pk=application.pk).state == "approved"


def test_an_approval_by_the_shell_is_of_the_level_that_was_due_when_it_was_given(own_database):
    """Who waited behind another supervisor does not decide the next level in place of whoever reads it."""
    application = file("offline", "beta", until=soon())
    words = ("approve", str(application.pk), "--as", "supervisor", "--opinion", "同意。")
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        hold_chain(get_tenant("beta").schema_name)
        done = other.submit(verb_process, own_database, *words)
        wait_until_somebody_waits()
        approve(application)
    assert done.result().returncode == 3, done.result()
    assert ApplicationDecision.objects.filter(application=application).count() == 1


def wait_until_somebody_waits():
    for _turn in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waited")


def test_an_approval_and_a_withdrawal_at_once_leave_what_was_withdrawn(own_database):
    """What was granted can be withdrawn until it takes effect; what was withdrawn is granted no more."""
    application = file("offline", "alpha", until=soon())
    admin = factories.user("alpha_admin")
    outcomes = at_once(
        lambda: approve(application),
        lambda: withdraw_application(application, acting_user=admin, reason="改期。"),
    )
    assert True in outcomes and all(one is True or isinstance(one, Refused) for one in outcomes)
    assert SiteApplication.objects.get(pk=application.pk).state == "withdrawn"


def test_two_who_file_at_once_leave_one_application(own_database):
    outcomes = at_once(*[lambda: file("offline", "beta", until=soon())] * 2)
    assert sorted(outcome is True for outcome in outcomes) == [False, True]
    assert SiteApplication.objects.count() == 1


def test_a_notice_that_cannot_be_put_up_is_seen_by_operators_and_made_later(own_database):
    from govplatform.consequences.models import Consequence
    from govplatform.lifecycle.tasks import look_after_sites
    from sites.columns.models import Column

    with tenant_context(get_tenant("alpha")):
        Column.objects.all().update(live=False)
    application = approve(file("offline", "alpha", until=soon()))
    row = Consequence.objects.get(line="put_up_notices")
    assert row.state == "ready" and "通知公告" in row.error
    assert get_tenant("alpha").status == "live"
    with tenant_context(get_tenant("alpha")):
        Column.objects.all().update(live=True)
    look_after_sites.func(0)
    [notice] = application.notices.all()
    with tenant_context(get_tenant("alpha")):
        assert Page.objects.get(pk=notice.page_id).workflow_in_progress
