"""The search for the document itself in a page saved from a site."""

from bs4 import Tag

from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.labels import is_label_line
from sites.documents_in.extraction.spacing import close_breaks, tidy

# Containers that the page builders in use on government sites put around the text.
SELECTORS = (
    "#UCAP-CONTENT",
    "#zoom",
    "#Zoom",
    ".TRS_Editor",
    ".TRS_UEDITOR",
    "#article-content",
    ".article-content",
    ".pages_content",
    "article",
    "main",
    "[role=main]",
)
MIN_CHARACTERS = 60
HEAD_TAGS = ("h1", "h2", "p", "li", "td", "span", "div")


def find_main_content(body: Tag) -> Tag | None:
    """Return the first container of `SELECTORS` that occurs once and has enough text; None: take the whole body."""
    for selector in SELECTORS:
        found = body.select(selector)
        if len(found) == 1 and len(tidy(found[0].get_text())) >= MIN_CHARACTERS:
            return found[0]
    return None


def keep_head_lines(body: Tag, main: Tag) -> tuple[list[Element], int]:
    """Return (title and label lines that stand before the container, number of other lines left out)."""
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
        if not seen_main and tag.name == "h1":
            kept.append(Element(kind="heading", text=text, level=1))
        elif not seen_main and is_label_line(text):
            kept.append(Element(kind="paragraph", text=text))
        elif tag.name != "span" or tag.find_parent(HEAD_TAGS) is None:
            dropped += 1
    return kept, dropped
