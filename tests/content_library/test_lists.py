"""Lists: filters together, queries of any length, paging that neither repeats nor leaves out, who sees what."""

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Resource
from content_library.resources import queries
from content_library.resources.changes import changes_since
from content_library.resources.permissions import may_read_library, may_see
from content_library.resources.queries import ListFilter, list_resources
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered

pytestmark = pytest.mark.django_db


def titles(**wanted):
    return [resource.title for resource in list_resources(ListFilter(**wanted)).resources]


@layered
def stored():
    """Five resources of two sites; newest last."""
    with tenant_context(get_tenant("alpha")):
        factories.live_article(title="农村饮水安全工作通知", subject_class="06")
        factories.live_article(title="城镇老旧小区改造公告", subject_class="10", repostable=False)
        factories.publish(
            factories.draft_policy(title="优化营商环境若干措施", subject_class="02", document_kind="measures")
        )
    with tenant_context(get_tenant("beta")):
        factories.live_article("beta", title="白石县饮水工程公告", subject_class="06")
        factories.live_article("beta", title="ABC 项目（Ⅱ期）招标", subject_class="06")


@pytest.fixture
def stock(stored, site):
    return site("alpha"), site("beta")


def test_filters_combine(stock):
    alpha, beta = stock
    assert titles(site=beta) == ["ABC 项目（Ⅱ期）招标", "白石县饮水工程公告"]
    assert titles(subject_class="06", query="饮水") == ["白石县饮水工程公告", "农村饮水安全工作通知"]
    assert titles(subject_class="06", query="饮水", site=alpha) == ["农村饮水安全工作通知"]
    assert titles(kind="policy", document_kind="measures", status="in_force") == ["优化营商环境若干措施"]
    assert titles(level="county", query="公告") == ["白石县饮水工程公告"]
    assert titles(subject_class="06", month="1999-01") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("水", 2), ("饮水 公告", 1), ("ａｂｃ", 1), ("abc项目", 1), ("II期", 1), ("老旧小区改造", 1), ("告", 2),
        ("水安公", 0),
        ("措施 营商", 1), ("澄政发〔2026〕3号", 1), ("'; DROP TABLE x; --", 0), ("\\' & | ! ()", 5), ("", 5),
    ],
)  # fmt: skip
def test_queries(stock, query, found):
    assert len(titles(query=query)) == found


def test_index_numbers_are_found(stock):
    number = Resource.objects.first().number
    assert len(titles(query=number)) == 1


def test_only_ones_own_and_what_is_open_to_all(stock, person):
    alpha, beta = stock
    assert "城镇老旧小区改造公告" in titles(viewer=alpha)
    assert "城镇老旧小区改造公告" not in titles(viewer=beta)
    assert len(titles(viewer=beta)) == 4
    hidden = Resource.objects.get(title="城镇老旧小区改造公告")
    assert may_see(hidden, alpha) and not may_see(hidden, beta)
    assert may_read_library(person("alpha_editor"), alpha) and not may_read_library(person("alpha_editor"), beta)
    assert not may_read_library(person("alpha_auditor"), alpha) and not may_read_library(person("outsider"), alpha)


@pytest.mark.parametrize("counted", [3_000, 1])
def test_pages_follow_each_other(stock, monkeypatch, counted):
    monkeypatch.setattr(queries, "COUNTED_UP_TO", counted)
    seen, after = [], ""
    while True:
        page = list_resources(ListFilter(), after=after, size=2)
        seen += [resource.title for resource in page.resources]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen[0] == "ABC 项目（Ⅱ期）招标"
    first = list_resources(ListFilter(), size=2)
    assert (first.total, first.total_is_exact) == ((5, True) if counted > 5 else (1, False))


def test_a_walk_that_meets_too_few_is_given_up(stock, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED_UP_TO", 1)
    monkeypatch.setattr(queries, "_WALKED_AT_MOST", 1)
    assert len(titles(query="饮水")) == 2


@pytest.mark.parametrize("cursor", ["x", "%%%", "MTIz", "é"])
def test_forged_positions_are_refused(stock, cursor):
    with pytest.raises(Refused):
        list_resources(ListFilter(), after=cursor)
    with pytest.raises(Refused):
        changes_since(cursor)


def test_a_wrong_month_is_refused(stock):
    with pytest.raises(Refused):
        list_resources(ListFilter(month="11月"))
