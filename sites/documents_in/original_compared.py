"""The comparison of an imported page with its original, for the result of the import."""

from collections.abc import Iterable
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from sites.pages.content_page import ContentPage
from sites.policies.models import PolicyDocument

from .comparison import Comparison, compare
from .extraction import ExtractedDocument

_ENDS = ("</p>", "</li>", "<br/>", "<br>")


def compare_with_original(document: ExtractedDocument, page: ContentPage) -> Comparison:
    """Compare what the original shows with the page that was made of it."""
    own, repeated = _texts_of(page)
    shown = [document.issued_by, document.source, document.document_number, document.signature, document.addressee]
    return compare(
        document.second,
        own,
        left_out=[*document.left_out, *repeated, *shown],
        put_in=[*document.put_in, *shown],
    )


def _texts_of(page: ContentPage) -> tuple[list[str], list[str]]:
    """Return (texts of a page in order, texts of cells that say what the cell above them says)."""
    texts = [page.title]
    if isinstance(page, PolicyDocument):
        texts += [page.document_number, page.addressee]
    repeated: list[str] = []
    for block in page.body:
        value: Any = block.value
        match block.block_type:
            case "heading" | "quotation":
                texts.append(value["text"])
            case "rich_text":
                texts += _paragraphs(value.source)
            case "table":
                texts.append(value["caption"])
                cells, same = _cells(value["rows"])
                texts += cells
                repeated += same
            case "image":
                texts.append(value["caption"])
    if isinstance(page, PolicyDocument):
        texts.append(page.signature)
    return [text for text in texts if text], repeated


def _paragraphs(markup: str) -> list[str]:
    for end in _ENDS:
        markup = markup.replace(end, f"{end}\n")
    return unescape(strip_tags(markup)).splitlines()


def _cells(rows: Iterable[Iterable[str]]) -> tuple[list[str], list[str]]:
    own: list[str] = []
    repeated: list[str] = []
    above: list[str] = []
    for row in rows:
        cells = [str(cell) for cell in row]
        for index, cell in enumerate(cells):
            # A cell over several rows stands in each of them.
            (repeated if cell and above[index : index + 1] == [cell] else own).append(cell)
        above = cells
    return own, repeated
