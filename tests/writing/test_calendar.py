"""编辑日历: what is planned and due, by month, each entry with the way to what it is about."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import TaskState

from govplatform.locks.holding import holding
from sites.columns.pinning import pin_page
from sites.writing.planned import Matter, planned_between
from sites.writing.planning import plan_draft
from tests import factories
from tests.factories import column, user
from tests.verbs import call_verb


def in_days(days):
    return timezone.now() + timedelta(days=days)


def matters(days=40):
    today = timezone.localdate()
    found, late = planned_between(today, today + timedelta(days=days))
    return {(one.matter, one.page_id): one for one in found}, late


def test_every_kind_stands_on_its_day(alpha, live, console):
    editor, public = user("alpha_editor"), live("article")
    pin_page(public, column(), timezone.localdate() + timedelta(days=3), acting_user=editor)
    planned, cleared = factories.draft_article(), factories.draft_article()
    plan_draft(planned, in_days(4), acting_user=editor)
    plan_draft(cleared, in_days(5), acting_user=editor)
    factories.publish(cleared)
    expiring = factories.live_article(expire_at=in_days(6))
    waiting = factories.draft_article()
    factories.submit(waiting)
    public.title = "改动的标题"
    public.go_live_at = in_days(7)
    with holding():
        public.save_revision(user=editor)
    found, overdue = matters()
    days = {key: (one.day - timezone.localdate()).days for key, one in found.items()}
    assert days[Matter.PIN, public.pk] == 3 and not found[Matter.PIN, public.pk].timed
    assert days[Matter.PLANNED, planned.pk] == 4 and days[Matter.PUBLISH, cleared.pk] == 5
    assert days[Matter.EXPIRE, expiring.pk] == 6 and days[Matter.PLANNED, public.pk] == 7
    assert (Matter.REVIEW, waiting.pk) in found and (Matter.PLANNED, cleared.pk) not in found
    assert not overdue
    client = console("alpha_editor", "alpha")
    month = f"{in_days(4):%Y-%m}"
    screen = client.get(f"/admin/calendar/?month={month}").content.decode()
    assert f"/admin/pages/{planned.pk}/edit/" in screen and "拟定时发布" in screen
    assert "/admin/calendar/" in client.get("/admin/").content.decode()
    reviewer = console("alpha_content", "alpha").get("/admin/calendar/").content.decode()
    assert f"/admin/pages/{planned.pk}/edit/" not in reviewer
    TaskState.objects.update(started_at=in_days(-60))
    late = client.get("/admin/calendar/").content.decode()
    assert "已过期限" in late and f"/admin/review/{waiting.pk}/" in late
    for wrong in ("2026-13", "x", "9999-12", "2999-12", "1900-01"):
        assert client.get(f"/admin/calendar/?month={wrong}").status_code == 200
    assert console("alpha_admin", "alpha").get("/admin/calendar/").status_code == 403


def test_the_verb_of_the_calendar(alpha):
    page = factories.draft_article()
    plan_draft(page, in_days(40), acting_user=user("alpha_editor"))
    told = call_verb("planned", "--site", "alpha", "--month", f"{in_days(40):%Y-%m}", "--json")
    assert f'"page": {page.pk}' in told.stdout and '"what": "planned"' in told.stdout
    assert call_verb("planned", "--site", "alpha", "--month", "Mai").returncode == 3
