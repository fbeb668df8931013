"""What is published is found once the queue has run; what came down is gone from results with the commit."""

from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob

from content_library.distribution.recalls.actions import recall_resource
from govplatform.consequences.models import Consequence
from govplatform.consequences.queueing import RUN_LINE
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from search.models import SearchDocument
from search.queries import search
from sites.articles.models import Article
from tests import factories
from tests.layers import layered
from tests.reposts.conftest import corrected_at, live_at, reposted_at, resource_of

from .conftest import run_jobs, titles

pytestmark = pytest.mark.django_db
TITLE = "关于秋季防火的通知"


@layered
def found_before() -> int:
    """The key, on alpha, of a notice that citizens find."""
    page, _resource = live_at("alpha", title=TITLE)
    run_jobs()
    return page.pk


@pytest.fixture
def notice(found_before: int) -> Any:
    """(page, resource) of it."""
    with tenant_context(get_tenant("alpha")):
        page = Article.objects.get(pk=found_before)
    return page, resource_of(page)


def test_a_publication_is_found_when_the_queue_has_run():
    page, _resource = live_at("alpha", title="关于开展秋季防火巡查的通知")
    assert titles("防火巡查") == []
    run_jobs()
    assert titles("防火巡查") == [page.title]


def test_a_publication_is_one_urgent_job_away_from_being_found():
    """It is queued with the commit, once, behind no scan and no bulk, and does not wait for its attachment."""
    with tenant_context(get_tenant("alpha")):
        paper = factories.document("申报材料包括营业执照复印件。".encode(), "材料清单.txt")
        body = [{"type": "attachment", "value": {"document": paper.pk, "title": "材料清单"}}]
        factories.live_article(title="关于秋季防火的通知", body=body)
    row = Consequence.objects.get(line="index_resource")
    waiting = ProcrastinateJob.objects.filter(status="todo", args__task_path=RUN_LINE)
    jobs = [job for job in waiting.order_by("id") if job.args["kwargs"]["line"] == row.line]
    assert {job.queue_name for job in jobs} == {"publishing"}
    job = jobs[0]
    run_in_schema(**job.args)
    assert titles("秋季防火") == ["关于秋季防火的通知"]
    assert titles("营业执照复印件") == []
    run_jobs()
    assert titles("营业执照复印件") == ["关于秋季防火的通知"]


def test_a_correction_replaces_what_was_found(notice):
    page, _resource = notice
    corrected_at("alpha", page, title="关于冬季防寒的通知")
    run_jobs()
    assert titles("秋季防火") == []
    assert titles("冬季防寒") == ["关于冬季防寒的通知"]


def test_what_was_withdrawn_is_gone_before_any_job_has_run(notice):
    page, _resource = notice
    with tenant_context(get_tenant("alpha")):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert search("秋季防火").total == 0
    run_jobs()
    row = SearchDocument.objects.get(resource=resource_of(page))
    assert (row.shown, row.title, row.texts.folded) == (False, "", "")


def test_a_repost_joins_its_source_and_goes_with_the_recall(notice):
    page, resource = notice
    reposted_at("beta", resource)
    run_jobs()
    [hit] = search("秋季防火").hits
    assert [shown.code for shown in hit.sites] == ["alpha", "beta"]
    recall_resource(resource, acting_user=factories.user("alpha_content"), reason="测试收回")
    assert search("秋季防火").total == 0
    assert page.title


def test_a_repost_that_came_down_leaves_its_source(notice):
    page, resource = notice
    shown = reposted_at("beta", resource)
    run_jobs()
    with tenant_context(get_tenant("beta")):
        withdraw_page(shown, acting_user=factories.user("beta_content"), reason="测试撤回")
    [hit] = search("秋季防火").hits
    assert [place.code for place in hit.sites] == ["alpha"]
    assert search("秋季防火", site=get_tenant("beta"), scope="site").total == 0
    run_jobs()
    assert SearchDocument.objects.get(resource=resource).sites == [get_tenant("alpha").pk]
    assert page.title


def test_the_documents_of_a_site_that_is_offline_are_not_found_until_it_is_back(notice):
    site = get_tenant("alpha")
    for status, expected in ((Tenant.Status.OFFLINE, 0), (Tenant.Status.LIVE, 1)):
        site.status, site.status_since = status, timezone.now()
        site.save()
        if not expected:
            assert search("秋季防火").total == 0
        run_jobs()
        assert search("秋季防火").total == expected


def test_columns_are_found_by_name():
    run_jobs()
    from search.indexing.actions import index_site

    index_site(get_tenant("alpha").pk)
    with tenant_context(get_tenant("alpha")):
        column = factories.column("news")
    hits = search(column.title, site=get_tenant("alpha"), scope="site").hits
    assert column.title in [hit.title_text for hit in hits if hit.kind == "column"]


def test_text_of_attachments_is_found_and_named():
    with tenant_context(get_tenant("alpha")):
        paper = factories.document("申报材料包括营业执照复印件。".encode(), "材料清单.txt")
        body = [
            {"type": "rich_text", "value": "<p>见附件。</p>"},
            {"type": "attachment", "value": {"document": paper.pk, "title": "材料清单"}},
        ]
        factories.live_article(title="关于申报的通知", body=body)
    run_jobs()
    [hit] = search("营业执照复印件").hits
    assert hit.attachment == "材料清单.txt"
    assert [segment.text for segment in hit.snippet if segment.marked] == ["营业执照复印件"]
