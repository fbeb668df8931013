"""A page as whoever writes rules sees it: its text alone, line by line, each with the selector that finds it."""

from typing import Any

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from sites.arrivals.reading.kinds import metas_of
from sites.documents_in.extraction.document import (
    ExtractedDocument,
    HeadingBlock,
    ImageBlock,
    QuotationBlock,
    RichTextBlock,
    TableBlock,
)
from sites.documents_in.extraction.spacing import tidy

MOST_LINES = 400
LONGEST_LINE = 300
_UNSEEN = ("script", "style", "noscript", "template")
_INLINE = frozenset(("a", "b", "i", "u", "em", "strong", "font", "small", "sub", "sup", "br", "label"))
_MANDATED = ("SiteName", "ColumnName", "ArticleTitle", "PubDate", "ContentSource")


def outline_of(markup: str) -> list[dict[str, str]]:
    """Return ``[{"selector", "text"}]`` of a page in its order, its mandated meta tags first; no markup is left."""
    soup = BeautifulSoup(markup, "lxml")
    metas = metas_of(soup)
    lines = [
        {"selector": f'meta[name="{name}" i]', "text": metas[name.lower()][:LONGEST_LINE]}
        for name in _MANDATED
        if name.lower() in metas
    ]
    block: Tag | None = None
    for text in (soup.body or soup).descendants:
        if not isinstance(text, NavigableString) or isinstance(text, PreformattedString):
            continue
        words, holder = tidy(str(text)), text.parent
        if not words or holder is None or holder.name in _UNSEEN:
            continue
        # A line is what one element holds; an emphasised word in it is none of its own, unless it has a name.
        while holder.name in _INLINE and not holder.get("id") and not holder.get("class") and holder.parent is not None:
            holder = holder.parent
        if holder is block:
            lines[-1]["text"] = f"{lines[-1]['text']} {words}"[:LONGEST_LINE]
            continue
        if len(lines) >= MOST_LINES:
            break
        block = holder
        lines.append({"selector": selector_of(holder), "text": words[:LONGEST_LINE]})
    return lines


def selector_of(tag: Tag) -> str:
    """Return a short CSS selector for an element: by its id or class, or below the nearest element that has one."""
    own = _named(tag)
    if own:
        return own
    for parent in tag.parents:
        if isinstance(parent, Tag) and (base := _named(parent)):
            return f"{base} {tag.name}"
    return str(tag.name)


def _named(tag: Tag) -> str:
    name = tag.get("id")
    if isinstance(name, str) and name.strip() and len(name) <= 60:
        return f"#{soupsieve.escape(name.strip())}"
    classes = tag.get("class")
    if not classes:
        return ""
    names = [one for one in (classes if isinstance(classes, list) else classes.split()) if len(one) <= 60][:2]
    return str(tag.name) + "".join(f".{soupsieve.escape(one)}" for one in names) if names else ""


def text_of(document: ExtractedDocument) -> list[str]:
    """Return what a document says, paragraph by paragraph, as plain text."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, HeadingBlock):
            lines.append(block.text)
        elif isinstance(block, QuotationBlock):
            lines += block.text.split("\n")
        elif isinstance(block, TableBlock):
            lines += [" | ".join(row) for row in block.rows]
        elif isinstance(block, ImageBlock):
            lines.append(f"▢ {block.caption}".strip())
        elif isinstance(block, RichTextBlock):
            parts: list[Any] = BeautifulSoup(block.html, "lxml").find_all(["p", "li"])
            lines += [tidy(part.get_text()) for part in parts]
    return [line for line in lines if line]
