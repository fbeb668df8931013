"""Each template renders with all and with nothing, and keeps the rules for public pages.

Those rules: no inline script or style, no resource from elsewhere, at most three files besides the
pictures, under 60 kB, every picture with its size and its text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from themes.registry import BASE_CODE, SERVICE_ICONS, THEMES, get_theme

from .sample_pages import STRUCTURED

pytestmark = pytest.mark.unit

Render = Callable[[str, str, dict[str, Any]], str]
BASE_FOLDER = get_theme(BASE_CODE).template_dir
ALL_TEMPLATES = sorted(path.relative_to(BASE_FOLDER).as_posix() for path in BASE_FOLDER.rglob("*.html"))
PAGES = (
    "home/home_page.html",
    "columns/column.html",
    "columns/site_map.html",
    "articles/article.html",
    "articles/topic_page.html",
    "policies/policy_document.html",
    "policies/interpretation.html",
    *STRUCTURED,
    "errors/403.html",
    "errors/404.html",
    "errors/410.html",
    "errors/500.html",
    "errors/503.html",
)
#: Parts of blocks have no value of their own.
_PARTS = ("blocks/cell.html", "blocks/table_rows.html", "blocks/wide_picture.html")
BLOCKS = tuple(name for name in ALL_TEMPLATES if name.startswith("blocks/") and name not in _PARTS)
LIMIT_BYTES = 60_000
LIMIT_FILES = 3
VOID = {"img", "input", "link", "meta", "br", "hr", "source", "track"}


class Element:
    def __init__(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.name = name
        self.attributes = {key: value or "" for key, value in attributes}


class Outline(HTMLParser):
    """All elements of a page in order, and whether start and end tags pair up."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[str] = []
        self.unpaired: list[str] = []
        self.feed(html)
        self.close()
        self.unpaired += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unpaired.append(f"/{tag}")

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]


def resources(outline: Outline) -> list[str]:
    """Addresses that a browser fetches by itself when it shows the page."""
    found = [
        element.attributes.get(key, "")
        for element in outline.all("script", "img", "source", "video", "audio", "iframe", "use")
        for key in ("src", "srcset", "poster")
    ]
    found += [
        element.attributes.get("href", "")
        for element in outline.all("link")
        if element.attributes.get("rel") not in {"canonical", "alternate"}
    ]
    return [address for address in found if address]


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def full_pages(theme: str, render: Render, contexts: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the HTML of every page of the theme, by the name of its template."""
    return {name: render(theme, name, contexts[name]) for name in PAGES}


def test_full_page_is_one_well_formed_document(full_pages: dict[str, str], subtests: pytest.Subtests) -> None:
    for page_name, full_page in full_pages.items():
        with subtests.test(page_name):
            outline = Outline(full_page)
            assert outline.unpaired == []
            assert len(outline.all("h1")) == 1
            assert len(outline.all("main")) == 1
            assert len(outline.all("title")) == 1
            identifiers = Counter(
                element.attributes["id"] for element in outline.elements if "id" in element.attributes
            )
            assert [name for name, count in identifiers.items() if count > 1] == []


def test_full_page_has_no_inline_script_style_or_handler(full_pages: dict[str, str], subtests: pytest.Subtests) -> None:
    for page_name, full_page in full_pages.items():
        with subtests.test(page_name):
            outline = Outline(full_page)
            assert outline.all("style") == []
            for element in outline.elements:
                assert "style" not in element.attributes
                assert not [name for name in element.attributes if name.startswith("on")]
                assert not element.attributes.get("href", "").startswith("javascript:")
                if element.name == "script":
                    assert element.attributes.get("src")
                    assert "defer" in element.attributes


def test_full_page_fetches_nothing_from_elsewhere(full_pages: dict[str, str], subtests: pytest.Subtests) -> None:
    for page_name, full_page in full_pages.items():
        with subtests.test(page_name):
            for address in resources(Outline(full_page)):
                assert not re.search(r"(?:[a-z]+:)?//", address), address
                assert not address.startswith("data:")


def test_full_page_is_light(full_pages: dict[str, str], subtests: pytest.Subtests) -> None:
    for page_name, full_page in full_pages.items():
        with subtests.test(page_name):
            outline = Outline(full_page)
            files = [address for address in resources(outline) if address.endswith((".css", ".js"))]
            assert len(full_page.encode()) < LIMIT_BYTES
            assert len(files) <= LIMIT_FILES


def test_every_picture_has_size_and_text(full_pages: dict[str, str], subtests: pytest.Subtests) -> None:
    for page_name, full_page in full_pages.items():
        with subtests.test(page_name):
            for image in Outline(full_page).all("img"):
                assert image.attributes["width"].isdigit()
                assert image.attributes["height"].isdigit()
                assert "alt" in image.attributes


def test_every_reference_inside_the_page_has_a_target(full_pages: dict[str, str], subtests: pytest.Subtests) -> None:
    for page_name, full_page in full_pages.items():
        with subtests.test(page_name):
            outline = Outline(full_page)
            identifiers = {element.attributes.get("id") for element in outline.elements}
            for element in outline.elements:
                targets = element.attributes.get("aria-labelledby", "").split()
                targets += [element.attributes["for"]] if "for" in element.attributes else []
                href = element.attributes.get("href", "")
                targets += [href[1:]] if href.startswith("#") else []
                assert set(targets) <= identifiers


def test_full_page_carries_what_every_page_must(
    full_pages: dict[str, str], subtests: pytest.Subtests, contexts: dict[str, dict[str, Any]]
) -> None:
    for page_name, full_page in full_pages.items():
        with subtests.test(page_name):
            context = contexts[page_name]
            for tag in context["meta_tags"]:
                assert f'<meta name="{tag["name"]}" content="{tag["content"]}">' in full_page
            tenant = context["tenant"]
            for value in (
                tenant.full_name,
                tenant.identity_code,
                tenant.organiser,
                tenant.icp_number,
                tenant.police_record_number,
                context["error_report_url"],
                context["sitemap_url"],
            ):
                assert value in full_page
            assert 'class="skip-link" href="#main"' in full_page


@pytest.mark.parametrize("context", [{}, {"tenant": None}, {"tenant": SimpleNamespace()}])
def test_template_renders_with_nothing(
    theme: str, context: dict[str, Any], render: Render, subtests: pytest.Subtests
) -> None:
    for name in ALL_TEMPLATES:
        with subtests.test(name):
            assert "None" not in render(theme, name, context)


def test_block_renders_with_all_and_with_nothing(
    render: Render, contexts: dict[str, dict[str, Any]], subtests: pytest.Subtests
) -> None:
    for name in BLOCKS:
        with subtests.test(name):
            assert Outline(render(BASE_CODE, name, contexts[name])).unpaired == []
            assert Outline(render(BASE_CODE, name, {"value": "" if "rich_text" in name else {}})).unpaired == []


def test_search_box_appears_only_where_search_exists(
    theme: str, render: Render, contexts: dict[str, dict[str, Any]]
) -> None:
    context = contexts["articles/article.html"]
    assert 'role="search"' in render(theme, "articles/article.html", context)
    assert 'role="search"' not in render(theme, "articles/article.html", {**context, "search_url": ""})


def test_channel_row_holds_seven_and_the_rest_lies_under_more(
    theme: str, render: Render, contexts: dict[str, dict[str, Any]]
) -> None:
    context = contexts["columns/column.html"]
    html = render(theme, "columns/column.html", context)
    row = html.split('<ul class="channel-row">')[1].split("channel-more")[0]
    titles = [channel["title"] for channel in context["channels"]]
    assert all(title in row for title in titles[:7])
    assert not any(title in row for title in titles[7:])


def test_empty_home_block_is_not_shown(
    theme: str, render: Render, contexts: dict[str, dict[str, Any]], subtests: pytest.Subtests
) -> None:
    context = contexts["home/home_page.html"]
    full = render(theme, "home/home_page.html", context)
    for key, marker in (
        ("notices", "home-notices"),
        ("headline_more", "home-news"),
        ("policy_pairs", "home-policies"),
        ("services", "home-services"),
        ("topics", "home-topics"),
        ("leaders", "home-leaders"),
        ("institutions", "home-institutions"),
    ):
        with subtests.test(key):
            assert marker in full
            assert marker not in render(theme, "home/home_page.html", {**context, key: []})


def test_empty_column_says_so(theme: str, render: Render, contexts: dict[str, dict[str, Any]]) -> None:
    context = {**contexts["columns/column.html"], "items": [], "paging": None}
    html = render(theme, "columns/column.html", context)
    assert "本栏目暂时没有内容" in html
    assert 'class="paging"' not in html


def test_preview_says_that_it_is_one(theme: str, render: Render, contexts: dict[str, dict[str, Any]]) -> None:
    context = contexts["articles/article.html"]
    assert "preview-banner" not in render(theme, "articles/article.html", context)
    shown = render(theme, "articles/article.html", {**context, "is_preview": True})
    assert "preview-banner" in shown and "本页尚未发布" in shown
    public = SimpleNamespace(**{**vars(context["page"]), "live": True})
    shown = render(theme, "articles/article.html", {**context, "page": public, "is_preview": True})
    assert "本页已经发布" in shown and "尚未发布" not in shown, "the page is public, this version may not be"


def test_text_from_people_is_escaped(theme: str, render: Render, contexts: dict[str, dict[str, Any]]) -> None:
    attack = "<script>alert(1)</script>"
    context = {
        **contexts["policies/policy_document.html"],
        "page": SimpleNamespace(title=attack),
        "source": attack,
        "signature": attack,
        "addressee": attack,
        "validity_notice": attack,
        "metadata_rows": [{"label": attack, "value": attack}],
    }
    assert attack not in render(theme, "policies/policy_document.html", context)
    notice = {**contexts["errors/503.html"], "notice": attack}
    assert attack not in render(theme, "errors/503.html", notice)


def test_each_service_icon_is_drawn(render: Render) -> None:
    drawn = render(BASE_CODE, "home/service_icons.html", {})
    assert [icon for icon in SERVICE_ICONS if f'id="s-{icon}"' not in drawn] == []
