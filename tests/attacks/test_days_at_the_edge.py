"""Days that nobody means, typed where a day is asked for: 9999-12-31 for ever, the first year, other forms."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from govplatform.days import LAST, end_of_day, parse_day
from govplatform.refusals import Refused
from sites.columns.models import Pin
from sites.columns.pinning import pin_page
from sites.home.actions import change_home
from sites.home.models import HomePage
from sites.writing.batches import plan_pages
from tests import factories
from tests.factories import column, user

FOR_EVER = "9999-12-31"


def test_a_day_is_written_in_one_way_and_its_end_is_a_moment():
    assert parse_day(" 2026-03-02 ") == date(2026, 3, 2)
    assert [parse_day(text) for text in ("20260302", "2026-W10-1", FOR_EVER, "0001-01-01", "")] == [None] * 5
    assert end_of_day(date.max) == end_of_day(LAST)


def test_nobody_pins_for_ever(alpha, console, citizen):
    page = factories.live_article()
    screen, sent = f"/admin/writing/pin/{page.pk}/", {"column": column().pk, "last_day": FOR_EVER}
    assert "请选" in console("alpha_editor", "alpha").post(screen, sent).content.decode()
    assert not Pin.objects.exists()
    # Pinned before this was asked, the column is shown all the same.
    pin_page(page, column(), timezone.localdate(), acting_user=user("alpha_editor"))
    Pin.objects.update(last_day=date.max)
    assert citizen("alpha").get("/news/").status_code == 200
    assert console("alpha_editor", "alpha").get("/admin/calendar/?month=9999-12").status_code == 200


@pytest.mark.parametrize("until", [FOR_EVER, "20991231", "2099-W01-1"])
def test_no_notice_of_the_home_page_ends_it(alpha, citizen, until):
    home, rows = HomePage.objects.get(), [{"title": "维护", "until": until}]
    with pytest.raises(Refused, match="不是日期"):
        change_home(home, notices=rows, reason="系统维护", acting_user=user("alpha_admin"))
    HomePage.objects.update(notices=rows, floating=rows)
    assert citizen("alpha").get("/").status_code == 200


@pytest.mark.parametrize("day", [date.max, date.min])
def test_nothing_is_planned_for_the_end_or_the_beginning_of_the_calendar(alpha, console, day):
    moment = datetime.combine(day, time(23, 59), timezone.get_current_timezone())
    page = factories.draft_article()
    [result] = plan_pages([page.pk], moment, acting_user=user("alpha_editor"))
    assert not result.done and "请选" in result.said[0]
    sent = {"id": page.pk, "moment": f"{day.isoformat()}T23:59"}
    answer = console("alpha_editor", "alpha").post("/admin/writing/batch/plan/", sent)
    assert answer.status_code == 200 and "请选" in answer.content.decode()
    assert plan_pages([page.pk], datetime(2099, 1, 1, tzinfo=UTC), acting_user=user("alpha_editor"))[0].done
