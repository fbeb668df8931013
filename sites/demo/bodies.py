"""The making of what pages store from the blocks of the content files: stream data, rich text, uploaded files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils.html import escape, format_html, format_html_join
from wagtail.models import Page

from govplatform.accounts.models import User
from sites.demo.attachments import make_attachment
from sites.demo.charts import draw_chart
from sites.demo.content import (
    Attachment,
    Block,
    Chart,
    DemoSite,
    Gallery,
    Heading,
    Item,
    Paragraphs,
    Picture,
    Quotation,
    Table,
)
from sites.demo.picture_files import picture_bytes
from sites.media.models import SiteDocument, SiteImage

StreamData = list[dict[str, Any]]


@dataclass(frozen=True)
class BodyWriter:
    """A writer of one item's body on the current site; pictures and attachments are uploaded in its editor's name."""

    item: Item
    site: DemoSite
    editor: User
    picture_folder: Path

    def stream(self, blocks: Iterable[Block]) -> StreamData:
        """Return ``blocks`` as the value of a StreamField of ``BodyBlock``, with their files uploaded."""
        return [self._block(block) for block in blocks]

    def picture(self, picture: Picture) -> SiteImage:
        """Upload a picture as a new image and return it; its description is the alternative text."""
        content = picture_bytes(self.picture_folder, picture.motif, picture.seed)
        return self._image(picture.alt, content, f"{self.item.slug}-{picture.motif}.jpg")

    def _image(self, alt: str, content: bytes, name: str) -> SiteImage:
        image = SiteImage(title=alt[:255], description=alt[:255], uploaded_by_user=self.editor)
        image.file = ContentFile(content, name=name)
        image.file_size = len(content)
        image.save()
        return image

    def _document(self, attachment: Attachment) -> SiteDocument:
        content = make_attachment(attachment, self.item, self.site)
        document = SiteDocument(title=attachment.title, uploaded_by_user=self.editor)
        document.file = ContentFile(content, name=attachment.filename)
        document.file_size = len(content)
        document.save()
        return document

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Heading():
                return {"type": "heading", "value": {"level": "2", "text": block.text}}
            case Paragraphs():
                return {"type": "rich_text", "value": rich_text([block])}
            case Table():
                rows = _rows([block.head, *block.rows])
                return {"type": "table", "value": {"caption": block.caption, "header_row": True, "rows": rows}}
            case Quotation():
                return {"type": "quotation", "value": {"text": block.text, "attribution": block.attribution}}
            case Picture():
                return {"type": "image", "value": self._shown(block)}
            case Gallery():
                return {"type": "gallery", "value": {"items": [self._shown(one) for one in block.pictures]}}
            case Chart():
                return {"type": "chart", "value": self._chart(block)}
            case Attachment():
                value = {"document": self._document(block).pk, "title": block.title}
                return {"type": "attachment", "value": value}

    def _shown(self, picture: Picture) -> dict[str, Any]:
        return {"image": self.picture(picture).pk, "caption": picture.caption, "alt": picture.alt}

    def _chart(self, chart: Chart) -> dict[str, Any]:
        image = self._image(chart.alt, draw_chart(chart), f"{self.item.slug}-chart.png")
        table = [
            ("项目", chart.unit),
            *((label, f"{value:g}") for label, value in zip(chart.labels, chart.values, strict=True)),
        ]
        return {"image": image.pk, "caption": chart.title, "alt": chart.alt, "data_table": _rows(table)}


def shown_image(image: SiteImage) -> dict[str, Any]:
    """Return the stream block that shows an uploaded image in the text."""
    value = {"image": image.pk, "caption": "", "alt": image.description, "decorative": False}
    return {"type": "image", "value": value}


def drawn_chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stream block of a chart that is drawn of its table."""
    table = {"caption": "", "header_row": True, "rows": [[str(cell) for cell in row] for row in chart["rows"]]}
    told = {name: chart.get(name, "") for name in ("title", "kind", "unit", "note")}
    return {"type": "drawn_chart", "value": {**told, "table": table}}


def rich_text(blocks: Iterable[Heading | Paragraphs]) -> str:
    """Return the HTML of running text; a heading becomes a bold line."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            lines.append(format_html("<p><b>{}</b></p>", block.text))
        else:
            lines.extend(f"<p>{escape(text)}</p>" for text in block.texts)
    return "".join(lines)


def linked_pages(pages: Sequence[Page], *, before: str = "") -> StreamData:
    """Return stream data with a list of links to ``pages`` of the same site; empty for no pages.

    ``before``: a bold line that says what they are.
    """
    if not pages:
        return []
    items = format_html_join(
        "", '<li><a linktype="page" id="{}">{}</a></li>', ((page.pk, page.title) for page in pages)
    )
    said = format_html("<p><b>{}</b></p>", before) if before else ""
    return [{"type": "rich_text", "value": f"{said}<ul>{items}</ul>"}]


def _rows(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    return [list(row) for row in rows]
