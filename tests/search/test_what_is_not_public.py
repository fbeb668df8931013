"""What is not public is found by nobody: recalled while somebody reads, of another site, or with the same number."""

from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.distribution.recalls.actions import recall_resource
from content_library.models import Resource
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from search.indexing.actions import index_site
from search.models import SearchDocument
from search.narrowing import Filters, kind_labels
from search.offering import suggest
from search.queries import PAGE_SIZE, search
from search.suggesting import OFFERED
from tests import factories
from tests.layers import layered
from tests.reposts.conftest import live_at, reposted_at
from tests.search.judged.entered import enter_corpus

from .conftest import run_jobs, titles

TITLE = "关于秋季防火巡查的通知"


@pytest.fixture
def citizens(citizen):
    caches["outward"].clear()
    return citizen


def test_every_address_that_is_found_answers(found, live, citizens, subtests):
    """Of every hit of every kind on every page, the address of each site that shows it, and of what interprets it."""
    addresses: set[str] = set()
    for kind in kind_labels():
        page, last = 1, 1
        while page <= last:
            results = search("", filters=Filters(kind=kind), page=page)
            for hit in results.hits:
                addresses |= {place.url for place in hit.sites} | {related.url for related in hit.related}
            page, last = page + 1, results.pages
    assert len(addresses) > 20
    for address in sorted(addresses):
        with subtests.test(address):
            parts = urlsplit(address)
            answer = Client(HTTP_HOST=parts.hostname).get(parts.path)
            if answer.status_code == 302:
                # A repost that is a link leads to its source.
                parts = urlsplit(answer.headers["Location"])
                answer = Client(HTTP_HOST=parts.hostname).get(parts.path)
            assert answer.status_code == 200


def test_a_recall_while_a_page_of_results_is_open(db, citizens):
    _page, resource = live_at("alpha", title=TITLE)
    reposted_at("beta", resource)
    run_jobs()
    reader = citizens("alpha")
    shown = reader.get("/search/", {"q": "防火巡查"}).content.decode()
    [hit] = search("防火巡查", site=get_tenant("alpha"), scope="site").hits
    path = urlsplit(hit.url).path
    assert path in shown and reader.get(path).status_code == 200
    recall_resource(resource, acting_user=factories.user("alpha_content"), reason="测试收回")
    # Nothing has run yet: the link that is still on the screen, the page again, a filter of it, machines, suggestions.
    for address in (path, urlsplit(reposted_address(resource)).path):
        host = "alpha" if address == path else "beta"
        answer = citizens(host).get(address)
        assert answer.status_code in (404, 410) and TITLE not in answer.content.decode()
    for query in (
        {"q": "防火巡查"},
        {"q": "防火巡查", "kind": "article"},
        {"q": "防火巡查", "scope": "all", "page": "2"},
    ):
        assert TITLE not in reader.get("/search/", query).content.decode()
    assert reader.get("/api/search/", {"q": "防火巡查", "scope": "all"}).json()["total"] == 0
    assert reader.get("/api/search/suggest", {"q": "关于秋季"}).json()["suggestions"] == []


def reposted_address(resource):
    return SearchDocument.objects.get(resource=resource).places[1]["path"]


def test_a_recalled_title_is_nobody_s_suggestion(db):
    """Neither while somebody types nor as what was probably meant: before any job has run."""
    _page, resource = live_at("alpha", title="云锦花灯会安保方案")
    run_jobs()
    assert search("云绵花灯会").suggestion == "云锦花灯会"
    recall_resource(resource, acting_user=factories.user("alpha_content"), reason="测试收回")
    assert search("云绵花灯会").suggestion == ""
    assert suggest("云锦") == []


def test_titles_of_a_site_that_does_not_answer_are_nobody_s_suggestion(db):
    live_at("beta", title="云锦花灯会安保方案")
    run_jobs()
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.OFFLINE)
    assert search("云绵花灯会").suggestion == ""
    assert suggest("云锦") == []
    # And of a site that is searched alone, those of the others are not.
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.LIVE)
    assert search("云绵花灯会", site=get_tenant("alpha"), scope="site").suggestion == ""
    assert search("云绵花灯会", site=get_tenant("beta"), scope="site").suggestion == "云锦花灯会"


def test_pages_of_two_sites_with_the_same_number_are_two(db):
    found = {}
    for code in ("alpha", "beta"):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('site_{code}.wagtailcore_page', 'id'), 40000)")
        page, resource = live_at(code, title=f"{TITLE}（{code}）")
        found[code] = (page.pk, resource.pk)
    assert found["alpha"][0] == found["beta"][0] and found["alpha"][1] != found["beta"][1]
    run_jobs()
    assert sorted(titles("防火巡查")) == [f"{TITLE}（alpha）", f"{TITLE}（beta）"]
    for code in ("alpha", "beta"):
        [hit] = search("防火巡查", site=get_tenant(code), scope="site").hits
        assert (hit.title_text, hit.site.code) == (f"{TITLE}（{code}）", code)
    with tenant_context(get_tenant("beta")):
        page = type(page).objects.get(pk=found["beta"][0])
        withdraw_page(page, acting_user=factories.user("beta_content"), reason="测试撤回")
    run_jobs()
    assert titles("防火巡查") == [f"{TITLE}（alpha）"]
    # Columns that both sites got from one template have the same numbers too.
    for code in ("alpha", "beta"):
        index_site(get_tenant(code).pk)
    columns = SearchDocument.objects.filter(kind="column", shown=True).values_list("tenant__code", "key")
    pages = {code: {key.rpartition(":")[2] for site, key in columns if site == code} for code in ("alpha", "beta")}
    assert pages["alpha"] & pages["beta"]
    assert len(columns) == len(pages["alpha"]) + len(pages["beta"])


def test_nobody_is_told_that_a_site_is_being_prepared_or_how_it_is_called(db, citizens):
    Tenant.objects.filter(code="beta").update(status="preparing", full_name="尚未宣布的机构")
    for code in ("beta", "console", "nobody"):
        asked = {"q": "防火巡查", "scope": "all", "site": code}
        page = citizens("alpha").get("/search/", asked).content.decode()
        assert f"没有代码为“{code}”的站点。" in page and "尚未宣布的机构" not in page
        told = citizens("alpha").get("/api/search/", asked)
        assert told.status_code == 400 and "尚未宣布的机构" not in told.content.decode()


@layered
def found_at_beta() -> None:
    """A notice of beta's that citizens find."""
    live_at("beta", title=TITLE)
    run_jobs()
    assert search("防火巡查").total == 1


@pytest.mark.parametrize("state", ["preparing", "offline", "retired"])
def test_a_site_that_does_not_answer_shows_nothing_anywhere(found_at_beta, citizens, state):
    Tenant.objects.filter(code="beta").update(status=state, status_since=timezone.now())
    for _turn in range(2):
        assert search("防火巡查").total == 0
        for code in ("alpha", "beta"):
            assert search("防火巡查", site=get_tenant(code), scope="region").total == 0
        reader = citizens("alpha")
        assert TITLE not in reader.get("/search/", {"q": "防火巡查", "scope": "all", "site": "beta"}).content.decode()
        told = reader.get("/api/search/", {"q": "防火巡查", "scope": "all", "site": "beta"})
        assert told.status_code == (400 if state == "preparing" else 200) and not told.json().get("total")
        own = citizens("beta").get("/search/", {"q": "防火巡查", "scope": "all"})
        assert own.status_code != 200 and TITLE not in own.content.decode()
        assert citizens("beta").get("/api/search/", {"q": "防火巡查"}).status_code in (410, 503)
        index_site(get_tenant("beta").pk)


@layered
def corpus() -> list[int]:
    """Keys of the documents of the corpus."""
    return list(enter_corpus())


def test_a_question_that_everything_answers_is_paged_to_its_end_without_a_repetition(corpus):
    """Each document once, on whichever page, in both orders; what is counted is what can be paged to."""
    for text, filters in (
        ("的", Filters()),
        ("", Filters(year="2024")),
        ("工作", Filters()),
        ("", Filters(kind="policy")),
    ):
        for order in ("relevance", "newest"):
            first = search(text, filters=filters, order=order)
            seen: list[int] = []
            related = 0
            for page in range(1, first.pages + 1):
                results = search(text, filters=filters, order=order, page=page)
                seen += [hit.id for hit in results.hits]
                related += sum(len(hit.related) for hit in results.hits)
                assert results.total == first.total
            assert len(seen) == len(set(seen)) > PAGE_SIZE
            assert first.total - related <= len(seen) <= first.total <= len(corpus)
    assert len(suggest("的")) <= OFFERED


def test_what_is_withdrawn_in_the_middle_of_the_list_moves_nothing_twice(corpus):
    """Somebody pages on while documents go: none comes twice, and no page fails."""
    seen: list[int] = []
    for page in range(1, 6):
        hits = search("工作", order="newest", page=page).hits
        seen += [hit.id for hit in hits]
        SearchDocument.objects.filter(pk__in=[hit.id for hit in hits[:2]]).update(shown=False)
    assert len(seen) == len(set(seen)) and set(seen) <= set(corpus)
    assert not Resource.objects.exists()
