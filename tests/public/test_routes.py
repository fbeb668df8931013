"""Addresses of the public host: what answers, how, and what does not."""

import pytest
from wagtail.models import Page

from govplatform.review.queries import site_path
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.models import Tenant
from sites.columns.actions import change_column
from tests import factories
from tests.factories import user

FIXED = {
    "/": "text/html", "/news/": "text/html", "/sitemap/": "text/html", "/robots.txt": "text/plain",
    "/sitemap.xml": "application/xml", "/news/feed.xml": "application/rss+xml", "/favicon.ico": "image/x-icon",
}  # fmt: skip


@pytest.mark.parametrize("path", FIXED)
def test_each_fixed_address_answers(visit, path):
    response = visit(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(FIXED[path])


@pytest.mark.parametrize("path", FIXED)
def test_head_gives_the_headers_alone(visit, path):
    response = visit(path, method="head")
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/sitemap.xml", "/news/", "/documents/1/x.pdf"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_nothing_but_reading(visit, path, method):
    response = visit(path, method=method)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/", "/news/nothing/", "/admin/", "/admin/login/", "/api/v2/pages/", "/home/", "/home/news/",
        "/nothing/feed.xml", "/news/feed.xml/", "/news/?page=2", "/news/?page=0", "/news/?page=x",
        "/news/?page=-1", "/news/?page=%EF%BC%91", "/news/?page=" + "9" * 5000, "/..%2f/",
        "/documents/1/x.pdf", "/documents/99999999999999999999/x.pdf", "/media/site_alpha/x.jpg",
        "/media/site_alpha/../../etc/passwd", "/media/site_beta/images/x.jpg",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_friendly_404(visit, path):
    response = visit(path)
    html = response.content.decode()
    assert response.status_code == 404
    assert "没有找到这个页面" in html
    assert 'href="/news/"' in html, "offers the columns"
    assert 'href="/sitemap/"' in html
    assert '<meta name="SiteIDCode" content="5301000001">' in html
    assert len(html) < 60_000


@pytest.mark.parametrize("path", ["/news", "/sitemap"])
def test_an_address_without_its_last_slash_is_sent_on(visit, path):
    response = visit(path)
    assert response.status_code == 301
    assert response.headers["Location"] == f"{path}/"


@pytest.mark.parametrize("path", ["//evil.example/x", "/%5Cevil.example/x", "/leaving/?to=https://evil.example/"])
def test_no_address_forwards_to_another_host(visit, path):
    response = visit(path)
    assert response.status_code in (301, 404)
    assert not response.headers.get("Location", "/").startswith(("//", "http", "\\"))


def test_a_draft_has_no_address(visit, alpha):
    page = factories.draft_article(slug="secret-draft")
    assert visit(site_path(page)).status_code == 404
    factories.submit(page)
    factories.approve(page, "alpha_content")
    assert visit(site_path(page)).status_code == 404


def test_an_unchanged_page_is_not_sent_twice(visit, live):
    page = live("article")
    first = visit(site_path(page))
    again = visit(site_path(page), if_none_match=first.headers["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_a_page_is_sent_again_when_only_its_frame_changed(visit, live):
    page = live("article")
    tag = visit(site_path(page)).headers["ETag"]
    change_column(factories.column("notices"), title="公示公告", acting_user=None)
    again = visit(site_path(page), if_none_match=tag, if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT")
    assert again.status_code == 200
    assert "公示公告" in again.content.decode()


def test_no_page_is_called_unchanged_by_its_date(visit, alpha):
    assert visit("/", if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status_code == 200


def test_a_withdrawn_page_is_gone_at_once_without_its_title(visit, live):
    from govplatform.review.submission.actions import withdraw_page

    page = live("rich")
    assert visit(site_path(page)).status_code == 200
    withdrawal = withdraw_page(page, acting_user=user("alpha_content"), reason="附件泄露了张三的手机号。")
    response = visit(site_path(page))
    html = response.content.decode()
    assert response.status_code == 410
    assert f"{withdrawal.withdrawn_at.astimezone():%Y-%m-}" in html
    assert "发布单位经核查后撤下" in html
    assert page.title not in html
    assert "张三" not in html, "what the reviewer wrote is for the audit"
    assert response.headers["Cache-Control"] == "no-cache"
    for path in ("/", "/news/", "/news/feed.xml", "/sitemap.xml"):
        assert page.slug not in visit(path).content.decode(), path


def test_an_approved_page_withdrawn_before_its_hour_was_never_there(visit, alpha):
    from django.utils import timezone

    from govplatform.review.submission.actions import withdraw_page

    page = factories.draft_article(slug="later", go_live_at=timezone.now() + timezone.timedelta(days=2))
    factories.publish(page)
    withdraw_page(Page.objects.get(pk=page.pk), acting_user=user("alpha_content"), reason="不发了。")
    assert visit(site_path(page)).status_code == 404


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [("offline", 503, "网站临时下线"), ("preparing", 503, "正在筹备"), ("retired", 410, "本站已经关停")],
)
def test_a_closed_site_says_so_on_every_address(visit, alpha, status, code, words):
    Tenant.objects.filter(pk=alpha.pk).update(status=status)
    forget_hosts()
    for path in ("/", "/news/", "/nothing/", "/sitemap.xml", "/robots.txt", "/documents/1/x.pdf"):
        response = visit(path)
        assert response.status_code == code, path
        assert words in response.content.decode()
        assert "云江省澄州市人民政府" in response.content.decode()


def test_a_broken_page_keeps_its_head(visit, alpha, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("sites.pages.context.load_navigation", broken)
    response = visit("/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "页面暂时打不开" in html
    assert "secret detail" not in html
    assert "云江省澄州市人民政府" in html


def test_each_site_wears_its_own_look(visit):
    assert "portal/site.css" in visit("/").content.decode()
    other = visit("/", site="beta").content.decode()
    assert "county/site.css" in other
    assert "portal/site.css" not in other
    assert "portal/site.css" in visit("/nothing/").content.decode()
