"""What a merge meets: work that is not finished, people who go on working, links in every way of writing."""

import re
from datetime import timedelta
from html import escape, unescape

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Comment, Page, ReferenceIndex

from content_library.distribution.models import RecallReceipt
from content_library.models import Resource
from govplatform.addresses.entering import enter_past, enter_public
from govplatform.addresses.known import Kind, KnownAddress
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.merge.running import verify_merge
from govplatform.refusals import Refused
from govplatform.review.queries import find_gate_faults
from govplatform.review.submission.actions import submit_for_review, withdraw_page
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.review.tasks import publish_due_pages
from govplatform.tenancy.models import Domain
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article, TopicPage
from sites.columns.actions import create_column
from tests import factories
from tests.columns.test_addresses_below import renamed
from tests.lifecycle.life import retiring_beta
from tests.lifecycle.merge.county import body
from tests.lifecycle.merge.moving import moved
from tests.reposts.conftest import record_of, reposted_at

pytestmark = pytest.mark.django_db
__all__ = ["retiring_beta"]


@pytest.fixture
def beta(retiring_beta, alpha):
    return get_tenant("beta")


def test_a_live_page_with_a_newer_draft_in_review_is_finished_by_the_destination(alpha, beta):
    with tenant_context(beta):
        for slug in ("half", "whole"):
            page = factories.live_article("beta", title=slug, slug=slug)
            page.title = f"{slug} two"
            page.save_revision(user=factories.user("beta_editor"))
            submit_for_review(Article.objects.get(pk=page.pk), acting_user=factories.user("beta_editor"))
            if slug == "half":
                factories.approve(Article.objects.get(pk=page.pk), "beta_content")
    merge = moved(beta, alpha)
    assert find_merge_faults(merge)[1] == []
    with tenant_context(alpha):
        for reviewer in ("alpha_content", "alpha_secret"):
            factories.approve(Article.objects.get(slug="whole"), reviewer)
        half = Article.objects.get(slug="half")
        with pytest.raises(Refused, match="不能沿用：请退回"):
            factories.approve(half, "alpha_secret")
        decide_from_the_shell(half, acting_user=factories.user("alpha_secret"), approve=False, opinion="重新审核。")
        factories.publish(Article.objects.get(slug="half"), "alpha")
        assert [Article.objects.get(slug=slug).title for slug in ("half", "whole")] == ["half two", "whole two"]
        assert find_gate_faults()[1] == []
    assert find_merge_faults(merge)[1] == []


def test_the_proof_holds_while_the_destination_works_on(alpha, beta):
    with tenant_context(beta):
        first = factories.live_article("beta", title="一", slug="one", picture=factories.image(uploader="beta_editor"))
        second = factories.draft_article(
            "beta_editor",
            title="二",
            slug="two",
            body=body(("rich_text", f'<p><a linktype="page" id="{first.pk}">一</a></p>')),
        )
        Comment.objects.create(
            page=second, user=factories.user("beta_editor"), text="改", contentpath="title", created_at=timezone.now()
        )
        second = factories.publish(second, "beta")
    merge = moved(beta, alpha)
    assert verify_merge(merge)["ok"]
    with tenant_context(alpha):
        page = Article.objects.get(slug="two")
        page.body = body(("rich_text", "<p>没有链接了。</p>"))
        page.save_revision(user=factories.user("alpha_editor"))
        factories.publish(Article.objects.get(pk=page.pk), "alpha")
        Comment.objects.filter(page_id=page.pk).delete()
        ReferenceIndex.create_or_update_for_object(Article.objects.get(pk=page.pk))
    assert verify_merge(merge)["faults"] == []


HREFS = {
    "../flood/": "flood",
    "/news/flood/?from=a&b=c": "flood",
    "http://beta.localhost:80/news/flood/": "flood",
    "http://old.beta.example/news/flood/": "flood",
    "/news/FLOOD": "flood",
    "//beta.localhost/news/flood/": "flood",
    "HTTP://BETA.localhost/news/flood/index.html": "flood",
}


@pytest.mark.parametrize("href", HREFS)
def test_a_written_address_leads_to_the_page_wherever_it_is(alpha, beta, href):
    with tenant_context(alpha):
        factories.live_article("alpha", title="市里的", slug="flood")
    Domain.objects.create(
        tenant=beta,
        domain="old.beta.example",
        kind=Domain.Kind.PUBLIC,
        is_primary=False,
        moved_at=timezone.now(),
        redirects_from=timezone.now(),
    )
    with tenant_context(beta):
        factories.live_article("beta", title="县里的", slug="flood")
        written = href.replace("&", "&amp;")
        page = factories.draft_article(
            "beta_editor", slug="more", body=body(("rich_text", f'<p><a href="{written}">见</a></p>'))
        )
        factories.publish(page, "beta")
    moved(beta, alpha)
    with tenant_context(alpha):
        wanted = Page.objects.get(title="县里的")
        text = str(Article.objects.get(slug="more").body[0].value.source)
        named = re.search(r'id="(\d+)"', text)
        if named:
            assert int(named[1]) == wanted.pk
            return
        found = re.search(r'href="([^"]*)"', text)[1]
    assert resolve_url(found).location.endswith("/news/flood-beta/"), text


OLD_HOST = "www.beta-old.example"
#: As old pages have them in their bodies: percent escapes of GBK, of the site itself, and of the host it had before.
GBK = {
    "/%CD%A8%D6%AA/%B9%D8%D3%DA.htm": "page",
    "%CD%A8%D6%AA/%B9%D8%D3%DA.htm": "",
    "../../%CD%A8%D6%AA/%B9%D8%D3%DA.htm": "page",
    "http://beta.localhost/%cd%a8%d6%aa/%b9%d8%d3%da.htm?from=list": "page",
    f"http://{OLD_HOST}/%CD%A8%D6%AA/%B9%D8%D3%DA.htm": "page",
    f"//{OLD_HOST}/%CD%A8%D6%AA/%B9%D8%D3%DA.HTM": "page",
    f"http://{OLD_HOST}/%E9%80%9A%E7%9F%A5/%E5%85%B3%E4%BA%8E.htm": "page",
    f"http://{OLD_HOST}/%B8%BD%BC%FE/%B1%ED.txt": "document",
    f"http://{OLD_HOST}/%C3%BB%D3%D0.htm": "",
}  # fmt: skip


@pytest.mark.parametrize("href", GBK)
def test_a_link_with_a_path_in_gbk_leads_to_the_thing_itself(alpha, beta, href):
    with tenant_context(beta):
        paper = factories.document(name="附表.txt", uploader="beta_editor")
        target = factories.draft_article("beta_editor", title="关于汛期的通知", slug="flood")
        target.body = body(("attachment", {"document": paper.pk, "title": "附表"}))
        target.save_revision(user=factories.user("beta_editor"))
        factories.publish(target, "beta")
        for host in ("", OLD_HOST):
            known = [
                KnownAddress("/通知/关于.htm", Kind.PAGE, "旧", target.pk),
                KnownAddress("/附件/表.txt", Kind.FILE, "旧", paper.pk),
            ]
            enter_past(beta, [(one, "moved") for one in known], host=host)
        factories.publish(
            factories.draft_article(
                "beta_editor", slug="more", body=body(("rich_text", f'<p><a href="{href}">见</a></p>'))
            ),
            "beta",
        )
    merge = moved(beta, alpha)
    assert find_merge_faults(merge)[1] == []
    with tenant_context(alpha):
        text = str(Article.objects.get(slug="more").body[0].value.source)
        page = Page.objects.get(title="关于汛期的通知")
        document = page.specific.body[0].value["document"].pk
        wanted = {"page": f'linktype="page" id="{page.pk}"', "document": f'linktype="document" id="{document}"'}
        if kind := GBK[href]:
            assert wanted[kind] in text, text
        else:
            # Nothing is known there: whoever follows the link is told so by the host that it was written for.
            assert resolve_url(re.search(r'href="([^"]*)"', text)[1]).status == 404, text
        assert find_gate_faults()[1] == []


def test_list_pages_and_apostrophes(alpha, beta):
    with tenant_context(beta):
        text = '<p><a href="/elsewhere/it\'s/">甲</a><a href="/nowhere/?a=1&b=2">乙</a></p>'
        page = factories.draft_article("beta_editor", slug="more", body=body(("rich_text", text)))
        factories.publish(page, "beta")
    moved(beta, alpha)
    with tenant_context(alpha):
        text = str(Article.objects.get(slug="more").body[0].value.source)
    assert 'href="/' not in text, text


@pytest.mark.parametrize("mode", ["mirror", "copy", "link", "pinned"])
def test_reposts_of_every_mode_in_both_directions(alpha, beta, mode):
    with tenant_context(alpha):
        page = factories.live_article("alpha", title="市里的", slug="city")
    with tenant_context(beta):
        own = factories.live_article("beta", title="县里的", slug="county")
    reposted_at("beta", Resource.objects.get(tenant=alpha, page_id=page.pk), mode)
    here = record_of(reposted_at("alpha", Resource.objects.get(tenant=beta, page_id=own.pk), mode), "alpha")
    merge = moved(beta, alpha)
    assert find_merge_faults(merge)[1] == []
    here.refresh_from_db()
    assert (here.tenant, here.state) == (alpha, "live")
    with tenant_context(alpha):
        assert find_gate_faults()[1] == []
        carried = Page.objects.get(slug="county").specific
        withdraw_page(carried, acting_user=factories.user("alpha_content"), reason="有误")
        assert Resource.objects.get(tenant=alpha, page_id=carried.pk).status == Resource.Status.WITHDRAWN
    # What showed it is recalled like any other repost, on the very site that has it now.
    assert RecallReceipt.objects.filter(recall__resource=here.resource, tenant=alpha).exists()


def test_columns_below_new_columns_and_topics(alpha, beta):
    with tenant_context(beta):
        create_column("towns", title="乡镇动态", column_type="news", acting_user=None)
        create_column("villages", title="村", column_type="news", acting_user=None)
        from sites.columns.models import Column

        factories.publish(
            factories.draft_page(Article, "villages", "beta_editor", title="村一", slug="one", keywords="防汛"), "beta"
        )
        topic = factories.draft_page(
            TopicPage,
            "towns",
            "beta_editor",
            title="专题",
            slug="topic",
            keywords="防汛",
            gathered_from=Column.objects.get(slug="villages"),
        )
        factories.publish(topic, "beta")
    merge = moved(beta, alpha, wishes={"towns": "rural", "villages": "rural/villages"})
    assert find_merge_faults(merge)[1] == []
    with tenant_context(alpha):
        topic = TopicPage.objects.get(slug="topic")
        assert topic.gathered_from.slug == "villages"
        assert [item["title"] for one in topic.gathered() for item in one["items"]] == ["村一"]


def test_a_topic_whose_column_stays(alpha, beta):
    with tenant_context(beta):
        create_column("villages", title="村", column_type="news", acting_user=None)
        from sites.columns.models import Column

        policy = factories.publish(factories.draft_policy("beta_editor", title="防汛办法", slug="rules"), "beta")
        factories.publish(factories.draft_interpretation(policy, "beta_editor", title="解读", slug="why"), "beta")
        topic = factories.draft_page(
            TopicPage,
            "news",
            "beta_editor",
            title="专题",
            slug="topic",
            keywords="防汛",
            gathered_from=Column.objects.get(slug="villages"),
        )
        factories.publish(topic, "beta")
    merge = moved(beta, alpha, wishes={"villages": "-", "policies": "-"})
    assert find_merge_faults(merge)[1] == []
    with tenant_context(alpha):
        assert TopicPage.objects.get(slug="topic").gathered_from is None


def test_a_rescan_that_waited_does_not_keep_the_destination_from_its_own(alpha, beta):
    from govplatform.review.models import RescanRun
    from govplatform.review.rescans.actions import request_rescan

    with tenant_context(beta):
        factories.live_article("beta", title="县里的", slug="county")
        request_rescan(acting_user=None)
    merge = moved(beta, alpha)
    with tenant_context(alpha):
        request_rescan(acting_user=None)
        assert RescanRun.objects.filter(state="queued").count() == 1
    assert find_merge_faults(merge)[1] == []


def test_citizens_see_what_was_carried(alpha, beta, citizen):
    with tenant_context(beta):
        picture = factories.image(uploader="beta_editor")
        paper = factories.document(uploader="beta_editor")
        blocks = body(
            ("image", {"image": picture.pk, "alt": "图", "caption": "", "decorative": False}),
            ("gallery", {"items": [{"image": picture.pk, "alt": "图", "caption": ""}]}),
            ("chart", {"image": picture.pk, "alt": "图", "caption": "", "data_table": []}),
            ("attachment", {"document": paper.pk, "title": "附件"}),
            ("media", {"kind": "audio", "file": paper.pk, "title": "音", "transcript": "文", "poster": picture.pk}),
        )
        page = factories.draft_article("beta_editor", title="县里的图", slug="pics", body=blocks, picture=picture)
        factories.publish(page, "beta")
    old = citizen("beta").get("/news/pics/").content.decode()
    merge = moved(beta, alpha)
    assert find_merge_faults(merge)[1] == []
    answer = citizen("alpha").get("/news/pics/")
    assert answer.status_code == 200
    text = answer.content.decode()
    files = set(re.findall(r'(?:src|href)="(/(?:media|images|files|documents|attachments)[^"]*)"', text))
    assert (
        len(files)
        >= len(set(re.findall(r'(?:src|href)="(/(?:media|images|files|documents|attachments)[^"]*)"', old)))
        > 1
    )
    for file in files:
        assert citizen("alpha").get(file).status_code == 200, file
    for path in ("/", "/news/", "/sitemap.xml", "/sitemap/", "/news/feed.xml"):
        assert citizen("alpha").get(path).status_code == 200, path
    assert "pics" in citizen("alpha").get("/news/").content.decode()


def test_what_was_cleared_for_later_goes_live_there(alpha, beta, monkeypatch):
    later = timezone.now() + timedelta(hours=1)
    with tenant_context(beta):
        factories.publish(
            factories.draft_article("beta_editor", title="将发布", slug="later", go_live_at=later), "beta"
        )
        factories.live_article("beta", title="有期限", slug="ends", expire_at=later)
        page = factories.live_article("beta", title="已公开", slug="again")
        page.title, page.go_live_at = "已公开二", later
        page.save_revision(user=factories.user("beta_editor"))
        factories.publish(page, "beta")
    merge = moved(beta, alpha, drafts=True)
    assert verify_merge(merge)["faults"] == []
    monkeypatch.setattr("django.utils.timezone.now", lambda: later + timedelta(hours=1))
    with tenant_context(alpha):
        publish_due_pages()
        assert Article.objects.get(slug="later").live and not Article.objects.get(slug="ends").live
        assert Article.objects.get(slug="again").title == "已公开二"
        assert find_gate_faults()[1] == []
    assert verify_merge(merge)["faults"] == []


def test_written_links_to_numbered_lists_feeds_and_the_site_map_keep_their_counterpart(alpha, beta):
    with tenant_context(beta):
        column, other = factories.column(), create_column("towns", acting_user=None, title="乡镇", column_type="news")
        enter_public(
            beta,
            [KnownAddress(f"/{one.slug}/?page=2", Kind.LIST, one.title, one.pk, "page=2") for one in (column, other)],
        )
        links = (
            "/news/?page=2", "http://beta.localhost/towns/?page=2&from=home#top", "/towns/feed.xml", "/news/feed.xml",
            "/news/?page=1", "/sitemap/", "http://beta.localhost/sitemap.xml", "/news/?page=9", "?page=2",
        )  # fmt: skip
        text = "".join(f'<a href="{escape(link)}">{n}</a>' for n, link in enumerate(links))
        page = factories.draft_article("beta_editor", title="目录", slug="index")
        page.body = body(("rich_text", f"<p>{text}</p>"))
        page.save_revision(user=factories.user("beta_editor"))
        factories.publish(page, "beta")
    merge = moved(beta, alpha, wishes={"news": "news", "towns": "beta/towns"})
    with tenant_context(alpha):
        article = Article.objects.get(slug="index")
        news = Page.objects.get(url_path="/home/news/")
        found = re.findall(r'<a (?:href|linktype)="([^"]*)"(?: id="(\d+)")?', article.body.raw_data[0]["value"])
    old = "http://beta.localhost:8000"
    assert [unescape(href) + number for href, number in found] == [
        "/news/?page=2", "/beta/towns/?page=2#top", "/beta/towns/feed.xml", "/news/feed.xml",
        f"page{news.pk}", "/sitemap/", "/sitemap.xml", f"{old}/news/?page=9", "?page=2",
    ]  # fmt: skip
    assert find_merge_faults(merge)[1] == []
    with tenant_context(alpha):
        renamed("news", "news-of-old")
        assert find_gate_faults()[1] == []
    assert find_merge_faults(merge)[1] == []
