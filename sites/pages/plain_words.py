"""The words of a cleared page without its looks, for the answers of a host that shows no pages."""

from html import unescape

from django.utils.html import strip_tags
from wagtail.models import Page


def plain_words(page: Page) -> str:
    """Return the running text of a page as plain text, its paragraphs divided by empty lines."""
    lines: list[str] = []
    for block in getattr(page.specific, "body", ()):
        if block.block_type == "rich_text":
            source = str(block.value.source).replace("</p>", "</p>\n")
            lines += [line.strip() for line in unescape(strip_tags(source)).splitlines()]
    return "\n\n".join(line for line in lines if line)
