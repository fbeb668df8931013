"""Operators see what differs, since when, how the engines are and what waits; they compare and repair from there."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.refusals import Refused
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from search.checking import check_search
from search.engine import SHAPE, EngineUnavailable
from search.engines.choosing import own_engine
from search.indexing.actions import give
from search.models import Comparison, Difference, FileText, PostgresEntry, Rebuild, SearchDocument, SearchText
from search.tasks import reconcile_search, reconcile_site_search
from search.upkeep.actions import request_comparison, run_comparison
from search.upkeep.differences import KEPT
from tests import factories
from tests.layers import layered
from tests.reposts.conftest import live_at

from .conftest import run_jobs

SCREEN = "/admin/search-upkeep/"
TITLE = "关于秋季防火的通知"


@pytest.fixture
def verb(verb_inside: Any) -> Any:
    return verb_inside


@layered
def entered_before() -> int:
    """The key of a document that agrees with the library and with the index, as all others do."""
    check_search(repair=True)
    Rebuild.objects.create(engine="postgres", shape=SHAPE, finished_at=timezone.now())
    live_at("alpha", title=TITLE)
    run_jobs()
    return SearchDocument.objects.get(title=TITLE).pk


@pytest.fixture
def entered(entered_before: int) -> SearchDocument:
    return SearchDocument.objects.get(pk=entered_before)


def seen(client: Any) -> str:
    return client.get(SCREEN).content.decode()


def compared(*, repair: bool) -> Comparison:
    run = request_comparison(repair=repair, acting_user=factories.user("operator"))
    run_jobs()
    run.refresh_from_db()
    return run


def test_an_operator_compares_reads_what_differs_and_repairs(entered, console):
    client = console("operator", "console")
    assert "还没有核对过" in seen(client)
    SearchText.objects.filter(document=entered).update(folded="")
    PostgresEntry.objects.filter(pk=entered.pk).delete()
    assert client.post(SCREEN, {"act": "compare"}).status_code == 302
    page = seen(client)
    assert "data-batch" in page and "只核对" not in page
    news = json.loads(client.get(SCREEN, headers={"accept": "application/json"}).content)
    assert (news["running"], news["label"]) == (True, "排队中")
    run_jobs()
    news = json.loads(client.get(SCREEN, headers={"accept": "application/json"}).content)
    assert not news["running"] and news["done"] == news["total"] > 1
    page = seen(client)
    assert "检索文档与信息资源库不一致" in page and "检索引擎中没有这份文档" in page and TITLE in page
    assert "差异 2 项" in page
    # What stands is told apart from what has ended, also while there is some of both.
    assert "最近发现" in page and "不再出现" not in page
    assert client.post(SCREEN, {"act": "repair"}).status_code == 302
    run_jobs()
    page = seen(client)
    assert "没有差异" in page and "最近消除的差异" in page and "已修复" in page
    PostgresEntry.objects.filter(pk=entered.pk).delete()
    client.post(SCREEN, {"act": "compare"})
    run_jobs()
    standing, _summary, ended = seen(client).partition("最近消除的差异")
    assert "最近发现" in standing and "已修复" not in standing and "已修复" in ended
    check_search(repair=True)
    assert check_search().faults == []
    acts = Entry.objects.filter(chain=PLATFORM_CHAIN, act="search.compare").order_by("number")
    assert [entry.detail for entry in acts] == [{"repair": False}, {"repair": True}, {"repair": False}]


def test_since_when_it_differs_outlives_the_next_comparison(entered):
    PostgresEntry.objects.filter(pk=entered.pk).delete()
    compared(repair=False)
    long_ago = timezone.now() - timedelta(days=3)
    Difference.objects.update(since=long_ago, seen_at=long_ago)
    compared(repair=False)
    row = Difference.objects.get()
    assert (row.since, row.ended_at) == (long_ago, None) and row.seen_at > long_ago
    # Something else brought it in line: it has ended without a repair.
    give(own_engine(), [entered])
    assert compared(repair=True).faults == 0
    row.refresh_from_db()
    assert row.ended_at is not None and not row.repaired
    # The same again is another difference, with a beginning of its own.
    PostgresEntry.objects.filter(pk=entered.pk).delete()
    compared(repair=False)
    assert Difference.objects.get(ended_at=None).since > long_ago


def test_an_engine_that_does_not_answer_ends_nothing(entered, monkeypatch):
    """What could not be compared is as it was known."""
    PostgresEntry.objects.filter(pk=entered.pk).delete()
    compared(repair=False)

    def silent(*_args, **_named):
        raise EngineUnavailable("没有应答")

    with monkeypatch.context() as patched:
        patched.setattr("search.engines.postgres.PostgresEngine.versions", silent)
        run = compared(repair=True)
        again = compared(repair=True)
    assert run.faults == again.faults == 1
    standing = Difference.objects.filter(ended_at=None)
    assert sorted(row.key for row in standing) == ["", entered.key]
    compared(repair=True)
    assert not Difference.objects.filter(ended_at=None).exists()


def test_nights_and_verbs_are_kept_too(entered):
    PostgresEntry.objects.filter(pk=entered.pk).delete()
    reconcile_search(0)
    reconcile_site_search(0)
    assert Difference.objects.get().repaired
    runs = Comparison.objects.filter(nightly=True, state=Comparison.State.DONE)
    assert sorted(runs.values_list("faults", flat=True)) == [0, 1]


def test_the_verb_keeps_what_it_found_and_prints_as_before(verb, live):
    told = json.loads(verb("check_search", "--json").stdout)
    assert set(told["faults"][0]) == {"engine", "key", "title", "problem"}
    assert Difference.objects.filter(ended_at=None).count() == min(len(told["faults"]), KEPT)
    verb("check_search", "--repair")
    assert not Difference.objects.filter(ended_at=None).exists()


def test_one_comparison_at_a_time_and_a_broken_one_says_why(entered, monkeypatch):
    run = request_comparison(repair=False, acting_user=None)
    with pytest.raises(Refused, match="正在进行"):
        request_comparison(repair=True, acting_user=factories.user("operator"))

    def broken(**_named):
        raise IntegrityError("坏了")

    with monkeypatch.context() as patched:
        patched.setattr("search.upkeep.actions.check_search", broken)
        run_comparison(run)
    run.refresh_from_db()
    assert (run.state, run.reason) == (Comparison.State.FAILED, "坏了")
    # A job that comes a second time does nothing; the next one may begin.
    run_comparison(run)
    assert compared(repair=False).state == Comparison.State.DONE


def test_a_difference_of_what_is_withdrawn_loses_its_name(entered):
    SearchText.objects.filter(document=entered).update(folded="")
    compared(repair=False)
    assert Difference.objects.get().title == TITLE
    with tenant_context(get_tenant("alpha")):
        page = Page.objects.get(pk=entered.resource.page_id).specific
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    # No job has run.
    run_comparison(request_comparison(repair=False, acting_user=None))
    assert set(Difference.objects.values_list("title", flat=True)) == {""}
    run_jobs()
    assert set(Difference.objects.values_list("title", flat=True)) == {""}


def test_a_killed_comparison_begins_anew(entered):
    run = request_comparison(repair=True, acting_user=None)
    Comparison.objects.filter(pk=run.pk).update(state=Comparison.State.RUNNING, done=3, total=9)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.faults) == (Comparison.State.DONE, 0)


def test_engines_queue_attachments_and_rebuilds_are_shown(entered, console):
    live_at("alpha", title="关于冬季防寒的通知")
    FileText.objects.bulk_create([FileText(sm3="1" * 64), FileText(sm3="2" * 64, state="unreadable")])
    SearchDocument.objects.filter(pk=entered.pk).update(version=99)
    Rebuild.objects.create(engine="postgres", shape=SHAPE, documents=7)
    page = seen(console("operator", "console"))
    shown = [re.sub(r"<[^>]+>|\s", "", found) for found in re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)]
    assert shown[0].startswith("1最早") and shown[2:] == ["1", "1另有1个无法读取，只能按名称查到"]
    assert "内置检索" in page and "正常" in page
    assert "已写入 7 份文档" in page


def test_supervisors_read_and_nobody_else_opens_it(entered, console):
    client = console("supervisor", "console")
    assert "由平台运维人员进行" in seen(client)
    assert "由平台运维人员进行" in client.post(SCREEN, {"act": "repair"}).content.decode()
    assert not Comparison.objects.exists()
    for person in ("alpha_admin", "alpha_editor"):
        assert console(person, "alpha").get(SCREEN).status_code == 403


def test_an_act_that_is_none_is_refused_in_words(entered, console):
    answer = console("operator", "console").post(SCREEN, {"act": "drop"})
    assert answer.status_code == 400 and "请选择要做什么" in answer.content.decode()
