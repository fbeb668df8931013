"""The assembly of a document's blocks from its elements: headings, texts, tables, pictures, captions."""

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from govplatform.untrusted_files.html import DOCUMENT
from sites.documents_in.extraction.document import (
    Block,
    HeadingBlock,
    ImageBlock,
    QuotationBlock,
    RichTextBlock,
    TableBlock,
)
from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.recognition.closing import ClosingKind, names_enclosures
from sites.documents_in.extraction.recognition.dates import DATE
from sites.documents_in.extraction.recognition.numbering import LEVELS, heading_text, read_numbering
from sites.documents_in.extraction.recognition.titles import is_complete, may_be_title_line

_TABLE_CAPTION = re.compile(r"^(?:附?表|表格)[ 　]*[\d一二三四五六七八九十]")
_IMAGE_CAPTION = re.compile(r"^图[ 　]*[\d一二三四五六七八九十]")
_APPENDIX = re.compile(r"^附[ 　]*(?:件|表|录|錄)[ 　]*[\d一二三四五六七八九十]*$")
_DATE_LINE = re.compile(rf"^[（(]?{DATE}[)）]?$")
_ENDS_DOCUMENT = re.compile(r"^[（(](?:此件|联系人|聯繫人|本文有删减)")
CAPTION_LENGTH = 60
HEADING_LENGTH = 80
#: Of pieces that are no whole document.
NOTHING_CLOSES: Mapping[int, ClosingKind] = MappingProxyType({})
ALONE = ("ideographic", "bracketed", "arabic")


def assemble(
    elements: list[Element], image_numbers: dict[int, int], closing: Mapping[int, ClosingKind] = NOTHING_CLOSES
) -> list[Block]:
    """Return the blocks of a document in order, whose title and other fields were taken out of `elements` before.

    image_numbers: index of a picture in the file to its index among the stored pictures; others are left out.
    closing: index of a line below the text to the class of its paragraph.
    """
    return _Assembly(elements, image_numbers, closing).blocks


class _Assembly:
    def __init__(
        self, elements: list[Element], image_numbers: dict[int, int], closing: Mapping[int, ClosingKind]
    ) -> None:
        self.elements = elements
        self.closing = closing
        self.blocks: list[Block] = []
        self.html: list[str] = []
        self.captions: set[int] = set()
        self.names_enclosures = False
        for index, element in enumerate(elements):
            if index in self.captions:
                continue
            if element.kind == "table":
                self._table(index, element)
            elif element.kind == "image":
                self._image(index, element, image_numbers)
            elif element.kind == "quotation":
                self._close()
                self.blocks.append(QuotationBlock(text=element.text))
            elif element.kind == "list":
                self.html.append(element.html)
            else:
                self._text(index, element)
        self._close()

    def _close(self) -> None:
        html = DOCUMENT.clean("".join(self.html))
        if html:
            self.blocks.append(RichTextBlock(html=html))
        self.html = []

    def _text(self, index: int, element: Element) -> None:
        numbering = read_numbering(element.text)
        self.names_enclosures = names_enclosures(element.text) or (
            self.names_enclosures and numbering is not None and numbering.kind == "arabic"
        )
        closing = self.closing.get(index)
        if closing is not None:
            self.html.append(f'<p class="{closing}">{element.inline_html()}</p>')
            return
        level = 0 if self.names_enclosures else self._heading_level(index, element)
        if level:
            self._close()
            self.blocks.append(HeadingBlock(level=level, text=heading_text(element.text)))
            return
        following = self._at(index + 1)
        is_caption = following is not None and following.kind == "table" and self._is_caption(element, _TABLE_CAPTION)
        if following is not None and is_caption and not following.caption:
            following.caption = element.text
            return
        html = element.inline_html()
        if element.kind == "heading":
            html = f"<b>{html}</b>"
        self.html.append(f"<p>{_lead_in_bold(element, html)}</p>")

    def _heading_level(self, index: int, element: Element) -> int:
        numbering = read_numbering(element.text)
        if element.kind == "heading":
            if len(element.text) > HEADING_LENGTH or element.text[-1] in "。；":
                return 0
            if numbering is not None and numbering.kind in LEVELS:
                return LEVELS[numbering.kind]
            return min(max(element.level, 2), 4)
        if numbering is not None:
            if not numbering.is_heading():
                return 0
            if numbering.kind in ALONE and not self._has_text_below(index, numbering.kind):
                return 0
            return LEVELS[numbering.kind]
        return 2 if self._begins_enclosure(index, element) else 0

    def _has_text_below(self, index: int, kind: str) -> bool:
        """Say whether text stands below a numbered line, so that it is a heading.

        Followed by another line with a number of the same kind, it is a list item.
        """
        following = self._at(index + 1)
        if following is None:
            return False
        if following.kind in ("table", "image", "list", "quotation"):
            return True
        numbering = read_numbering(following.text)
        if numbering is not None and numbering.kind == kind:
            return False
        return not _DATE_LINE.match(following.text)

    def _begins_enclosure(self, index: int, element: Element) -> bool:
        """Say whether an enclosure begins here: "附件1", or a title after such a line, a date or a closing remark."""
        if _APPENDIX.match(element.text):
            return self._at(index + 1) is not None
        before = self._at(index - 1)
        return (
            before is not None
            and self._at(index + 1) is not None
            and bool(_APPENDIX.match(before.text) or _DATE_LINE.match(before.text) or _ENDS_DOCUMENT.match(before.text))
            and may_be_title_line(element.text)
            and is_complete(element.text)
        )

    def _table(self, index: int, element: Element) -> None:
        self._close()
        repeats = [list(place) for place in element.repeats]
        merged = [list(cell) for cell in element.merged]
        self.blocks.append(TableBlock(element.rows, element.header, element.caption, repeats, merged))

    def _image(self, index: int, element: Element, image_numbers: dict[int, int]) -> None:
        number = image_numbers.get(element.image)
        if number is None:
            return
        self._close()
        caption = ""
        following = self._at(index + 1)
        if following and following.kind == "paragraph" and self._is_caption(following, _IMAGE_CAPTION):
            caption = following.text
            self.captions.add(index + 1)
        self.blocks.append(ImageBlock(image=number, caption=caption))

    def _is_caption(self, element: Element, pattern: re.Pattern[str]) -> bool:
        return len(element.text) <= CAPTION_LENGTH and bool(pattern.match(element.text))

    def _at(self, index: int) -> Element | None:
        return self.elements[index] if 0 <= index < len(self.elements) else None


def _lead_in_bold(element: Element, html: str) -> str:
    """Return the HTML of a paragraph with the number of an article ("第一条") in bold, if it begins with one."""
    numbering = read_numbering(element.text)
    if numbering is None or numbering.kind != "article" or not numbering.rest:
        return html
    plain = escape(element.text, quote=False)
    if html != plain:
        # With inline tags, the number is set in bold only when no tag begins within it.
        rest = re.match(r"(?:<b>)?第[^<条條]{1,8}[条條](?:</b>)?[ 　]*(?:</b>)?(?P<rest>[^<].*)$", html, re.DOTALL)
        if rest is None or (html.startswith("<b>") and "</b>" not in html[: rest.start("rest")]):
            return html
        return f"<b>{numbering.label}</b>　{rest['rest']}"
    return f"<b>{numbering.label}</b>　{escape(numbering.rest, quote=False)}"
