"""各站办理情况: what overseers see of every site, each number leading to a list as long as it says."""

import csv
import io
import re
from datetime import UTC, datetime
from html import unescape

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from govplatform.cases.models import Case
from govplatform.cases.sender_acts import judge_answer
from govplatform.cases.site_numbers import site_numbers
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

from .conftest import TEXT, send_in
from .test_acts import assigned
from .test_life import cleared, handed_in
from .test_verbs import say  # noqa: F401

SCREEN = "/admin/cases/sites/"
LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def letters(desk):
    """At alpha: one answered by beta and judged, one late at beta, one that waits at the desk, one of last year."""
    case, page = handed_in()
    cleared(page)
    judge_answer(case, "satisfied")
    late = assigned(kind="help")
    Case.objects.filter(pk=late.pk).update(due_at=LONG_AGO)
    send_in(kind="complaint")
    Case.objects.update(submitted_at=datetime(2026, 3, 10, 2, tzinfo=UTC))
    old = send_in(kind="suggestion").case
    Case.objects.filter(pk=old.pk).update(submitted_at=datetime(2025, 3, 10, 2, tzinfo=UTC))
    return late


def _cells(html):
    """(address, number) of every link in the cells with numbers."""
    found = re.findall(r'<td class="number"[^>]*><a href="([^"]+)"[^>]*>(\d+)</a>', html)
    return [(unescape(address), int(number)) for address, number in found]


def _reads(asked):
    """How many statements read something, besides those that set a search path."""
    return sum(one["sql"].startswith("SELECT") for one in asked)


def test_the_start_page_says_who_is_late_and_each_number_leads_to_its_list(letters, console):
    supervisor = console("supervisor", "console")
    shown = supervisor.get("/admin/").content.decode()
    assert "超期未办结的来信" in shown
    total = int(re.search(r"全部站点共 (\d+) 件", shown)[1])
    assert total == site_numbers().total.late and get_tenant("beta").full_name in shown
    cells = _cells(shown[shown.index("超期未办结的来信") :])
    assert cells == [("/admin/cases/?show=overdue&organisation=beta", 1)]
    listed = supervisor.get(cells[0][0]).content.decode()
    assert set(re.findall(r"\b20\d{10}\b", listed)) == {letters.number}
    assert "超期未办结的来信" not in console("operator", "console").get("/admin/").content.decode()
    assert "超期未办结的来信" not in console("beta_editor", "beta").get("/admin/").content.decode()
    Case.objects.update(state="closed", ended_at=LONG_AGO)
    assert "超期未办结的来信" not in console("supervisor", "console").get("/admin/").content.decode()


def test_each_number_leads_to_a_list_as_long_as_it_says(letters, console):
    client = console("supervisor", "console")
    for asked, numbers in (
        ("", [4, 3, 1, 0, 1] * 2 + [2, 1, 1, 0, 1]),
        ("?year=2026", [3, 2, 1, 0, 1] * 2 + [2, 1, 1, 0, 1]),
        ("?year=2025", [1, 1, 0, 0, 0] * 2),
    ):
        cells = _cells(client.get(f"{SCREEN}{asked}").content.decode())
        assert [number for _address, number in cells] == numbers, asked
        for address, number in cells:
            listed = client.get(address).content.decode()
            assert listed.count('<td class="title">') == number, address
    html = client.get(SCREEN).content.decode()
    assert 'class="bad">1</a>' in html and "100%" in html and TEXT not in html
    [judged] = set(re.findall(r'href="([^"]*show=judged[^"]*organisation=beta[^"]*)"', html))
    assert client.get(unescape(judged)).content.decode().count('<td class="title">') == 1


def test_the_list_is_narrowed_by_site_and_year(letters, console):
    client = console("supervisor", "console")
    for asked, count in (
        ("organisation=beta", 2), ("organisation=alpha", 0), ("desk=alpha", 4), ("desk=beta", 0), ("year=2025", 1),
        ("organisation=beta&year=2025", 0), ("year=x", 4), ("organisation=%C3%A9", 0),
    ):  # fmt: skip
        html = client.get(f"/admin/cases/?show=all&{asked}").content.decode()
        assert html.count('<td class="title">') == count, asked
    assert '<option value="beta" selected>' in client.get("/admin/cases/?organisation=beta").content.decode()
    # At a desk these are nobody's filters: what is shown there is its own.
    own = console("alpha_clerk", "alpha").get("/admin/cases/?show=all&desk=beta").content.decode()
    assert own.count('<td class="title">') == 4 and 'name="organisation"' not in own


def test_it_goes_out_as_a_table(letters, console):
    client = console("supervisor", "console")
    got = client.get(f"{SCREEN}?year=2026&export=csv")
    assert got["Content-Disposition"] == 'attachment; filename="case-sites.csv"'
    rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    alpha, beta = (get_tenant(code).full_name for code in ("alpha", "beta"))
    assert [row[:6] for row in rows[1:]] == [
        ["受理站点", alpha, "3", "2", "1", "0"],
        ["办理站点", beta, "2", "1", "1", "0"],
    ]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{SCREEN}?export=xlsx").content))
    assert [cell.value for cell in book.active["C"]] == ["收到", "4", "2"]


def test_it_is_for_supervisors_and_says_when_there_is_nothing(desk, console):
    assert "还没有来信" in console("supervisor", "console").get(SCREEN).content.decode()
    assert "2024 年没有来信" in console("supervisor", "console").get(f"{SCREEN}?year=2024").content.decode()
    for who, where in (("operator", "console"), ("alpha_clerk", "alpha"), ("alpha_editor", "alpha")):
        assert console(who, where).get(SCREEN).status_code == 403, who


def test_the_verb_says_the_same(letters, say):  # noqa: F811
    told = say("case_statistics", "--sites", "--year", "2026")
    assert [(row["site"], row["received"], row["open"], row["late"]) for row in told["desks"]] == [("alpha", 3, 2, 1)]
    [beta] = told["organisations"]
    assert (beta["site"], beta["answered"], beta["satisfaction"]) == ("beta", 1, 100)


def test_many_sites_cost_no_more_statements(letters, console):
    client = console("supervisor", "console")
    client.get(SCREEN)
    with CaptureQueriesContext(connection) as few:
        client.get(SCREEN)
    sites = [
        Tenant(code=f"many{n}", schema_name=f"many{n}", full_name=f"第{n}局", kind=Tenant.Kind.DEPARTMENT)
        for n in range(60)
    ]
    Tenant.objects.bulk_create(sites)
    names = [field.column for field in Case._meta.concrete_fields if field.column != "id"]
    own = {"number": "'2026' || lpad((90000000 + t.id)::text, 8, '0')", "token": "md5(t.id::text) || md5('t')"}
    own["organisation_id"] = "t.id"
    columns, values = ", ".join(names), ", ".join(own.get(name, f"c.{name}") for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO public.cases_case ({columns}) SELECT {values} FROM public.cases_case c,"
            f" public.{Tenant._meta.db_table} t WHERE c.id = {letters.pk} AND t.code LIKE 'many%'"
        )
    with CaptureQueriesContext(connection) as many:
        html = client.get(SCREEN).content.decode()
    assert _reads(many) == _reads(few) and html.count('<td class="title">') == 1 + 1 + 50
    with CaptureQueriesContext(connection) as asked:
        assert len(site_numbers().organisations) == 61
    assert _reads(asked) == 3
