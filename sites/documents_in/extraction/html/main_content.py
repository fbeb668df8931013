"""The search for the document itself in a page saved from a site, and for what the page says of it."""

import re

from bs4 import BeautifulSoup, Tag

from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.html.styles import classes_of
from sites.documents_in.extraction.recognition.labels import is_label_line
from sites.documents_in.extraction.spacing import close_breaks, squeeze, tidy

# Containers that the page builders in use on government sites, and WeChat, put around the text: "#" an id, "." a
# class, "=" a role; the first that is found counts.
KNOWN = (
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
    ".pages_content",
    ".rich_media_content",
)
# Containers that say what they are, and on many pages hold related pages, comments and sharing as well.
NAMED = (
    "#article-content",
    ".article-content",
    ".article_content",
    ".articleContent",
    "article",
    "main",
    "=main",
)
MIN_CHARACTERS = 60
MOST_PARTS = 5
MIN_KNOWN = 10
HEAD_TAGS = ("h1", "h2", "h3", "p", "li", "td", "span", "div", "em")
HEAD_LINES = (*HEAD_TAGS, "a")
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
_OFFICE = re.compile(r"Microsoft (?:Word|Excel)|Word\.Document|WPS|LibreOffice|OpenOffice", re.IGNORECASE)
#: Of a title whose runs of blanks are one blank each.
_PARTS = re.compile(r"[ 　]?(?:_|\||｜|—{1,2}|–|--| - |-(?=[\u4e00-\u9fff]))[ 　]?")


def find_containers(body: Tag, selectors: tuple[str, ...] = KNOWN) -> list[Tag]:
    """Return the containers with enough text of the first of `selectors` that has any, in the order of the page.

    Of containers in each other it is the outermost. Several side by side are the parts of a document, such as the
    notice and what it sends out; there is none where they are more than `MOST_PARTS`.
    """
    found: dict[str, list[Tag]] = {}
    for tag in body.find_all(True):
        role = f"={tag['role']}" if tag.get("role") else ""
        classes = classes_of(tag)
        for key in {tag.name, role, f"#{tag.get('id', '')}", *(f".{name}" for name in classes)}:
            if key in selectors:
                found.setdefault(key, []).append(tag)
    for selector in selectors:
        inside: set[int] = set()
        outer: list[Tag] = []
        for tag in found.get(selector, []):
            if id(tag) not in inside:
                outer.append(tag)
                inside.update(id(node) for node in tag.descendants)
        least = MIN_KNOWN if selector[0] in "#." else MIN_CHARACTERS
        outer = [tag for tag in outer if len(tidy(tag.get_text())) >= least]
        if 0 < len(outer) <= MOST_PARTS:
            return outer
    return []


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


def is_saved_by_word_processor(soup: BeautifulSoup) -> bool:
    """Say whether a page says that an office program made it."""
    metas = soup.find_all("meta", attrs={"name": ["generator", "Generator", "ProgId"]})
    return any(_OFFICE.search(str(meta.get("content", ""))) for meta in metas)


def keep_head_lines(
    body: Tag, roots: list[Tag], left_out: list[Tag], *, hints: dict[str, str]
) -> tuple[list[Element], int]:
    """Return (title and label lines that stand before the main area, number of other lines left out).

    roots, left_out: the elements of the main area, and those within it that are none of it. hints: as `page_hints`
    returns them; the name of the site is no title although many pages write it in `<h1>`, and a line that says what
    the page calls its article is one, whatever element it stands in.
    """
    site = squeeze(hints.get("site", ""))
    titles = {squeeze(hints.get(name, "")) for name in ("title", "page_title")} - {""}
    kept: list[Element] = []
    dropped = 0
    seen_main = False
    outside = {id(node) for tag in left_out for node in (tag, *tag.descendants)}
    inside = {id(node) for root in roots for node in (root, *root.descendants)} - outside
    around = {id(node) for root in roots for node in root.parents}
    holding = _holding(body)
    for tag in body.find_all(True):
        if id(tag) in inside:
            seen_main = True
            continue
        if tag.name not in HEAD_LINES or id(tag) in around or id(tag) in holding:
            continue
        text = close_breaks(tag.get_text())
        if not text:
            continue
        if not seen_main and squeeze(text) != site and (tag.name == "h1" or squeeze(text) in titles):
            titles.discard(squeeze(text))
            kept.append(Element(kind="heading", text=text, level=1))
        elif not seen_main and is_label_line(text):
            kept.append(Element(kind="paragraph", text=text))
        elif _is_hint(tag):
            continue
        elif tag.name not in ("span", "em") or tag.find_parent(HEAD_TAGS) is None:
            dropped += 1
    return kept, dropped


def _holding(body: Tag) -> set[int]:
    """Return the ids of the elements that hold one of HEAD_TAGS; asked of each alone, they would be searched anew."""
    found: set[int] = set()
    for tag in body.find_all(HEAD_TAGS):
        for node in tag.parents:
            if id(node) in found:
                break
            found.add(id(node))
    return found


def _is_hint(tag: Tag) -> bool:
    return str(tag.get("id", "")) in HINT_IDS or any(name in HINT_CLASSES for name in classes_of(tag))
