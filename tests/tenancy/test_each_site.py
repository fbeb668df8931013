"""One broken site keeps none of the others from being served, and is not forgotten."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page, Revision

from govplatform.audit.models import Entry
from govplatform.review.gate.status import page_status
from govplatform.review.submission.due_pages import JOB, publish_due_pages
from govplatform.review.tasks import publish_scheduled, queue_lost_scans
from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.faults import LONGEST_PAUSE, describe_error, pause_after
from govplatform.tenancy.models import SiteFault, Tenant
from tests.factories import approve, draft_article, submit

from .broken_sites import BROKEN, as_the_owner, raise_at_each_change_of_a_page, repair, third_site


class Clock:
    """Stands where it is put, for everything that asks Django for the time."""

    def __init__(self, monkeypatch):
        self.at = timezone.now()
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.at)

    def go_on(self, **time):
        self.at += timedelta(**time)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def gamma(db):
    """A third site with an editor and reviewers of alpha's, so that it publishes as the others do."""
    from govplatform.accounts.models import Membership

    tenant = third_site()
    for name, role in (("editor", "editor"), ("content", "content-reviewer"), ("secret", "confidentiality-reviewer")):
        user = Membership.objects.get(user__username=f"alpha_{name}").user
        Membership.objects.create(user=user, tenant=tenant, role=role)
    return tenant


def scheduled(tenant: Tenant, at: datetime, people: str = "", **fields) -> int:
    """A page of ``tenant`` that was cleared for that time."""
    people = people or tenant.code
    with tenant_context(tenant):
        page = draft_article(f"{people}_editor", go_live_at=at, **fields)
        submit(page, f"{people}_editor")
        approve(page, f"{people}_content")
        approve(page, f"{people}_secret")
        assert page_status(Page.objects.get(pk=page.pk)) == "approved"
    return page.pk


def is_live(tenant: Tenant, page_id: int) -> bool:
    with tenant_context(tenant):
        return Page.objects.get(pk=page_id).live


# --- scheduled publishing -----------------------------------------------------------------


def test_a_trigger_that_raises_in_the_middle_of_three_sites_stops_neither_of_the_others(site, gamma, clock):
    alpha, beta = site("alpha"), site("beta")
    soon = clock.at + timedelta(hours=1)
    pages = {alpha: scheduled(alpha, soon), beta: scheduled(beta, soon), gamma: scheduled(gamma, soon, "alpha")}
    raise_at_each_change_of_a_page("site_beta")
    clock.go_on(hours=2)
    publish_scheduled(0)
    assert [is_live(tenant, page) for tenant, page in pages.items()] == [True, False, True]
    fault = SiteFault.objects.get()
    assert (fault.tenant, fault.job, fault.subject, fault.attempts) == (beta, JOB, f"page:{pages[beta]}", 1)
    assert "the table is broken" in fault.error
    assert "the whole draft" not in fault.error
    # Not a refusal by the gate: it stays scheduled, and goes live when the site is whole again.
    repair("site_beta")
    clock.go_on(minutes=1)
    publish_scheduled(0)
    assert is_live(beta, pages[beta])
    assert not SiteFault.objects.exists()


def test_a_page_that_cannot_be_published_does_not_stop_the_pages_after_it(alpha, clock):
    soon = clock.at + timedelta(hours=1)
    bad, good = scheduled(alpha, soon), scheduled(alpha, soon + timedelta(minutes=1))
    _break_one_page(bad, "P0001")
    clock.go_on(hours=2)
    assert publish_due_pages() == 1
    assert (is_live(alpha, bad), is_live(alpha, good)) == (False, True)
    assert Revision.objects.filter(object_id=str(bad), approved_go_live_at__isnull=False).exists()
    assert SiteFault.objects.get().subject == f"page:{bad}"


def test_a_refusal_by_the_trigger_of_the_gate_ends_the_schedule_with_its_reason(alpha, clock):
    soon = clock.at + timedelta(hours=1)
    bad, good = scheduled(alpha, soon), scheduled(alpha, soon + timedelta(minutes=1))
    _break_one_page(bad, "GP002")
    clock.go_on(hours=2)
    assert publish_due_pages() == 1
    assert page_status(Page.objects.get(pk=bad)) == "draft"
    assert is_live(alpha, good)
    refused = Entry.objects.get(chain=alpha.schema_name, act="page.schedule_refused")
    assert "发布关口" in refused.detail["reasons"][0]
    assert not SiteFault.objects.exists()


def test_a_page_that_does_not_come_down_keeps_none_after_it_up(alpha, clock):
    pages = []
    for _number in range(2):
        page = draft_article(expire_at=clock.at + timedelta(hours=1))
        submit(page)
        approve(page, "alpha_content")
        approve(page, "alpha_secret")
        pages.append(page.pk)
    _break_one_page(pages[0], "P0001")
    clock.go_on(hours=2)
    publish_due_pages()
    assert [is_live(alpha, page) for page in pages] == [True, False]
    assert SiteFault.objects.get().subject == f"expire:{pages[0]}"


def test_a_schedule_that_somebody_ended_meanwhile_is_not_refused(alpha, clock):
    """Two schedulers at once: the slower one is stopped by the trigger, and must not take back what is live."""
    from govplatform.review.submission.schedule import refuse_schedule

    page = scheduled(alpha, clock.at + timedelta(hours=1))
    revision = Revision.objects.get(object_id=str(page), approved_go_live_at__isnull=False)
    clock.go_on(hours=2)
    assert publish_due_pages() == 1
    assert refuse_schedule(revision, ["zu spät"]) is False
    assert page_status(Page.objects.get(pk=page)) == "live"
    assert not Entry.objects.filter(act="page.schedule_refused").exists()


def test_what_is_withdrawn_before_it_could_be_published_is_no_fault_any_more(alpha, clock):
    from govplatform.review.submission.actions import withdraw_page
    from tests.factories import user

    bad = scheduled(alpha, clock.at + timedelta(hours=1))
    _break_one_page(bad, "P0001")
    clock.go_on(hours=2)
    publish_due_pages()
    assert SiteFault.objects.count() == 1
    repair("site_alpha")
    withdraw_page(Page.objects.get(pk=bad), acting_user=user("alpha_content"), reason="不发了")
    publish_due_pages()
    assert not SiteFault.objects.exists()


def _break_one_page(page_id: int, code: str) -> None:
    as_the_owner(
        "CREATE FUNCTION site_alpha.test_broken() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF NEW.id = {page_id} THEN RAISE EXCEPTION 'not this one' USING ERRCODE = '{code}'; END IF;"
        " RETURN NEW; END $$",
        "CREATE TRIGGER zz_broken BEFORE UPDATE ON site_alpha.wagtailcore_page"
        " FOR EACH ROW EXECUTE FUNCTION site_alpha.test_broken()",
    )


# --- any act ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", BROKEN)
def test_a_site_without_its_tables_is_told_and_passed_over(site, gamma, how):
    statement, told = BROKEN[how]
    as_the_owner(statement)
    report = each_site(lambda run: Revision.objects.count(), job="counting")
    assert [tenant.code for tenant, _count in report.done] == ["alpha", "gamma"]
    assert [failure.tenant.code for failure in report.failed] == ["beta"]
    fault = SiteFault.objects.get()
    assert told in fault.error
    assert (fault.tenant.code, fault.job, fault.subject) == ("beta", "counting", "")


def test_whatever_an_act_raises_the_next_site_stands_in_its_own_schema(site, gamma):
    served = []

    def act(run):
        served.append((run.tenant.code, connection.schema_name))
        if run.tenant.code == "beta":
            raise KeyError("nobody thought of it")

    report = each_site(act, job="any")
    assert served == [("alpha", "site_alpha"), ("beta", "site_beta"), ("gamma", "site_gamma")]
    assert [failure.error for failure in report.failed] == ["KeyError: 'nobody thought of it'"]
    assert connection.schema_name == "public"


def test_a_connection_that_breaks_in_one_site_is_made_anew_for_the_next(own_database):
    third_site()

    def act(run):
        with connection.cursor() as cursor:
            if run.tenant.code == "beta":
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT count(*) FROM wagtailcore_page")
            return cursor.fetchone()[0]

    report = each_site(act, job="counting")
    assert [tenant.code for tenant, count in report.done if count] == ["alpha", "gamma"]
    assert SiteFault.objects.get().tenant.code == "beta"


def test_a_server_that_does_not_come_back_ends_the_run(own_database, monkeypatch):
    """Nothing can be done in any site then: the job fails as a whole, and the queue says so."""

    def gone():
        raise OperationalError("no route to the server")

    def act(run):
        connection.close()
        monkeypatch.setattr(connection, "connect", gone)
        raise OperationalError("the connection was cut")

    monkeypatch.setattr("govplatform.tenancy.each_site.time.sleep", lambda seconds: None)
    with pytest.raises(OperationalError, match="no route"):
        each_site(act, job="counting")


def test_a_broken_site_is_tried_after_growing_pauses_and_forgotten_when_it_works(site, clock):
    tried, broken = [], True

    def act(run):
        tried.append(run.tenant.code)
        if broken and run.tenant.code == "beta":
            raise ValueError("no")

    def turn(**time):
        tried.clear()
        clock.go_on(**time)
        each_site(act, job="counting")
        return "beta" in tried

    assert turn()
    assert SiteFault.objects.get().attempts == 1
    assert not turn(seconds=20)
    assert turn(seconds=40)
    assert not turn(minutes=1)
    assert turn(minutes=1)
    assert SiteFault.objects.get().attempts == 3
    broken = False
    assert turn(minutes=10)
    assert not SiteFault.objects.exists()


def test_a_job_of_every_minute_tries_again_at_the_next_one_and_never_less_than_six_times_an_hour():
    pauses = [pause_after(attempts) for attempts in range(1, 200)]
    assert pauses[0] < timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert set(pauses[6:]) == {LONGEST_PAUSE} and timedelta(minutes=10) >= LONGEST_PAUSE


def test_the_fault_of_one_job_does_not_pause_another(site, clock):
    def broken(run):
        raise ValueError("no")

    each_site(broken, job="one")
    report = each_site(lambda run: None, job="other")
    assert not report.paused and not report.failed
    assert set(SiteFault.objects.values_list("job", flat=True)) == {"one"}


def test_lost_scans_are_found_behind_a_broken_site(site, gamma):
    as_the_owner("ALTER TABLE site_beta.confidentiality_scan RENAME TO gone")
    queue_lost_scans(0)
    fault = SiteFault.objects.get()
    assert (fault.tenant.code, fault.job) == ("beta", "queue_lost_scans")


def test_the_appendixes_of_a_database_error_are_not_kept():
    told = describe_error(ValueError("null value\nDETAIL:  Failing row contains (12, a draft)"))
    assert told == "ValueError: null value"


def test_the_log_has_the_first_failure_with_its_traceback_and_the_later_ones_in_a_line(site, clock, caplog):
    def broken(run):
        raise ValueError("no")

    tenants = [site("alpha")]
    each_site(broken, job="one", tenants=tenants)
    clock.go_on(hours=1)
    each_site(broken, job="one", tenants=tenants)
    first, second = [record for record in caplog.records if record.name == "govplatform.tenancy"]
    assert first.exc_info and not second.exc_info
    assert "alpha" in second.getMessage() and "2" in second.getMessage()
