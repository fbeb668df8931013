"""What the pages show: lists, links between kinds, weight, and nothing from elsewhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.tasks import publish_due_pages
from sites.articles.models import Article
from sites.columns.models import ITEMS_PER_PAGE
from tests import factories
from tests.public import contents

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


def test_every_kind_of_page_is_light_closed_and_without_cookie(visit, read, live):
    pages = live.kinds()
    for path in ["/", "/news/", "/sitemap/", "/nothing/", *(site_path(page) for page in pages.values())]:
        response = visit(path)
        assert response.headers["Content-Security-Policy"] == POLICY, path
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies
        assert len(response.content) < 60_000, path
        if response.status_code == 200:
            taken = read(path)
            assert len(set(taken.files)) <= 3, path
            assert not taken.inline, path
            assert all(address.startswith("/") for address in taken.files + taken.pictures), path


def test_home_names_every_list_s_place(read, visit, live):
    pages = live.kinds()
    factories.live_article(column="notices", title="关于公开征求意见的公告", slug="a-notice")
    factories.live_article(column="services", title="老年人高龄津贴申领指南", slug="a-service")
    html = visit("/").content.decode()
    links = read("/").links
    for page in pages.values():
        assert site_path(page) in links, page
    assert {"/news/", "/notices/", "/policies/", "/services/"} <= set(links)
    assert 'href="#s-elderly"' in html
    assert re.search(r'srcset="/media/site_alpha/\S+ 640w, /media/site_alpha/\S+ 400w"', html)
    assert 'aria-current="page">首页' in html


def test_empty_lists_are_not_shown(visit, alpha):
    factories.live_article(slug="only")
    html = visit("/").content.decode()
    for words in ("政策与解读", "办事服务</h2>", "专题专栏</h2>"):
        assert words not in html


def test_a_long_column_has_pages(read, visit, live, monkeypatch):
    """Of two thirds of what is live there, so that the rest is on the second."""
    assert ITEMS_PER_PAGE == 20
    listed = Article.objects.child_of(factories.column("news")).live().count()
    monkeypatch.setattr("sites.columns.models.ITEMS_PER_PAGE", listed * 2 // 3)
    newest, oldest = (site_path(live(name)) for name in ("rich", "article"))
    first, second = read("/news/"), read("/news/?page=2")
    assert newest in first.links and oldest not in first.links
    assert newest not in second.links and oldest in second.links
    assert "/news/?page=2" in first.links
    assert "/news/" in second.links
    assert first.canonical == "http://alpha.localhost:8000/news/"
    assert second.canonical == "http://alpha.localhost:8000/news/?page=2"
    assert read("/news/?from=elsewhere").canonical == "http://alpha.localhost:8000/news/"
    assert visit("/news/?page=3").status_code == 404


def test_a_policy_and_its_interpretation_lead_to_each_other(read, live):
    policy, interpretation = live("policy"), live("interpretation")
    assert site_path(interpretation) in read(site_path(policy)).links
    assert site_path(policy) in read(site_path(interpretation)).links


def test_a_draft_interpretation_is_not_named(visit, live):
    policy = live("policy")
    factories.draft_interpretation(policy, title="尚未公开的解读")
    assert "尚未公开的解读" not in visit(site_path(policy)).content.decode()


def test_a_repealed_policy_says_so(visit, alpha):
    policy = contents.live_policy(validity="repealed", validity_note="自2026年7月1日起由新办法代替。")
    html = visit(site_path(policy)).content.decode()
    assert "本文件已废止。自2026年7月1日起由新办法代替。" in html
    assert "badge-repealed" in html


def test_previous_and_next_follow_the_publish_time(read, visit, live):
    first, second, third = live("article"), live("second"), live("third")
    latest = live("topic")
    factories.live_article(slug="elsewhere", column="notices")
    html = visit(site_path(second)).content.decode()
    assert f'rel="prev" href="{site_path(first)}"' in html
    assert f'rel="next" href="{site_path(third)}"' in html
    assert 'rel="prev"' not in visit(site_path(first)).content.decode()
    assert 'rel="next"' not in visit(site_path(latest)).content.decode()


def test_related_items_share_a_word_and_are_live(read, alpha, django_assert_num_queries):
    from sites.pages.related import related_items

    page = factories.live_article(slug="itself", keywords="就业 民生", subject_class="15")
    near = factories.live_article(slug="near", keywords="民生、就业", column="notices")
    far = factories.live_article(slug="far", keywords="民生")
    classed = factories.live_article(slug="classed", subject_class="15")
    factories.live_article(slug="strange", keywords="水利")
    factories.draft_article(slug="draft", keywords="就业 民生")
    with django_assert_num_queries(1):
        found = related_items(page)
    assert [item["url"] for item in found] == [site_path(near), site_path(far), site_path(classed)]
    assert {site_path(near), site_path(far)} <= set(read(site_path(page)).links)


def test_a_topic_gathers_by_keyword(read, live):
    links = read(site_path(live("topic"))).links
    assert site_path(live("rich")) in links
    assert site_path(live("policy")) in links
    strange = live("mirror_source")
    assert strange.keywords and site_path(strange) not in links


def test_a_topic_lists_nothing_twice(read, alpha):
    page = factories.live_article(slug="named", keywords="就业", column="notices")
    body = [{"type": "rich_text", "value": f'<p><a id="{page.pk}" linktype="page">详见</a></p>'}]
    topic = contents.live_topic(body=body)
    assert read(site_path(topic)).links.count(site_path(page)) == 1


def test_an_empty_paragraph_is_no_content(alpha):
    page = factories.draft_article(body=[{"type": "rich_text", "value": "<p> &nbsp;</p>"}])
    with pytest.raises(Refused, match="正文是空的"):
        factories.submit(page)


def test_links_that_leave_government_sites_say_so(visit, live):
    html = visit(site_path(live("rich"))).content.decode()
    marked = re.findall(r"<a ([^>]*)>((?:(?!</a>).)*外部链接(?:(?!</a>).)*)</a>", html)
    assert len(marked) == 1
    attributes, text = marked[0]
    assert 'href="https://www.example.org/report?a=1&amp;b=2"' in attributes
    assert 'rel="noopener noreferrer"' in attributes
    assert text.startswith("某机构年度报告")


@pytest.mark.parametrize(
    ("address", "leaves"),
    [
        ("https://www.example.org/", True), ("//example.org/", True), ("https://gov.cn.example.org/", True),
        ("https://www.gov.cn@example.org/", True), ("https:\\\\example.org", True), ("http://[::1", True),
        ("https://notgov.cn/", True), ("https://www.gov.cn/", False), ("https://gov.cn/", False),
        ("http://beta.localhost:8000/news/", False), ("/news/", False), ("#part", False),
        ("mailto:a@example.org", False), ("tel:12345", False),
    ],
)  # fmt: skip
def test_which_links_leave(db, address, leaves):
    from sites.pages.external_links import Marker

    assert Marker().leaves(address) is leaves


def test_a_scheduled_page_appears_when_it_is_due(visit, alpha, monkeypatch):
    due = timezone.now() + timezone.timedelta(hours=1)
    page = factories.draft_article(slug="scheduled", go_live_at=due)
    factories.publish(page)
    publish_due_pages()
    assert visit(site_path(page)).status_code == 404
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(hours=2))
    publish_due_pages()
    assert visit(site_path(page)).status_code == 200
    assert Article.objects.get(pk=page.pk).live


def test_a_corrected_page_keeps_its_publish_time(visit, live):
    page = live("article")
    page.title = "改正后的标题"
    page.save_revision(user=factories.user("alpha_editor"))
    assert "普通信息" in visit(site_path(page)).content.decode(), "until the correction is cleared"
    corrected = factories.publish(page)
    assert corrected.first_published_at == page.first_published_at
    html = visit(site_path(page)).content.decode()
    assert "改正后的标题" in html
    assert "普通信息" not in html


def test_the_words_of_a_hostile_title_are_shown_not_run(visit, alpha):
    page = factories.live_article(title='<script>alert("x")</script>标题', slug="hostile")
    for path in (site_path(page), "/", "/news/", "/news/feed.xml"):
        html = visit(path).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html
