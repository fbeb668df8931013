"""A site is offline for a time: limits, both notices, the answer with Retry-After, and back again by the clock."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from govplatform.audit.models import Entry
from govplatform.lifecycle.applications.queries import applications_of, describe_applications
from govplatform.lifecycle.models import SiteApplication, SiteNotice
from govplatform.lifecycle.notices.actions import put_up_notices
from govplatform.lifecycle.states import clock
from govplatform.lifecycle.states.actions import carry_out
from govplatform.lifecycle.tasks import look_after_sites
from govplatform.refusals import Refused
from govplatform.rule_packs.working_days import CHINA, local_day
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

from .life import approve, approve_to_the_end, clear_notices, file

pytestmark = pytest.mark.django_db


def in_days(days):
    return local_day(timezone.now()) + timedelta(days=days)


def offline(days=10, **more):
    application = approve_to_the_end(file("offline", "beta", until=in_days(days), **more))
    clear_notices(application)
    return SiteApplication.objects.get(pk=application.pk)


def tick():
    look_after_sites.func(0)


def test_both_sites_tell_of_it_before_it_happens(citizen):
    application = approve_to_the_end(file("offline", "beta", until=in_days(10)))
    assert get_tenant("beta").status == "live"
    assert {(n.kind, n.site.code) for n in application.notices.all()} == {("offline", "alpha"), ("offline", "beta")}
    clear_notices(application)
    tenant = get_tenant("beta")
    assert tenant.status == "offline"
    assert tenant.offline_until == datetime.combine(in_days(10), datetime.min.time(), CHINA)


def test_the_public_host_answers_with_the_notice_and_the_seconds_that_are_left(citizen):
    offline(10)
    answer = citizen("beta").get("/news/")
    assert answer.status_code == 503
    left = (get_tenant("beta").offline_until - timezone.now()).total_seconds()
    assert abs(int(answer.headers["Retry-After"]) - left) < 60
    text = answer.content.decode()
    assert "临时下线公告" in text and "计划恢复时间" in text and "工作动态" not in text
    assert citizen("beta").get("/api/library/resources/").headers["Retry-After"] != "3600"


def test_before_the_notice_of_an_order_is_cleared_nothing_is_promised(citizen):
    """It took effect at once; nobody knows when the site is back, so it is no maintenance that is over soon."""
    file("offline", "beta", ground="ordered")
    carry_out(SiteApplication.objects.get().pk)
    answer = citizen("beta").get("/")
    text = answer.content.decode()
    assert answer.status_code == 503 and "公告正在审核" in text and "很快就会恢复" not in text


def test_its_console_goes_on_working(console):
    offline(10)
    assert console("beta_editor", "beta").get("/admin/").status_code == 200


@pytest.mark.parametrize(("days", "word"), [(31, "最长 30"), (0, "今天之后"), (-1, "今天之后")])
def test_the_length_has_its_limit(days, word):
    with pytest.raises(Refused, match=word):
        file("offline", "beta", until=in_days(days))


def test_thirty_days_are_allowed_and_a_day_has_to_be_named():
    with pytest.raises(Refused, match="计划恢复日期"):
        file("offline", "beta")
    assert file("offline", "beta", until=in_days(30)).pk


def test_once_a_year_and_what_was_ordered_does_not_count():
    application = offline(5)
    Tenant.objects.filter(code="beta").update(offline_until=timezone.now() - timedelta(minutes=1))
    tick()
    assert get_tenant("beta").status == "live"
    with pytest.raises(Refused, match="每年不超过"):
        file("offline", "beta", until=in_days(3))
    report = file("offline", "beta", ground="ordered")
    assert (report.state, report.counted, report.levels) == ("reported", False, ["console"])
    # It was last year: the count begins anew.
    report = approve_to_the_end(report)
    approve_to_the_end(file("open", "beta"))
    SiteApplication.objects.filter(pk=application.pk).update(carried_out_at=timezone.now() - timedelta(days=366))
    assert file("offline", "beta", until=in_days(3)).counted


def test_two_that_touch_at_the_turn_of_a_year_are_told_to_whoever_decides(console):
    application = offline(5)
    Tenant.objects.filter(code="beta").update(offline_until=timezone.now() - timedelta(minutes=1))
    tick()
    last_year = datetime(timezone.localtime().year - 1, 12, 20, 8, tzinfo=CHINA)
    SiteApplication.objects.filter(pk=application.pk).update(carried_out_at=last_year)
    again = file("offline", "beta", until=in_days(30))
    page = console("supervisor", "console").get(f"/admin/site-applications/{again.pk}/").content.decode()
    assert f"上一次临时下线于 {in_days(0)} 结束（{last_year:%Y-%m-%d} 开始）" in page
    (told,) = [one for one in describe_applications(applications_of()) if one["application"] == again.pk]
    assert told["offline_before"].startswith(f"{SiteApplication.objects.get(pk=application.pk).ended_at:%Y-%m-%d}")
    # One that was ordered counts neither way, and nothing has to be weighed.
    assert not [one for one in describe_applications([application]) if one["offline_before"]]


def test_what_is_reported_takes_effect_at_once_and_is_verified_afterwards():
    from govplatform.lifecycle.states.actions import carry_out

    report = file("offline", "beta", ground="force-majeure")
    carry_out(report.pk)
    assert get_tenant("beta").status == "offline"
    assert approve(report).state == "approved"
    assert get_tenant("beta").status == "offline"


def test_a_report_that_is_not_accepted_brings_the_site_back():
    from govplatform.lifecycle.states.actions import carry_out

    report = file("offline", "beta", ground="force-majeure")
    carry_out(report.pk)
    report = approve(report, approve=False)
    carry_out(report.pk)
    assert get_tenant("beta").status == "live"
    assert SiteApplication.objects.get(pk=report.pk).ended_at is not None


def test_its_time_is_over_at_midnight_and_the_notices_come_down(citizen, monkeypatch):
    application = offline(2)
    back = get_tenant("beta").offline_until
    for now, status in ((back - timedelta(seconds=1), "offline"), (back, "live")):
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        tick()
        assert get_tenant("beta").status == status, now
    monkeypatch.undo()
    assert citizen("beta").get("/").status_code == 200
    assert not SiteNotice.objects.filter(application=application, down_at=None).exists()
    for code in ("alpha", "beta"):
        assert Entry.objects.filter(chain=get_tenant(code).schema_name, act="notice.down").exists()


def test_a_day_that_passed_while_it_waited_is_seen_by_the_last_approval(monkeypatch):
    application = approve(file("offline", "beta", until=in_days(1)))
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with pytest.raises(Refused, match="今天之后"):
        approve(application)


def test_reviewers_who_took_longer_than_the_time_itself_take_nothing_down(monkeypatch):
    yesterday = timezone.now() - timedelta(days=1)
    with monkeypatch.context() as clock_of_then:
        clock_of_then.setattr("django.utils.timezone.now", lambda: yesterday)
        application = file("offline", "beta", until=in_days(1))
        while application.is_open:
            application = approve(application)
    put_up_notices(application.pk)
    clear_notices(application)
    application.refresh_from_db()
    assert get_tenant("beta").status == "live" and application.ended_at and not application.counted


def test_it_may_come_back_before_its_time():
    offline(10)
    application = approve_to_the_end(file("open", "beta"))
    assert application.carried_out_at and get_tenant("beta").status == "live"
    assert not SiteApplication.objects.filter(kind="offline", ended_at=None).exists()


def test_reminders_come_before_the_limit_and_once(monkeypatch):
    application = offline(10)
    tick()
    assert not Entry.objects.filter(act="application.remind").exists()
    near = get_tenant("beta").offline_until - timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: near)
    tick()
    tick()
    [entry] = Entry.objects.filter(act="application.remind")
    assert entry.detail["limit"] == "return"
    assert clock.clock_of(SiteApplication.objects.get(pk=application.pk))[0] == "return"


def test_a_decision_that_is_due_is_reminded_of(monkeypatch):
    application = file("offline", "beta", until=in_days(20))
    monkeypatch.setattr("django.utils.timezone.now", lambda: application.due_at)
    tick()
    [entry] = Entry.objects.filter(act="application.remind")
    assert entry.detail["limit"] == "decision"


def test_an_impossible_day_is_no_crash():
    with pytest.raises(Refused):
        file("offline", "beta", until=date.max)
