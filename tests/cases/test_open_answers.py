"""公开答复 and 统计: numbers that lead to lists, in which nothing stands that is not public."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from govplatform.cases.models import Case
from govplatform.cases.sender_acts import judge_answer
from govplatform.cases.statistics import case_statistics
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.interaction.correcting import open_correction

from .conftest import IDENTITY, TEXT, send_in
from .test_error_reports import changed, forwarded
from .test_life import cleared, handed_in, person

LETTERS, FIGURES, ERRORS = "/interaction/letters/", "/interaction/statistics/", "/interaction/errors/"


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


def _leads(html):
    """(address, number) of every number that is a link, in tables and in the picture."""
    found = re.findall(r'href="(/interaction/[^"]+)">(\d+)</a>', html)
    found += re.findall(r'<a href="([^"]+)" aria-label="[^"]* (\d+) 件"><title>', html)
    return [(unescape(address), int(number)) for address, number in found]


def _listed(client, address):
    """How many answers stand in the list at ``address``."""
    shown = client.get(address)
    assert shown.status_code == 200 and not shown.cookies
    return len(re.findall(r"<li><(?:h2|a href=[^>]*><span class=\"list-mark)", shown.content.decode()))


def test_each_number_leads_to_a_list_as_long_as_it_says(live, answered, citizen):
    Tenant.objects.filter(code="beta").update(kind=Tenant.Kind.DEPARTMENT)
    page = live("article", "beta")
    corrected = forwarded(page)
    open_correction(corrected, acting_user=person("beta_editor"), answer="电话已经更正。")
    changed(page)
    cleared(page)
    came = datetime(2026, 3, 20, 10, tzinfo=timezone.get_current_timezone())
    assert Case.objects.filter(pk=corrected.pk, published_path=ERRORS).update(submitted_at=came) == 1
    client = citizen("alpha")
    html = client.get(f"{FIGURES}?year=2026").content.decode()
    leads = _leads(html)
    for address, number in leads:
        assert number and _listed(client, address) == number, address
    # In all, by kind, by organisation and by month, and a bar for each of the two.
    assert [address.split("?")[0] for address, _number in leads].count(LETTERS) == 5
    assert [address.split("?")[0] for address, _number in leads].count(ERRORS) == 5
    assert "<svg" in html and "3月收到 4 件，答复 3 件，公开 1 件" in html
    assert 'role="group"' in html and "2026年3月公开 1 件" in html and "2026年3月更正 1 件" in html
    assert "举报某某" not in html and "100%" in html
    told = client.get(f"{LETTERS}?month=2026-03").content.decode()
    assert "公开 1 件" in told and "另有 1 件纠错以更正页面答复" in told
    assert _listed(client, f"{ERRORS}?by=correction&month=2026-04") == 0


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
