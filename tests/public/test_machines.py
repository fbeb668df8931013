"""What machines read: sitemap.xml, RSS, robots.txt."""

from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from django.utils.timezone import localtime

from govplatform.review.queries import site_path
from sites.public.sitemaps import PageSitemap
from tests import factories

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_SELF = "{http://www.w3.org/2005/Atom}link"
HOST = "http://alpha.localhost:8000"


def test_the_site_map_lists_what_is_live_and_nothing_else(visit, live):
    pages = live.kinds()
    draft = factories.draft_article(slug="draft")
    root = ElementTree.fromstring(visit("/sitemap.xml").content)
    assert root.tag == f"{_SITEMAP}urlset"
    addresses = [node.text for node in root.iter(f"{_SITEMAP}loc")]
    assert {f"{HOST}/", f"{HOST}/news/", *(HOST + site_path(page) for page in pages.values())} <= set(addresses)
    assert HOST + site_path(draft) not in addresses
    assert len(addresses) == len(set(addresses))
    for address in addresses:
        assert visit(address.removeprefix(HOST)).status_code == 200, address


def test_a_site_map_says_when_each_page_changed_and_is_not_compared_by_date(visit, alpha):
    page = factories.live_article(slug="dated")
    response = visit("/sitemap.xml")
    days = {
        node.findtext(f"{_SITEMAP}loc"): node.findtext(f"{_SITEMAP}lastmod")
        for node in ElementTree.fromstring(response.content)
    }
    assert days[f"{HOST}/news/dated/"] == f"{localtime(page.last_published_at):%Y-%m-%d}"
    assert "Last-Modified" not in response.headers


def test_more_pages_than_one_site_map_may_hold_are_parted_and_listed(visit, alpha, monkeypatch):
    assert PageSitemap.limit == 50_000
    for number in range(3):
        factories.live_article(slug=f"part-{number}")
    whole = {node.text for node in ElementTree.fromstring(visit("/sitemap.xml").content).iter(f"{_SITEMAP}loc")}
    monkeypatch.setattr(PageSitemap, "limit", 4)
    index = ElementTree.fromstring(visit("/sitemap.xml").content)
    assert index.tag == f"{_SITEMAP}sitemapindex"
    parts = [node.text for node in index.iter(f"{_SITEMAP}loc")]
    assert parts == [f"{HOST}/sitemap.xml?p={number}" for number in range(1, len(parts) + 1)]
    found = []
    for part in parts:
        root = ElementTree.fromstring(visit(part.removeprefix(HOST)).content)
        listed = [node.text for node in root.iter(f"{_SITEMAP}loc")]
        assert 1 <= len(listed) <= 4
        found += listed
    assert len(found) == len(whole) and set(found) == whole
    for beyond in ("0", str(len(parts) + 1), "x"):
        assert visit(f"/sitemap.xml?p={beyond}").status_code == 404


def test_robots_name_the_site_map_of_this_very_site(visit):
    assert f"Sitemap: {HOST}/sitemap.xml" in visit("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://beta.localhost:8000/sitemap.xml" in visit("/robots.txt", site="beta").content.decode()


def test_a_feed_is_valid_rss(visit, alpha):
    page = factories.live_article(title="标题 & <重点>\x0b之一", slug="in-feed", summary="摘要")
    factories.live_article(title="没有摘要的信息", slug="without")
    factories.draft_article(slug="not-in-feed")
    root = ElementTree.fromstring(visit("/news/feed.xml").content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel.findtext("title") == "工作动态 - 云江省澄州市人民政府"
    assert channel.findtext("link") == f"{HOST}/news/"
    assert channel.findtext("description")
    assert channel.find(_SELF).get("href") == f"{HOST}/news/feed.xml"
    items = channel.findall("item")
    assert [item.findtext("link") for item in items] == [f"{HOST}/news/without/", f"{HOST}/news/in-feed/"]
    assert items[1].findtext("title") == "标题 & <重点>之一"
    assert items[1].findtext("description") == "摘要"
    assert items[0].findtext("description") == "没有摘要的信息"
    assert items[1].findtext("guid") == f"{HOST}/news/in-feed/"
    sent = parsedate_to_datetime(items[1].findtext("pubDate"))
    assert sent == page.first_published_at.replace(microsecond=0)


def test_a_page_without_feed_has_none(visit, live):
    assert visit(f"{site_path(live('article'))}feed.xml").status_code == 404


def test_a_column_names_its_feed(visit, alpha):
    html = visit("/news/").content.decode()
    assert '<link rel="alternate" type="application/rss+xml" title="工作动态" href="/news/feed.xml">' in html
