"""The console tenant shows the arrivals of all sites: a list, and the report of each."""

import csv
from types import SimpleNamespace

import pytest
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.arrivals.clearing import propose_historical_clearance
from sites.arrivals.models import Arrival
from sites.arrivals.over_sites import ArrivalsOfSites, Wanted
from tests import factories
from tests.arrivals.old_site import HOST, Answer, article
from tests.arrivals.uploading import ARRIVALS, surveyed

OVERVIEW = "/admin/arrivals-of-sites/"


@pytest.fixture
def two(db, tmp_path):
    """An arrival on each of two sites, of another old host each; the first waits for a second signature."""
    with tenant_context(get_tenant("alpha")):
        first = surveyed(tmp_path)
        propose_historical_clearance(first, acting_user=factories.user("alpha_content"), reason="旧网站已公开。")
    with tenant_context(get_tenant("beta")):
        second = surveyed(tmp_path, [Answer("/a.html", article("白石县的旧网页"))], user="beta_editor")
        Arrival.objects.filter(pk=second.pk).update(host="100%old.example", state="failed", reason="没有读完。")
    return SimpleNamespace(first=first.pk, second=second.pk)


def shown(client, **filters):
    return client.get(OVERVIEW, filters).content.decode()


@pytest.mark.parametrize("who", ["operator", "supervisor"])
def test_the_list_is_of_all_sites(console, two, who):
    html = shown(console(who, "console"))
    assert f"{OVERVIEW}alpha/{two.first}/" in html and f"{OVERVIEW}beta/{two.second}/" in html
    assert "澄州市白石县人民政府" in html and "没有读完。" in html and "甲编辑" in html and "乙编辑" in html


def test_it_is_narrowed_down(console, two):
    client = console("operator", "console")
    alpha, beta = f"{OVERVIEW}alpha/", f"{OVERVIEW}beta/"
    for filters, ours in (
        ({"site": "beta"}, beta),
        ({"state": "failed"}, beta),
        ({"q": "100%"}, beta),
        ({"q": HOST[:6].upper()}, alpha),
        ({"decision": "waiting"}, alpha),
    ):
        html = shown(client, **filters)
        assert [place for place in (alpha, beta) if place in html] == [ours], filters
    for nothing in ({"q": "%%"}, {"q": "_"}, {"state": "'; DROP"}, {"decision": "in force"}, {"q": "\\"}):
        assert "没有符合条件的接收" in shown(client, **nothing), nothing


def test_the_report_is_read_and_downloaded(console, two):
    client = console("operator", "console")
    address = f"{OVERVIEW}alpha/{two.first}/"
    html = client.get(address).content.decode()
    for words in (
        "岚河县检修山区供水设施",
        "列表页",
        "这里只供查看",
        "待批准",
        f"alpha.console.localhost:8000{ARRIVALS}{two.first}/",
    ):
        assert words in html, words
    assert '<form method="post"' not in html.partition("<main")[2]
    assert client.get(address, headers={"accept": "application/json"}).json()["running"] is False
    assert "没有符合条件的网址" in client.get(address, {"q": "没有的词"}).content.decode()
    table = client.get(f"{address}report.csv")
    rows = list(csv.reader(table.content.decode("utf-8-sig").splitlines()))
    assert any(row[3] == "岚河县检修山区供水设施" for row in rows)
    assert client.post(address, {"act": "import"}).status_code == 405


def test_what_there_is_not(console, two):
    client = console("operator", "console")
    for place in ("nowhere/1/", "console/1/", f"alpha/{two.first + 1000}/", "beta/999999/report.csv"):
        assert client.get(OVERVIEW + place).status_code == 404, place


def test_it_is_the_platform_s_alone(console, two):
    for who, site in (("alpha_admin", "alpha"), ("alpha_editor", "alpha")):
        assert console(who, site).get(OVERVIEW).status_code in (403, 404)
        assert console(who, site).get(f"{OVERVIEW}alpha/{two.first}/").status_code in (403, 404)
    assert "foreign-arrivals" in console("operator", "console").get("/admin/").content.decode()


def test_a_page_of_the_list_is_one_statement(two, django_assert_num_queries):
    found = ArrivalsOfSites([get_tenant("alpha"), get_tenant("beta")], Wanted())
    assert len(found) == 2
    # The savepoint around a question, the question, and the people whom its rows name.
    with django_assert_num_queries(4):
        page = found[0:1]
    assert [one.number for one in page] == [two.second]
