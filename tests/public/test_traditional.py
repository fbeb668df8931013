"""Pages in traditional characters: what differs from the plain page and what must not, and what has none."""

from html.parser import HTMLParser
from typing import Any

import pytest

from govplatform.lifecycle.site_facts import YES, change_site_facts
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .contents import rich_article

#: Attributes that are shown or read out, and those that lead from page to page.
SHOWN = {"alt", "title", "placeholder", "aria-label", "content", "label"}
LEADING = {("a", "href"), ("form", "action"), ("link", "href")}


class Tree(HTMLParser):
    """Everything of a page in order: ``(tag, attributes)`` and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.nodes: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.nodes.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.nodes.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.nodes.append((None, data))


def differences(plain: str, other: str) -> list[Any]:
    """What differs besides texts and what is shown of attributes; links differ by the prefix alone."""
    before, after = Tree(plain).nodes, Tree(other).nodes
    found: list[Any] = [] if len(before) == len(after) else [("nodes", len(before), len(after))]
    for old, new in zip(before, after, strict=False):
        if isinstance(old, str) or isinstance(new, str) or old[0] != new[0] or old[0] is None:
            if old != new and (isinstance(old, str) or isinstance(new, str) or old[0] != new[0]):
                found.append((old, new))
            continue
        for (name, value), (new_name, new_value) in zip(old[1], new[1], strict=True):
            leads = (old[0], name) in LEADING and new_value in (value, value.replace("/", "/zh-hant/", 1))
            leads = leads or (old[0] == "link" and new_value.replace("/zh-hant/", "/", 1) == value)
            shown = name in SHOWN or name.startswith("data-") or (old[0] == "html" and name == "lang")
            if name != new_name or not (value == new_value or leads or shown):
                found.append((old[0], name, value, new_value))
    return found


@pytest.fixture
def traditional(alpha: Any) -> Tenant:
    change_site_facts(alpha, acting_user=None, traditional=YES, traditional_words="范长里=范長里\n河里镇")
    return get_tenant("alpha")


def test_texts_are_converted_and_nothing_else(traditional: Any, visit: Any):
    page = rich_article(title="范长里到河里镇里面发布，见云政发〔2025〕3号")
    address = site_path(page)
    plain, other = visit(address).content.decode(), visit(f"/zh-hant{address}").content.decode()
    assert differences(plain, other) == []
    assert "范長里到河里镇裡面發布" in other and "云政发〔2025〕3号" in other
    assert '<html lang="zh-Hant"' in other and "會議現場" in other and 'alt="會場全景"' in other
    # Files keep their names and addresses, links inside the site go on in the same characters.
    assert 'href="/zh-hant/news/"' in other and 'action="/zh-hant/search/"' in other
    assert "/zh-hant/documents/" not in other and "/zh-hant/media/" not in other
    for one in (plain, other):
        assert f'hreflang="zh-Hant" href="http://alpha.localhost:8000/zh-hant{address}"' in one
        assert f'hreflang="zh-Hans" href="http://alpha.localhost:8000{address}"' in one
    assert f'rel="canonical" href="http://alpha.localhost:8000/zh-hant{address}"' in other
    assert f"http://alpha.localhost:8000/zh-hant{address}" in visit("/sitemap.xml").content.decode()
    # The site's own words count at once.
    change_site_facts(get_tenant("alpha"), acting_user=None, traditional_words="里面=里面")
    assert "河裡鎮里面發布" in visit(f"/zh-hant{address}").content.decode()


def test_addresses_answer_as_the_plain_ones_do(traditional: Any, visit: Any):
    page = factories.live_article(title="马上撤回", slug="soon-gone")
    first = visit("/zh-hant/news/soon-gone/")
    assert first.status_code == 200
    assert visit("/zh-hant/news/soon-gone/", if_none_match=first.headers["ETag"]).status_code == 304
    assert visit("/zh-hant/news/soon-gone/", if_none_match=visit("/news/soon-gone/").headers["ETag"]).status_code == 200
    assert visit("/zh-hant/news/soon-gone/", method="post").status_code == 405
    withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    gone = visit("/zh-hant/news/soon-gone/")
    assert gone.status_code == 410 and "發布單位經核查後撤下" in gone.content.decode()
    assert visit("/zh-hant").headers["Location"] == "/zh-hant/"
    assert visit("/zh-hant/news").headers["Location"] == "/zh-hant/news/"
    assert visit("/zh-hant/zh-hant/news/").status_code == 404
    assert visit("/zh-hant/nothing/").status_code == 404
    for path in ("/robots.txt", "/sitemap.xml", "/news/feed.xml"):
        answer = visit(f"/zh-hant{path}")
        assert (answer.status_code, answer.headers["Location"]) == (301, path)
    results = visit("/zh-hant/search/?q=%E7%99%BC%E5%B1%95").content.decode()
    assert 'value="發展"' in results and 'href="/zh-hant/"' in results
    # Elsewhere there is nothing below the prefix.
    assert visit("/zh-hant/", site="beta").status_code == 404
    assert "zh-hant" not in visit("/", site="beta").content.decode()
