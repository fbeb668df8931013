"""The comparison of an imported page with its original, for the result of the import."""

from collections.abc import Iterable
from typing import Any

from sites.pages.content_page import ContentPage
from sites.pages.text import PageText, read_rich_text
from sites.policies.models import PolicyDocument

from .comparison import Comparison, compare
from .extraction import ExtractedDocument, TableBlock


def compare_with_original(document: ExtractedDocument, page: ContentPage) -> Comparison:
    """Compare what the original shows with the page that was made of it."""
    return compare(document.second, _texts_of(page, document), left_out=document.left_out, put_in=document.put_in)


def _texts_of(page: ContentPage, document: ExtractedDocument) -> list[str]:
    """Return the texts of a page in order, without the cells that say once more what a cell over several rows says."""
    repeats = iter(
        [{tuple(place) for place in block.repeats} for block in document.blocks if isinstance(block, TableBlock)]
    )
    texts = [page.title]
    if isinstance(page, PolicyDocument):
        texts += [page.document_number, page.addressee]
    for block in page.body:
        value: Any = block.value
        match block.block_type:
            case "heading" | "quotation":
                texts.append(value["text"])
            case "rich_text":
                texts += _paragraphs(value.source)
            case "table":
                texts.append(value["caption"])
                texts += _cells(value["rows"], next(repeats, set()))
            case "image":
                texts.append(value["caption"])
    if isinstance(page, PolicyDocument):
        texts.append(page.signature)
    return [text for text in texts if text]


def _paragraphs(markup: str) -> list[str]:
    text = PageText()
    read_rich_text(text, markup)
    return [line for part in text.body for line in part.splitlines()]


def _cells(rows: Iterable[Iterable[str]], repeats: set[tuple[int, ...]]) -> list[str]:
    return [str(cell) for y, row in enumerate(rows) for x, cell in enumerate(row) if (y, x) not in repeats]
