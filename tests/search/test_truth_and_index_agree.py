"""Whatever happens to a page, a resource or a site: when the queue has run, everything agrees with what is public."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.distribution.recalls.actions import recall_resource
from content_library.harvesting.actions import add_source
from content_library.harvesting.taking_in import prepare_change, take_in
from content_library.models import Resource
from content_library.resources.reclassification import bulk_reclassify
from content_library.resources.reclassifying import run_reclassification
from content_library.vocabularies.queries import get_term
from govplatform.lifecycle.merge.carrying.running import carry, take_back
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.review.submission.actions import withdraw_page
from govplatform.review.submission.due_pages import publish_due_pages
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from search.checking import check_search
from search.indexing.actions import index_site
from search.indexing.files import forget_unused_texts
from search.models import FileText
from search.narrowing import Filters
from search.queries import search
from sites.articles.models import Article
from tests import factories
from tests.columns.test_addresses_below import renamed
from tests.layers import layered
from tests.lifecycle.ending.ended import clean_folders
from tests.lifecycle.life import retiring
from tests.outward.feed_documents import change, document
from tests.reposts.conftest import corrected_at, live_at, reposted_at, resource_of

from .conftest import assert_in_line, run_jobs, titles

ASKED = "秋季防火"
TITLE = "关于秋季防火的通知"


@layered
def in_line():
    """Columns are entered: the platform was there before the search of this database."""
    check_search(repair=True)
    assert_in_line()


@layered
def published():
    """The same, and a notice of alpha's that the search knows."""
    check_search(repair=True)
    page, _resource = live_at("alpha", title=TITLE, subject_class="02")
    settle()
    return page.pk


@layered
def shown_twice():
    """The same, and a notice of beta's that alpha shows."""
    check_search(repair=True)
    _page, resource = live_at("beta", title=TITLE)
    reposted_at("alpha", resource)
    settle()


def notice(pk):
    """(page, resource) of the notice that was published before, read afresh."""
    with tenant_context(get_tenant("alpha")):
        page = Article.objects.get(pk=pk)
    return page, resource_of(page)


def settle():
    run_jobs()
    assert_in_line()


def test_publication_correction_withdrawal_and_publication_again(published):
    page, _resource = notice(published)
    corrected_at("alpha", page, title="关于冬季防寒的通知")
    settle()
    assert (titles(ASKED), titles("冬季防寒")) == ([], ["关于冬季防寒的通知"])
    with tenant_context(get_tenant("alpha")):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    settle()
    assert titles("冬季防寒") == []
    corrected_at("alpha", page, title=TITLE)
    settle()
    assert titles(ASKED) == [TITLE]


def test_expiry(in_line, monkeypatch):
    live_at("alpha", title=TITLE, expire_at=timezone.now() + timedelta(hours=2))
    settle()
    later = timezone.now() + timedelta(hours=3)
    with monkeypatch.context() as patched, tenant_context(get_tenant("alpha")):
        patched.setattr("django.utils.timezone.now", lambda: later)
        publish_due_pages()
        assert titles(ASKED) == []
        settle()


@pytest.mark.parametrize("mode", ["mirror", "copy"])
def test_repost_correction_of_its_source_and_recall(published, mode):
    page, resource = notice(published)
    reposted_at("beta", resource, mode)
    settle()
    corrected_at("alpha", page, title="关于秋季防火和防汛的通知")
    settle()
    recall_resource(
        Resource.objects.get(pk=resource.pk), acting_user=factories.user("alpha_content"), reason="测试收回"
    )
    assert titles(ASKED) == []
    settle()
    assert titles(ASKED) == []


def test_a_column_placed_otherwise(published):
    with tenant_context(get_tenant("alpha")):
        renamed("news", "dongtai")
    settle()


def test_a_class_changed_in_bulk(published):
    source, target = get_term("subject", "02"), get_term("subject", "06")
    assert source is not None and target is not None
    order = bulk_reclassify(source, target, acting_user=factories.user("supervisor"))
    run_reclassification(order)
    settle()
    assert titles(ASKED, filters=Filters(topic="06")) == [TITLE]


def test_a_class_changed_at_the_origin_of_what_was_harvested(in_line, tmp_path):
    """No version comes with it, only another code: documents are found below it all the same."""
    source = add_source("邻市", "https://neighbour.example/api/library/", acting_user=factories.user("operator"))

    def come(item):
        prepared = prepare_change(item, source, policy=None, folder=tmp_path, files={})
        return take_in(prepared, source, acting_user=None)

    made = document(metadata={"title": TITLE, "subject_class": "02"}, digest="1" * 64)
    come(change(made, resource={"subject_class": "02"}))
    reposted_at("beta", Resource.objects.get(uuid=made["uuid"]))
    settle()
    assert titles(ASKED, filters=Filters(topic="02")) == [TITLE]
    assert come(change(made, act="reclassified", resource={"subject_class": "06"})) == "changed"
    settle()
    assert titles(ASKED, filters=Filters(topic="06")) == [TITLE]
    assert titles(ASKED, filters=Filters(topic="02")) == []


@pytest.mark.parametrize(
    "status", [Tenant.Status.OFFLINE, Tenant.Status.RETIRED, Tenant.Status.PREPARING, Tenant.Status.RETIRING]
)
def test_a_site_in_every_state_and_back(shown_twice, status):
    site = get_tenant("beta")
    answers = status == Tenant.Status.RETIRING
    for state, sites in (
        (status, ["beta", "alpha"] if answers else ["alpha"]),
        (Tenant.Status.LIVE, ["beta", "alpha"]),
    ):
        site.status, site.status_since = state, timezone.now()
        site.save()
        for _turn in ("before the queue has run", "after"):
            [hit] = search(ASKED).hits
            assert [shown.code for shown in hit.sites] == sites
            run_jobs()
        assert_in_line()
        assert (search(ASKED, site=site, scope="site").total == 1) == ("beta" in sites)


def test_a_merge_and_its_taking_back(in_line):
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    with tenant_context(beta):
        factories.live_article("beta", title=TITLE, slug="fire")
    settle()
    with clean_folders():
        retiring()
        beta.refresh_from_db()
        merge = Merge.objects.create(source=beta, destination=alpha, application=retirement_of(beta))
        carry(merge, progress=lambda *_: None)
        settle()
        assert search(ASKED).hits[0].site.code == "alpha"
        index_site(beta.pk)
        assert_in_line()
        take_back(merge)
        settle()
        assert search(ASKED).hits[0].site.code == "beta"


def test_the_text_of_an_attachment_goes_with_the_last_document_that_has_it(in_line):
    with tenant_context(get_tenant("alpha")):
        papers = [factories.document("申报材料清单正文。".encode(), "清单.txt") for _turn in range(2)]
        pages = [
            factories.live_article(
                title=f"关于申报的通知之{number}",
                body=[{"type": "attachment", "value": {"document": paper.pk, "title": "清单"}}],
            )
            for number, paper in enumerate(papers)
        ]
    settle()
    for page, kept in zip(pages, (1, 0), strict=True):
        with tenant_context(get_tenant("alpha")):
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        settle()
        forget_unused_texts()
        assert FileText.objects.count() == kept
        assert_in_line()
    corrected_at("alpha", pages[0], title="关于再次申报的通知")
    settle()
    assert search("申报材料清单正文").total == 1
