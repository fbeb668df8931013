"""The search for the document itself in a page saved from a site, and for what the page says of it."""

import re

from bs4 import BeautifulSoup, Tag

from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.html_styles import classes_of
from sites.documents_in.extraction.labels import is_label_line
from sites.documents_in.extraction.spacing import close_breaks, squeeze, tidy

# Containers that the page builders in use on government sites, and WeChat, put around the text: "#" an id, "." a
# class, "=" a role; the first that is found counts.
SELECTORS = (
    "#js_content",
    "#UCAP-CONTENT",
    "#zoom",
    "#Zoom",
    "#fontzoom",
    "#vsb_content",
    ".v_news_content",
    ".TRS_Editor",
    ".TRS_UEDITOR",
    ".trs_editor_view",
    "#article-content",
    ".article-content",
    ".article_content",
    ".articleContent",
    ".pages_content",
    ".rich_media_content",
    "article",
    "main",
    "=main",
)
MIN_CHARACTERS = 60
MIN_KNOWN = 10
HEAD_TAGS = ("h1", "h2", "p", "li", "td", "span", "div", "em")
HINT_NAMES = {
    "articletitle": "title",
    "og:title": "title",
    "pubdate": "published_on",
    "article:published_time": "published_on",
    "contentsource": "source",
    "sitename": "site",
    "og:site_name": "site",
}
#: Where WeChat writes them.
HINT_IDS = {"activity-name": "title", "publish_time": "published_on", "js_name": "source"}
HINT_CLASSES = {"rich_media_meta_nickname": "source"}
#: Of a title whose runs of blanks are one blank each.
_PARTS = re.compile(r"[ 　]?(?:_|\||｜|—{1,2}|–|--| - |-(?=[\u4e00-\u9fff]))[ 　]?")


def find_main_content(body: Tag) -> Tag | None:
    """Return the first container of `SELECTORS` with enough text, the outermost where they lie in each other.

    None where there is none, or several side by side: then the whole body has to be taken.
    """
    found: dict[str, list[Tag]] = {}
    for tag in body.find_all(True):
        role = f"={tag['role']}" if tag.get("role") else ""
        classes = classes_of(tag)
        for key in {tag.name, role, f"#{tag.get('id', '')}", *(f".{name}" for name in classes)}:
            if key in _KNOWN:
                found.setdefault(key, []).append(tag)
    for selector in SELECTORS:
        inside: set[int] = set()
        outer: list[Tag] = []
        for tag in found.get(selector, []):
            if id(tag) not in inside:
                outer.append(tag)
                inside.update(id(node) for node in tag.descendants)
        least = MIN_KNOWN if selector[0] in "#." else MIN_CHARACTERS
        if len(outer) == 1 and len(tidy(outer[0].get_text())) >= least:
            return outer[0]
    return None


_KNOWN = frozenset(SELECTORS)


def page_hints(soup: BeautifulSoup) -> dict[str, str]:
    """Return what a page says of its article: title, published_on, source; site: the name of the site.

    The sources of a title in this order: meta tags on the article, WeChat's own elements, the page's title without
    the name of the site.
    """
    hints: dict[str, str] = {}
    metas: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        name = str(meta.get("name") or meta.get("property") or "").lower()
        content = tidy(str(meta.get("content", "")))
        if content:
            metas.setdefault(name, content)
    for name, hint in HINT_NAMES.items():
        if name in metas:
            hints.setdefault(hint, metas[name])
    for tag in soup.find_all(["h1", "em", "a", "span", "strong"]):
        classes = classes_of(tag)
        hint = HINT_IDS.get(str(tag.get("id", ""))) or next((HINT_CLASSES[c] for c in classes if c in HINT_CLASSES), "")
        if hint and tidy(tag.get_text()):
            hints.setdefault(hint, tidy(tag.get_text()))
    parts = [part for part in _PARTS.split(tidy(soup.title.get_text()) if soup.title else "") if part]
    if len(parts) > 1:
        hints.setdefault("site", parts[-1])
    if parts and squeeze(parts[0]) != squeeze(hints.get("site", "")):
        hints.setdefault("page_title", parts[0])
    if hints.get("title") and squeeze(hints["title"]) == squeeze(hints.get("site", "")):
        del hints["title"]
    return hints


def is_mostly_links(body: Tag) -> bool:
    """Say whether more than half of the text stands in links, as on a page of navigation, and there is much of it."""
    linked = sum(len(squeeze(tag.get_text())) for tag in body.find_all("a") if tag.find_parent("a") is None)
    whole = len(squeeze(body.get_text()))
    return whole >= MIN_CHARACTERS and linked * 2 > whole


def keep_head_lines(body: Tag, main: Tag, *, site: str = "") -> tuple[list[Element], int]:
    """Return (title and label lines that stand before the container, number of other lines left out).

    site: its name, which is no title although many pages write it in `<h1>`.
    """
    kept: list[Element] = []
    dropped = 0
    seen_main = False
    inside = {id(node) for node in main.descendants} | {id(main)}
    around = {id(node) for node in main.parents}
    for tag in body.find_all([*HEAD_TAGS, "a"]):
        if tag is main:
            seen_main = True
        if id(tag) in inside or id(tag) in around or tag.find(HEAD_TAGS) is not None:
            continue
        text = close_breaks(tag.get_text())
        if not text:
            continue
        if not seen_main and tag.name == "h1" and squeeze(text) != squeeze(site):
            kept.append(Element(kind="heading", text=text, level=1))
        elif not seen_main and is_label_line(text):
            kept.append(Element(kind="paragraph", text=text))
        elif _is_hint(tag):
            continue
        elif tag.name not in ("span", "em") or tag.find_parent(HEAD_TAGS) is None:
            dropped += 1
    return kept, dropped


def _is_hint(tag: Tag) -> bool:
    return str(tag.get("id", "")) in HINT_IDS or any(name in HINT_CLASSES for name in classes_of(tag))
