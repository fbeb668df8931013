"""公开答复 and 统计: numbers that lead to lists, in which nothing stands that is not public."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from govplatform.cases.models import Case
from govplatform.cases.sender_acts import judge_answer
from govplatform.cases.statistics import case_statistics
from govplatform.tenancy.queries import get_tenant

from .conftest import IDENTITY, TEXT, send_in
from .test_life import cleared, handed_in

LETTERS, FIGURES = "/interaction/letters/", "/interaction/statistics/"


@pytest.fixture
def answered(desk):
    """A public answer of beta, a private one of alpha to a report, and a letter that waits; all of March 2026."""
    public, page = handed_in(title=f"路灯 {IDENTITY}")
    cleared(page)
    judge_answer(public, "fairly")
    _report, page = handed_in("alpha", kind="report", title="举报某某")
    cleared(page, "alpha")
    send_in(kind="help", title="还在等")
    came = datetime(2026, 3, 10, 10, tzinfo=timezone.get_current_timezone())
    Case.objects.update(submitted_at=came)
    Case.objects.filter(state="replied").update(ended_at=came + timedelta(days=2))
    return public


def test_the_list_names_what_is_public_and_counts_the_rest(answered, citizen):
    shown = citizen("alpha").get(LETTERS)
    html = shown.content.decode()
    assert shown.status_code == 200 and not shown.cookies
    assert "路灯 110105********002X" in html and IDENTITY not in html and TEXT not in html
    answered.refresh_from_db()
    assert f'beta.localhost{answered.published_path}"' in html.replace(":8000", "")
    assert "收到 3 件，答复 2 件，公开 1 件" in html
    for hidden in ("举报某某", "还在等", answered.number):
        assert hidden not in html


def test_it_is_narrowed_down(answered, citizen):
    client = citizen("alpha")
    for asked, found in (
        ("kind=consultation&organisation=beta&month=2026-03", True), ("month=2026", True), ("kind=help", False),
        ("organisation=alpha", False), ("month=2026-04", False), ("kind=x&organisation=%C3%A9&month=2026-99", True),
    ):  # fmt: skip
        html = client.get(f"{LETTERS}?{asked}").content.decode()
        assert ("路灯 110105********002X" in html) is found, asked


def test_it_is_paged(answered, citizen):
    client = citizen("alpha")
    assert client.get(f"{LETTERS}?page=1").status_code == 200
    for wrong in ("2", "0", "x", "9" * 20):
        assert client.get(f"{LETTERS}?page={wrong}").status_code == 404


def test_each_number_leads_to_its_list(answered, citizen):
    client = citizen("alpha")
    html = client.get(f"{FIGURES}?year=2026").content.decode()
    assert "<svg" in html and "3月收到 3 件，答复 2 件，公开 1 件" in html
    links = set(re.findall(rf'href="({LETTERS}\?[^"]+)">\d', html))
    assert len(links) == 1 + 3 + 2 + 1
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert "举报某某" not in html and "100%" in html


def test_a_department_shows_the_platform_of_its_portal(answered, citizen):
    beta = get_tenant("beta")
    type(beta).objects.filter(pk=beta.pk).update(kind="department")
    for path in (LETTERS, FIGURES):
        assert citizen("beta").get(path).status_code == 200
    assert "收到 3 件" in citizen("beta").get(LETTERS).content.decode()


def test_the_verb_counts_months_and_judgements(answered):
    counted = case_statistics(site=get_tenant("alpha"), year=2026)
    assert counted["by_month"] == {"2026-03": {"received": 3, "answered": 2, "published": 1}}
    assert counted["average_days"] == 2.0 and counted["satisfaction"]["fairly"] == 1
    assert case_statistics(year=2025)["received"] == 0


def test_columns_of_letters_show_what_other_sites_answered(answered, citizen):
    at_desk = citizen("alpha").get("/letters/").content.decode()
    assert "各单位的答复" in at_desk and "路灯 110105********002X" in at_desk
    for address in (LETTERS, FIGURES, "/interaction/write/"):
        assert f'href="{address}"' in at_desk
    assert "各单位的答复" not in citizen("beta").get("/letters/").content.decode()
