"""The supervisor's figures, the bars drawn from them, and the pattern of index numbers."""

import csv
import io
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.console import counting
from content_library.console.charts import column_chart, share_of
from content_library.console.counting import month_after, quiet_sites, read_figures
from content_library.console.differences import difference
from content_library.models import IndexPattern, Repost, Resource
from content_library.resources.actions import withdraw_resource
from govplatform.audit.models import Entry
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered
from tests.reposts.conftest import corrected_at, live_at, reposted_at


@layered
def counted():
    """Key of a resource with a correction and a repost; another of beta, and one that was withdrawn."""
    source, first = live_at("alpha", title="一号公告", subject_class="06")
    corrected_at("alpha", source, title="一号公告更正")
    live_at("beta", title="二号公告", subject_class="10")
    _page, gone = live_at("alpha", title="撤回公告", subject_class="06")
    withdraw_resource(gone, reason="撤回")
    reposted_at("beta", first)
    return first.pk


@pytest.fixture
def stock(counted):
    return Resource.objects.get(pk=counted)


def rows_of(client, of):
    answer = client.get(f"/admin/library-statistics/export/?of={of}")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_figures_count_each_resource_once(stock):
    figures = read_figures(12)
    assert (figures.total("public"), figures.total("corrected"), figures.total("withdrawn")) == (2, 1, 1)
    assert {figure.key: figure.public for figure in figures.by_class} == {"06": 1, "10": 1}
    assert [figure.key for figure in figures.by_month] == [timezone.localdate().strftime("%Y-%m")]
    assert {figure.key: figure.public for figure in figures.by_level} == {"city": 1, "county": 1}


def test_each_number_leads_to_its_list(stock, console):
    client = console("supervisor", "console")
    html = unescape(client.get("/admin/library-statistics/").content.decode())
    for link in ("?site=alpha", "?subject_class=06", "?status=withdrawn", "?status=corrected", "?level=county"):
        assert f"/admin/library/{link}" in html
        assert client.get(f"/admin/library/{link}").status_code == 200
    assert "<svg" in html and "数字表" in html and "一号公告更正" in html and "撤回公告" in html


def test_every_list_is_there_as_csv(stock, console):
    client = console("supervisor", "console")
    assert ["云江省澄州市人民政府", "1", "1", "1"] in rows_of(client, "site")
    assert ["农业、林业、水利", "1", "1", "1"] in rows_of(client, "class")
    assert rows_of(client, "month")[-1][1:] == ["2", "1", "1"]
    assert ["县级", "1", "0", "0"] in rows_of(client, "level")
    assert rows_of(client, "reposted")[1][0] == "一号公告更正"
    assert rows_of(client, "quiet") == [["站点代码", "站点", "最近发布", "最近转载"]]
    assert client.get("/admin/library-statistics/export/?of=people").status_code == 404


def test_a_title_is_never_a_formula(db, console):
    _page, resource = live_at("alpha", title="=1+1的公告")
    reposted_at("beta", resource)
    assert rows_of(console("supervisor", "console"), "reposted")[1][0] == "'=1+1的公告"


@pytest.mark.django_db
def test_a_site_that_reposts_is_not_silent(monkeypatch):
    _page, resource = live_at("alpha")
    live_at("beta")
    reposted_at("beta", resource)
    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr(counting.timezone, "now", lambda: later)
    assert [one.site.code for one in quiet_sites(30)] == ["alpha", "beta"]
    Repost.objects.update(published_at=later)
    assert [one.site.code for one in quiet_sites(30)] == ["alpha"]
    assert quiet_sites(60) == []


@pytest.mark.django_db
def test_a_period_that_is_none_falls_back(console):
    client = console("supervisor", "console")
    for query in ("months=0", "months=x", "days=-3", "days=x"):
        assert client.get(f"/admin/library-statistics/?{query}").status_code == 200


@pytest.mark.unit
def test_bars_stay_in_the_drawing():
    chart = column_chart([("a", 0), ("b", 7), ("c", 9)])
    assert chart is not None and chart.ticks[-1][1] >= 9
    assert all(
        0 <= bar.y <= chart.base and bar.y + bar.height == pytest.approx(chart.base, abs=0.2) for bar in chart.columns
    )
    assert chart.columns[0].height == 0
    assert column_chart([]) is None and column_chart([("a", 0)]) is None
    assert share_of(1, 100000) == 1.0 and share_of(0, 5) == 0.0 and share_of(5, 5) == 100


@pytest.mark.unit
def test_months_run_over_the_year():
    from datetime import date

    assert month_after(date(2026, 1, 15), -1) == date(2025, 12, 1)
    assert month_after(date(2026, 12, 1), 1) == date(2027, 1, 1)


@pytest.mark.django_db
def test_a_difference_marks_letters_and_leaves_out_what_is_the_same():
    def body(*paragraphs):
        return [{"type": "rich_text", "value": "".join(f"<p>{words}</p>" for words in paragraphs)}]

    same = [f"第{number}段没有变化" for number in range(7)]
    source, resource = live_at("alpha", title="旧标题", body=body(*same, "共有三十人参加会议"))
    before = resource.current
    words = [*same, "共有五十人参加会议", "新的一段"]
    after = corrected_at("alpha", source, title="新标题", body=body(*words)).current
    found = difference(before, after)
    assert ("标题", "旧标题", "新标题") in found.fields
    assert found.lines[0].kind == "skipped" and found.lines[0].count == 5
    changed = next(line for line in found.lines if line.kind == "changed")
    assert ("removed", "三") in changed.spans and ("added", "五") in changed.spans
    assert found.lines[-1].spans == (("added", "新的一段"),)
    assert difference(before, before).is_empty


# --- 索引号规则 --------------------------------------------------------------------------------


def test_the_administrator_sees_what_a_pattern_writes_and_sets_it(db, console):
    client = console("alpha_admin", "alpha")
    year = timezone.localdate().year
    pattern = "{identity_code}〔{year}〕{serial:04d}"
    assert client.get("/admin/index-numbers/preview/", {"pattern": pattern}).json() == {
        "examples": [f"5301000001〔{year}〕000{number}" for number in (1, 2, 3)],
        "faults": [],
    }
    found = client.get("/admin/index-numbers/preview/", {"pattern": "{serial}x"}).json()
    assert not found["examples"] and any("identity_code" in fault for fault in found["faults"])
    answer = client.post("/admin/index-numbers/", {"pattern": "{year}-{serial}"})
    assert answer.status_code == 400 and "identity_code" in answer.content.decode()
    assert client.post("/admin/index-numbers/", {"pattern": pattern}).status_code == 302
    assert IndexPattern.objects.get().pattern == pattern
    assert Entry.objects.filter(act="library.index_pattern", actor_name__contains="甲管理").exists()
    with tenant_context(get_tenant("alpha")):
        published = factories.live_article()
    assert Resource.objects.get(page_id=published.pk).number == f"5301000001〔{year}〕0001"


@pytest.mark.parametrize(
    ("who", "site"), [("alpha_editor", "alpha"), ("alpha_auditor", "alpha"), ("supervisor", "console")]
)
def test_nobody_else_sets_the_pattern(db, console, who, site):
    client = console(who, site)
    assert client.get("/admin/index-numbers/").status_code == 403
    assert client.post("/admin/index-numbers/", {"pattern": "{identity_code}{year}{serial}"}).status_code == 403
    assert client.get("/admin/index-numbers/preview/?pattern=x").status_code == 403
    assert not IndexPattern.objects.exists()
