"""The page of results: what a citizen gets for whatever stands in the address."""

import re
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from govplatform.addresses.models import UnknownPath
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from search.engines.choosing import own_engine
from search.models import AskedDay, SearchDocument
from search.statistics.counting import forget_waiting
from tests.factories import user
from tests.public.conftest import PageReader
from tests.search.found import found
from tests.search.written import enter, write

__all__ = ["found"]

LONG_AGO = datetime(2012, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh():
    forget_waiting()
    caches["outward"].clear()
    caches["questions"].clear()


@pytest.fixture
def ask(visit, found):
    """``ask("通知", scope="all")``: the answer of alpha's page of results."""

    def answer(text="", *, site="alpha", headers=None, **chosen):
        return visit(f"/search/?{urlencode({'q': text, **chosen})}", site=site, **(headers or {}))

    return answer


def words(response):
    return response.content.decode()


def test_every_page_of_a_site_has_the_field(visit, live, subtests):
    for path in ("/", "/news/", live("article").url_path.removeprefix("/home"), "/sitemap/", "/nothing/"):
        with subtests.test(path):
            page = words(visit(path))
            assert 'role="search"' in page
            assert 'action="/search/"' in page
            assert '<label class="visually-hidden" for="site-search">' in page


def test_what_was_asked_stands_in_the_field_and_in_the_title(ask):
    page = words(ask("普通信息"))
    assert 'value="普通信息"' in page
    assert "<title>“普通信息”的搜索结果 - " in page


def test_a_hit_is_shown_with_all_that_tells_it_apart(ask, live):
    policy = live("policy")
    page = words(ask(policy.document_number))
    assert policy.document_number in page
    assert timezone.localtime(policy.first_published_at).strftime("%Y-%m-%d") in page
    assert "政策文件" in page
    assert get_tenant("alpha").full_name in page


def test_the_words_are_marked(ask):
    assert "<mark>普通信息</mark>" in words(ask("普通信息"))


def test_a_policy_stands_with_its_interpretation(ask, live):
    page = words(ask(live("policy").title))
    assert 'class="hit-related"' in page
    assert live("interpretation").title in page


def test_a_repost_names_the_other_sites(ask):
    page = words(ask("来源标题甲", scope="all"))
    assert "也发布于：" in page
    assert get_tenant("beta").full_name in page


def test_every_hit_leads_to_a_page_that_answers(ask, subtests):
    reader = PageReader(words(ask("信息 ", scope="all")) + words(ask("正文", scope="all")))
    hits = [link for link in reader.links if link.startswith("http")]
    assert hits
    for address in dict.fromkeys(hits):
        with subtests.test(address):
            answer = opened(address)
            # A repost that is a link leads to its source, as it says.
            assert (opened(answer.url) if answer.status_code == 302 else answer).status_code == 200


def opened(address):
    host, _slash, path = address.removeprefix("http://").partition("/")
    return Client(HTTP_HOST=host).get(f"/{path}")


def test_filters_are_links_with_counts_and_can_be_taken_away(ask, visit):
    page = PageReader(words(ask("正文")))
    [narrowed] = [link for link in page.links if "kind=policy" in link]
    there = words(visit(narrowed))
    assert "已选：" in there
    assert "，去掉这项筛选" in there
    assert any(link.startswith("/search/?q=") and "kind=" not in link for link in PageReader(there).links)


def test_scope_and_order_are_in_the_address(ask):
    links = PageReader(words(ask("正文"))).links
    assert any("scope=all" in link for link in links)
    assert any("order=newest" in link for link in links)
    assert words(ask("正文", scope="all", site="beta")).count('class="hit"') > words(ask("正文", site="beta")).count(
        'class="hit"'
    )


def test_a_scope_stays_for_the_next_question(ask):
    assert '<input type="hidden" name="scope" value="all">' in words(ask("正文", scope="all"))


def test_results_are_paged_with_real_links(ask, visit):
    page = PageReader(words(ask("正文", scope="all")))
    [second] = {link for link in page.links if link.endswith("page=2")}
    first_hits = {link for link in page.links if link.startswith("http")}
    second_page = words(visit(second))
    assert '<ol class="hits" start="11">' in second_page
    assert first_hits.isdisjoint(link for link in PageReader(second_page).links if link.startswith("http"))


def test_a_page_behind_the_last_is_the_last(ask):
    response = ask("普通信息", page="50")
    assert response.status_code == 200
    assert 'class="hit"' in words(response)


def test_results_are_no_page_for_search_engines(ask, visit):
    page = PageReader(words(ask("正文")))
    assert page.meta["robots"] == "noindex, follow"
    assert page.canonical == ""
    assert "Disallow: /search/" in words(visit("/robots.txt"))
    assert "/search/" not in words(visit("/sitemap.xml"))


def test_nothing_found_leads_on(ask, subtests):
    page = words(ask("普通信息 没有这样的词"))
    with subtests.test("what was asked"):
        assert "没有找到与“普通信息 没有这样的词”相符的信息。" in page
    with subtests.test("fewer words"):
        assert "“普通信息”的结果" in page
        assert "以下结果没有要求出现：<s>没有这样的词</s>" in page
        assert "<mark>普通信息</mark>" in page
    with subtests.test("without filters"):
        assert "去掉全部筛选" in words(ask("普通信息", year="1999"))
    with subtests.test("elsewhere"):
        assert "全部网站" in words(ask("来源标题乙", site="beta", kind="policy", scope="site"))
    with subtests.test("columns"):
        assert '<ul class="children">' in page


def test_what_fewer_words_find_comes_in_the_order_of_every_answer(ask, found):
    alpha = get_tenant("alpha")
    news = [write(alpha, f"天气预报第{number}期", "顺带提到台风。") for number in range(15)]
    enter([write(alpha, "台风", "台风来时怎么办。", published_at=LONG_AGO), *news])
    page = words(ask("台风 没有这样的词"))
    hits = page.partition('<ol class="hits">')[2]
    assert "<mark>台风</mark></a>" in hits.partition("</h2>")[0], (
        "the title that is the word comes before newer mentions"
    )
    assert hits.count('<li class="hit') == 10
    assert "查看“台风”的全部结果" in page


def test_of_many_words_the_fewest_are_left_out(ask, found):
    enter([write(get_tenant("alpha"), "台风防御指南", "学校停课")])
    assert "以下结果没有要求出现：<s>量子</s></p>" in words(ask("台风 量子 停课"))
    assert "以下结果没有要求出现：<s>量子</s>、<s>纠缠</s></p>" in words(ask("台风 量子 纠缠"))


def test_who_asks_without_blanks_gets_what_the_question_is_about(ask, found):
    enter(
        [write(get_tenant("alpha"), "居住证申领指南", "材料与流程"), write(get_tenant("alpha"), "怎么办好一件事", "")]
    )
    page = words(ask("怎么办居住证"))
    assert "“居住证”的结果" in page and "居住证</mark>申领指南" in page


def test_of_what_was_excluded_nothing_is_shown_as_help_either(ask, found):
    alpha = get_tenant("alpha")
    enter([write(alpha, "台风防御指南", "企业停工"), write(alpha, "台风防御通知", "学校停课")])
    page = words(ask("台风 量子 -企业"))
    assert "防御通知" in page and "防御指南" not in page


def test_a_document_number_with_a_wrong_issuer_or_serial_leads_to_those_that_are(ask, live):
    number = live("policy").document_number
    issuer, _sign, rest = number.partition("〔")
    wrong = f"错误机关〔{rest}"
    page = words(ask(wrong))
    assert "以下结果没有要求出现：<s>错误机关</s>" in page and live("policy").title in page
    page = words(ask(f"{issuer}〔{rest.partition('〕')[0]}〕99999号"))
    assert live("policy").title in page


def test_counts_that_are_no_more_than_so_far_are_said_to_be(ask, found, monkeypatch):
    monkeypatch.setattr(own_engine(), "_counted_at_most", 3)
    page = words(ask("信息", scope="all"))
    assert "至少 3 条结果" in page
    assert '<span class="visually-hidden">（至少</span>' in page


def test_the_head_of_a_hit_with_a_picture_keeps_its_room(ask, live):
    page = words(ask(live("rich").title))
    [picture] = re.findall(r'<img class="hit-picture"[^>]*>', page)
    assert 'width="400" height="225"' in picture and 'loading="lazy"' in picture
    assert f'alt="{live("rich").picture.default_alt_text}"' in picture


def test_an_empty_question_explains_itself(ask):
    page = words(ask(""))
    assert "可以这样查" in page
    assert 'class="hit"' not in page


def test_a_long_question_is_cut_and_said_so(ask):
    response = ask("字" * 2_000)
    assert response.status_code == 200
    assert "搜索的文字过长" in words(response)


HOSTILE = [
    "' OR 1=1 --", "a & b | !c", ":*", "<script>alert(1)</script>", "\"><img src=x onerror=y>", "😀", "\u202e通知",
    "%", "*", "((((", "\\", "{{ 7*7 }}", "“”《》", "-", "字" * 3_000, "a" * 3_000, "(a+)+$" * 40, "\ufffd", "\u200b",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_has_a_clean_answer(ask, typed):
    response = ask(typed, scope="all")
    assert response.status_code == 200
    page = words(response)
    assert "</html>" in page
    assert "<script>alert" not in page and "<img src=x" not in page


@pytest.mark.parametrize(
    "query",
    [
        "q=%E6%AD%A3%E6%96%87&kind=nothing", "q=%E6%AD%A3%E6%96%87&year=20x6", "q=a&page=0", "q=a&page=-1",
        "q=a&page=101", "q=a&page=" + "9" * 500, "q=a&scope=everywhere", "q=a&order=best", "q=a&site=nobody",
        "q=a&topic=zzz", "q=a&topic=" + "0" * 300, "q=a&organisation=%27%5C", "q=a&column=../../etc", "q=a&column=/",
        "q=a&validity=%27", "q=a&q=b&q=c", "q[]=a", "q=%FF%FE", "q=%C4%E3", "&&&==", "q=a&unknown=1",
        "q=a&kind=" + quote("字" * 200), "q=a&year=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%96", "q=a&site=%E2%80%AE",
    ],
)  # fmt: skip
def test_filters_that_are_none_leave_a_clean_page(visit, found, query):
    response = visit(f"/search/?{query}")
    assert response.status_code == 200
    assert "</html>" in words(response)


def test_an_unknown_filter_is_said_to_be_left_out(visit, found):
    assert "没有代码为“nobody”的站点。" in words(visit("/search/?q=%E6%AD%A3%E6%96%87&site=nobody"))


@pytest.mark.parametrize("query", ["q=%00", "q=a&kind=%00", "q=%ED%A0%80%00"])
def test_what_no_text_can_hold_is_refused_in_the_look_of_the_site(visit, found, query):
    response = visit(f"/search/?{query}")
    assert response.status_code == 400
    assert 'action="/search/"' in words(response)


def test_what_was_withdrawn_is_gone_at_once(ask, live):
    page = live("article")
    link = f'{urlsplit(page.full_url).path}"'
    assert link in words(ask(page.title))
    withdraw_page(page, acting_user=user("alpha_content"), reason="测试撤回")
    # The worker has not run: the document stands in the index as before.
    assert SearchDocument.objects.filter(title=page.title, shown=True).exists()
    # Of the words that are left when nothing is found, other pages may be shown.
    assert link not in words(ask(page.title))


def test_drafts_of_any_site_are_never_found(ask, live, subtests):
    page = live("article")
    page.title = "还没有审过的新标题"
    page.save_revision()
    for chosen in ({}, {"scope": "all"}, {"kind": "article"}, {"column": "/news/"}):
        with subtests.test(chosen):
            site = "beta" if chosen.get("scope") else "alpha"
            assert 'class="hit"' not in words(ask("还没有审过的新标题", site=site, **chosen))


def test_too_many_questions_are_answered_with_the_time_to_wait(ask):
    with override_settings(OUTWARD_LIMITS={"read": 5, "files": 5, "search": 2, "suggest": 2}):
        assert [ask("正文").status_code for _ in range(2)] == [200, 200]
        refused = ask("正文")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "搜索过于频繁" in words(refused)


def test_while_nothing_can_be_asked_the_page_says_so(ask, found):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE public.search_postgresentry RENAME TO search_elsewhere")
    response = ask("正文")
    assert response.status_code == 503
    assert "搜索暂时不可用" in words(response)


def test_no_cookie_and_nothing_inline(ask):
    response = ask("正文")
    assert not response.cookies
    assert PageReader(words(response)).inline == []


def test_a_question_is_counted_once_and_its_further_pages_are_not(ask):
    ask("正文", scope="all")
    ask("正文", scope="all", page="2")
    ask("")
    assert [(row.asked, row.without) for row in AskedDay.objects.all()] == [(1, 0)]


def test_the_search_of_a_closed_site_is_gone_and_on_no_work_list(visit, found):
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.RETIRED)
    forget_hosts()
    for path in ("/search/?q=%E4%BF%A1%E6%81%AF", "/opensearch.xml"):
        assert visit(path, site="beta").status_code == 410
    assert visit("/api/search/?q=a", site="beta").status_code == 410
    assert not UnknownPath.objects.exists()
    forget_hosts()


def test_browsers_are_told_of_the_search(visit, live):
    assert 'href="/opensearch.xml"' in words(visit("/"))
    response = visit("/opensearch.xml")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    assert "/search/?q={searchTerms}" in words(response)


def test_the_addresses_that_browsers_are_told_answer(visit, found):
    """As a browser reads the description (OpenSearch 1.1): placeholders are replaced, optional ones may be empty."""
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    description = ElementTree.fromstring(visit("/opensearch.xml").content)
    assert description.tag == f"{name}OpenSearchDescription"
    assert 0 < len(description.findtext(f"{name}ShortName", "")) <= 16
    assert 0 < len(description.findtext(f"{name}Description", "")) <= 1024
    templates = {url.get("type"): url.get("template", "") for url in description.iter(f"{name}Url")}
    assert set(templates) == {"text/html", "application/json"}
    for kind, template in templates.items():
        for page in ("1", ""):
            address = template.replace("{searchTerms}", quote("信息")).replace("{startPage?}", page)
            there = urlsplit(address)
            assert there.hostname == "alpha.localhost"
            answer = visit(f"{there.path}?{there.query}")
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].startswith(kind)
