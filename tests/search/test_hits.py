"""What stands in a hit: pictures, guides to services, own words, sites; and how many statements a page asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource
from content_library.vocabularies import snapshot
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy import hosts
from govplatform.tenancy.queries import get_tenant
from search.indexing.actions import index_resource, index_resources
from search.indexing.own_words import own_words
from search.models import SearchDocument
from search.narrowing import Filters
from search.queries import search
from tests import factories

from .conftest import titles
from .written import enter, more_sites, write


def resource_of(page, site: str = "alpha") -> Resource:
    return Resource.objects.get(tenant__code=site, page_id=page.pk)


# --- pictures ---------------------------------------------------------------------------------


def test_a_hit_has_the_lead_picture_of_its_page_with_what_it_shows(found, live):
    [hit] = [hit for hit in search(live("rich").title).hits if hit.title_text == live("rich").title]
    assert hit.picture is not None
    with tenant_context(get_tenant("alpha")):
        assert hit.picture.alt == live("rich").picture.default_alt_text
    assert all(one.picture is None for one in search("普通信息").hits)


def test_the_picture_is_had_on_every_site_on_which_it_is_found(found, live, citizen):
    [hit] = [hit for hit in search(live("rich").title).hits if hit.picture]
    for site in ("alpha", "beta"):
        response = citizen(site).get(hit.picture.path)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/jpeg"
        assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"


def test_a_picture_that_is_not_public_is_sent_to_nobody(found, live, citizen):
    [hit] = [hit for hit in search(live("rich").title).hits if hit.picture]
    document, image = hit.picture.path.rpartition("/")[2].removesuffix(".jpg").split("-")
    for path in (f"{document}-{int(image) + 1}", f"{int(document) + 10**6}-{image}", f"{10**30}-{image}"):
        assert citizen("alpha").get(f"/search/pictures/{path}.jpg").status_code == 404
    with tenant_context(get_tenant("alpha")):
        withdraw_page(live("rich"), acting_user=factories.user("alpha_content"), reason="测试撤回")
    # The worker has not run: the document stands in the index as before.
    assert SearchDocument.objects.get(pk=document).picture
    assert citizen("alpha").get(hit.picture.path).status_code == 404
    assert citizen("beta").get(hit.picture.path).status_code == 404
    index_resource(resource_of(live("rich")).pk)
    assert SearchDocument.objects.get(pk=document).picture == {}


# --- what belongs to a policy -----------------------------------------------------------------


def test_a_policy_stands_with_the_guides_that_lead_to_it(found, live, alpha):
    policy = live("policy")
    link = f'<p>依据<a linktype="page" id="{policy.pk}">若干措施</a>，材料齐全的当场受理。</p>'
    body = [{"type": "rich_text", "value": link}]
    guide = factories.live_article(column="services", title="企业开办一日办结指南", body=body)
    news = factories.live_article(title="市里学习新文件", body=body)
    index_resources(resource_of(page).pk for page in (guide, news))
    [hit] = [hit for hit in search(policy.title).hits if hit.kind == "policy"]
    assert [(one.title, one.kind_label) for one in hit.related] == [
        (live("interpretation").title, "政策解读"),
        ("企业开办一日办结指南", "办事指南"),
    ]
    assert hit.related[1].url.endswith(guide.url_path.split("/", 2)[2])
    with tenant_context(alpha):
        withdraw_page(guide, acting_user=factories.user("alpha_content"), reason="测试撤回")
    [hit] = [hit for hit in search(policy.title).hits if hit.kind == "policy"]
    assert [one.title for one in hit.related] == [live("interpretation").title]


def test_what_is_no_resource_stands_in_the_block_of_the_policy_that_it_names(found, live, alpha):
    """The door for services, answered questions and data sets: ``registry.OtherDocument.about``."""
    policy = resource_of(live("policy"))
    enter([write(alpha, "开办企业", guide=True, about=[f"page:{policy.tenant_id}:{policy.page_id}"])])
    [hit] = [hit for hit in search(policy.title).hits if hit.kind == "policy"]
    assert [one.title for one in hit.related] == [live("interpretation").title, "开办企业"]


# --- own words --------------------------------------------------------------------------------


def test_what_a_block_writes_around_an_attachment_is_neither_found_nor_shown(found, live):
    shown = SearchDocument.objects.filter(shown=True).values_list("texts__text", flat=True)
    assert any("附表" in text for text in shown)
    for text in shown:
        assert "TXT ·" not in text and "下载" not in text and "查看图中数据" not in text
    assert titles('"TXT · 16"') == titles("查看图中数据") == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<p class="attachment-block"><a href="library:blob/1/a.pdf" download>附表</a> <span class="file-facts">PDF'
         " · 6.7 KB</span></p>", "附表"),
        ('<p><a href="library:blob/1/a.pdf">附表</a> <span>PDF · 6.7 KB</span></p>', "附表"),
        ('<p>见<a href="/a/">文件</a> <span>第 2 条</span></p>', "见文件 第 2 条"),
        ('<figure class="media-block"><video src="x"></video><figcaption>发布会 <a href="x" download>下载<span '
         'class="visually-hidden">：发布会</span></a></figcaption><details class="fold"><summary>文字稿</summary><div>'
         "<p>各位记者</p></div></details></figure>", "发布会\n各位记者"),
        ('<figure><figcaption>趋势</figcaption><details class="fold"><summary>查看图中数据</summary>\n<div '
         'class="table-frame" role="region"><table><caption>趋势（数据表）</caption><tr><td>1</td></tr></table></div>'
         "</details></figure>", "趋势\n1"),
        ("<details><summary>第一问</summary><p>答</p></details>", "第一问\n答"),
        ("<p>原文</p>", "原文"),
    ],
)  # fmt: skip
def test_only_what_blocks_write_themselves_is_left_out(html, text):
    from content_library.resources.plain_text import text_of

    assert own_words(html, text_of(html)) == text


def test_keywords_of_a_column_are_not_its_words(found, alpha):
    with tenant_context(alpha):
        column = factories.column("news")
        type(column).objects.filter(pk=column.pk).update(keywords="不在页面上的词")
    from search.indexing.actions import index_site

    index_site(alpha.pk)
    assert titles("不在页面上的词") == []


# --- many sites -------------------------------------------------------------------------------


def test_columns_of_one_name_do_not_stand_before_the_documents(db):
    sites = [get_tenant("alpha"), *more_sites(39)]
    enter(write(site, "政策文件", kind="column", column="/zcwj/") for site in sites for _turn in range(4))
    enter(write(sites[number % 40], f"关于报送政策文件的通知（第{number}号）") for number in range(30))
    first = search("政策文件").hits
    assert [hit.kind for hit in first].count("column") <= 1
    assert len([hit for hit in first if hit.kind == "article"]) >= 9
    everything = [hit.id for page in range(1, 20) for hit in search("政策文件", page=page).hits]
    assert len(everything) == len(set(everything)) == search("政策文件").total == 190


def test_of_columns_of_one_name_the_asking_site_keeps_its_own(db):
    own, *others = [get_tenant("alpha"), *more_sites(39)]
    enter([write(own, "政策文件", kind="column", column="/zcwj/")])
    enter(write(site, "政策文件", kind="column", column="/zcwj/") for site in others for _turn in range(4))
    enter(write(own, f"关于报送政策文件的通知（第{number}号）") for number in range(9))
    shown = [hit for hit in search("政策文件", site=own).hits if hit.kind == "column"]
    assert [hit.site.code for hit in shown] == ["alpha"]
    [elsewhere] = [hit for hit in search("政策文件", site=others[3]).hits if hit.kind == "column"]
    assert elsewhere.site.code == others[3].code
    everything = [hit.id for page in range(1, 18) for hit in search("政策文件", site=own, page=page).hits]
    assert len(everything) == len(set(everything)) == search("政策文件", site=own).total == 166


def test_on_one_site_its_column_comes_first(db):
    alpha = get_tenant("alpha")
    enter([write(alpha, "政策文件", kind="column"), *(write(alpha, f"报送政策文件的通知{n}") for n in range(20))])
    assert search("政策文件", site=alpha, scope="site").hits[0].kind == "column"


def reposted(resource: Resource, sites) -> None:
    Repost.objects.bulk_create(
        Repost(
            resource=resource,
            tenant=site,
            page_id=resource.pk,
            mode="mirror",
            state="live",
            version=1,
            path="/news/again/",
        )
        for site in sites
    )
    index_resource(resource.pk)


def test_a_repost_of_forty_sites_is_one_hit_whose_list_folds(found, live, citizen):
    page = live("article")
    reposted(resource_of(page), more_sites(39))
    [hit] = [hit for hit in search(page.title).hits if hit.title_text == page.title]
    assert len(hit.sites) == 40
    shown = citizen("alpha").get("/search/", {"q": page.title, "scope": "all"}).content.decode()
    before, _mark, folded = shown.partition('<details class="hit-sites">')
    assert "第3个县人民政府" in before and "第4个县人民政府" not in before
    assert "以及另外 36 个网站" in folded and "第39个县人民政府" in folded.partition("</details>")[0]


# --- statements -------------------------------------------------------------------------------


@pytest.fixture
def unhurried(monkeypatch):
    """What a process knows for five seconds is not asked again where the machine is slow."""
    monkeypatch.setattr(hosts, "_CACHE_SECONDS", 3_600)
    monkeypatch.setattr(snapshot, "_TRUSTED", 3_600)


def asked_for(client, **values) -> int:
    """How often the page asked the database; that somebody asked is written down in its own time."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/search/", values).status_code == 200
    return sum(one["sql"].startswith(("SELECT", "WITH", "(SELECT")) for one in seen)


def test_a_page_asks_as_many_statements_for_one_hit_as_for_many_of_many_sites(found, live, citizen, unhurried):
    client, alpha = citizen("alpha"), get_tenant("alpha")
    enter([write(alpha, "唯一的台风通报")])
    asked_for(client, q="唯一的台风通报", scope="all")
    one = asked_for(client, q="唯一的台风通报", scope="all")
    sites = more_sites(39)
    enter(write(site, f"台风通报第{number}期") for number, site in enumerate([alpha, *sites] * 5))
    reposted(resource_of(live("article")), sites)
    reposted(resource_of(live("policy")), sites)
    for values in (
        {"q": "台风通报", "scope": "all"},
        {"q": "台风通报", "scope": "all", "page": "15"},
        {"q": live("article").title, "scope": "all"},
    ):
        asked_for(client, **values)
        assert asked_for(client, **values) <= one, values
    # A policy document brings what belongs to it: three statements more, whatever that is.
    policies = {"q": live("policy").title, "scope": "all"}
    asked_for(client, **policies)
    assert asked_for(client, **policies) <= one + 3


def test_nothing_found_asks_no_more_for_more_documents(db, citizen, unhurried):
    client, alpha = citizen("alpha"), get_tenant("alpha")
    enter([write(alpha, "台风通报")])
    asked_for(client, q="台风 没有这样的词")
    few = asked_for(client, q="台风 没有这样的词")
    enter(write(alpha, f"台风通报第{number}期") for number in range(200))
    assert asked_for(client, q="台风 没有这样的词") <= few


def test_filters_of_the_page_are_those_of_the_search(db):
    alpha = get_tenant("alpha")
    enter(write(alpha, f"台风通报第{number}期", organisation="气象局") for number in range(3))
    assert search("", site=alpha, scope="site", filters=Filters(organisation="气象局")).total == 3
