"""The reader of HTML, of a page saved from a site or a piece of a Word document."""

import base64
import binascii
import re
from collections.abc import Sequence
from html import escape

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PreformattedString

from govplatform.sentences import gettext_noop, said
from govplatform.untrusted_files.html import DOCUMENT, DOCUMENT_INLINE
from sites.documents_in.extraction.element import Element, ReadFile, ReadImage
from sites.documents_in.extraction.encodings import decode_text
from sites.documents_in.extraction.html.area_choice import choose_area
from sites.documents_in.extraction.html.elements import BLOCKS, DROPPED, INLINE, READ_AS_ONE, UNSEEN_WORDS, VOID
from sites.documents_in.extraction.html.lists import write_numbers_out
from sites.documents_in.extraction.html.main_content import (
    NAMED,
    find_containers,
    is_saved_by_word_processor,
    keep_head_lines,
    page_hints,
)
from sites.documents_in.extraction.html.second_reading import PageReadAgain, texts_in
from sites.documents_in.extraction.html.styles import StyleSheets
from sites.documents_in.extraction.html.tables import BREAKS, cell_text, own_cells, own_rows, read_table
from sites.documents_in.extraction.html.unclosed import TOO_DEEP, body_of, open_what_holds_the_page, refuse_too_deep
from sites.documents_in.extraction.html.visible import take_out_unseen
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.spacing import close_breaks, close_breaks_in_markup, keep_breaks, shortened, tidy

IMAGE_SCHEME = "embedded-image:"
TOO_LONG = gettext_noop("文档超过 %(most)s 段。请拆分成几份后上传。")
_DATA_URI = re.compile(r"data:image/[a-z0-9.+-]{1,20};base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^<>]+charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazyload", "data-echo", "data-actualsrc", "original", "src")
NAMED_PICTURES = 8
#: `file:` addresses, drives and network shares of Windows.
_ON_DISK = re.compile(r"file:|[a-z]:[\\/]|\\\\", re.IGNORECASE)
FORM_TEXT = 60


def read_html(data: bytes, limits: ExtractionLimits) -> ReadFile:
    """Read an HTML file into elements. Nothing is fetched: data: pictures are taken, others counted in a warning."""
    return read_markup(*open_page(data), limits)


def declared_encoding(data: bytes) -> str:
    """Return the name of the encoding that a page says it is in; "" where it says nothing."""
    declared = _DECLARED.search(data[:4096])
    return declared[1].decode("ascii") if declared else ""


def open_page(data: bytes) -> tuple[str, list[ReadImage]]:
    """Return (markup, pictures) of a page's bytes as `read_markup` wants them. Raises ExtractionRefused for no text."""
    text = decode_text(data, declared=declared_encoding(data))
    images: list[ReadImage] = []

    def take(match: re.Match[str]) -> str:
        try:
            images.append(ReadImage(base64.b64decode(match[1], validate=False)))
        except (binascii.Error, ValueError):
            images.append(ReadImage(b""))
        return f"{IMAGE_SCHEME}{len(images) - 1}"

    return _DATA_URI.sub(take, text), images


def read_markup(markup: str, images: list[ReadImage], limits: ExtractionLimits) -> ReadFile:
    """Read markup into elements; its pictures were replaced before by `src="embedded-image:N"`, N an index of `images`.

    Raises ExtractionRefused for tags nested too deep or too many elements.
    """
    return read_tree(BeautifulSoup(markup, "lxml"), images, limits)


def read_tree(
    soup: BeautifulSoup, images: list[ReadImage], limits: ExtractionLimits, *, main: Sequence[Tag] = ()
) -> ReadFile:
    """Read a page that is parsed already; it is changed by that. `main`: its main area, where somebody has said so.

    Raises ExtractionRefused as `read_markup`.
    """
    result = ReadFile(images=images)
    result.hints = page_hints(soup)
    sheets = StyleSheets(style.get_text() for style in soup.find_all("style"))
    second = PageReadAgain(soup)
    body = body_of(soup)
    refuse_too_deep(body, limits)
    open_what_holds_the_page(body)
    known = list(main) or find_containers(body)
    notes, result.left_out = take_out_unseen(body, known or find_containers(body, NAMED), sheets)
    result.warnings += notes
    choice = choose_area(body, known, is_document=is_saved_by_word_processor(soup))
    result.area, result.share = choice.grade, choice.share
    result.second = second.passages(choice.roots, without=choice.left_out)
    result.put_in = write_numbers_out(body, sheets)
    if result.put_in:
        count = len(result.put_in)
        result.warnings.append(said(gettext_noop("有 %(count)s 处自动编号已转成文字，请核对。"), count=count))
    if not choice.whole:
        head, dropped = keep_head_lines(body, choice.roots, choice.left_out, hints=result.hints)
        result.elements += head
        result.put_in += [element.text for element in head]
        if dropped:
            result.warnings += choice.warnings
            result.warnings.append(
                said(gettext_noop("网页正文区域以外的 %(dropped)s 行（导航、链接列表等）未取。"), dropped=dropped)
            )
    for tag in choice.left_out:
        tag.extract()
    Walker(result, limits).walk(choice.roots)
    drop_unused_images(result)
    return result


def drop_unused_images(result: ReadFile) -> None:
    """Leave out the pictures that no element shows: blanks before a late one, and those of what was left out."""
    shown = {element.image for element in result.elements if element.image >= 0}
    numbers = {old: new for new, old in enumerate(sorted(shown))}
    result.images = [result.images[old] for old in sorted(shown)]
    for element in result.elements:
        element.image = numbers.get(element.image, -1)


class Walker:
    """The walk through a tree, once and in order; a paragraph is whatever inline content lies between blocks.

    keep_merged: cells over several rows or columns go on as such, and nothing is said of them.
    """

    def __init__(self, result: ReadFile, limits: ExtractionLimits, *, keep_merged: bool = False) -> None:
        self.result = result
        self.limits = limits
        self.keep_merged = keep_merged
        self.text = ""
        self.html = ""
        self.open: list[str] = []
        self.dropped: dict[str, int] = {}
        self.dropped_words: list[str] = []
        self.remote: list[str] = []
        self.on_disk: list[str] = []
        self.links = 0
        self.merged = 0

    def walk(self, roots: list[Tag]) -> None:
        for root in roots:
            if root.name in READ_AS_ONE or root.name in INLINE:
                self._tag(root, depth=0)
            else:
                self._children(root, depth=0)
            self._flush()
        warn = self.result.warnings.append
        if self.dropped:
            what = "、".join(f"{name} {count} 处" for name, count in self.dropped.items())
            if self.dropped_words:
                shown = "；".join(f"“{shortened(text, 20)}”" for text in self.dropped_words[:8])
                sentence = gettext_noop("已去除：%(what)s，其中的文字未导入，请核对：%(shown)s。")
                warn(said(sentence, what=what, shown=shown))
            else:
                warn(said(gettext_noop("已去除：%(what)s。"), what=what))
        if self.remote:
            sentence = gettext_noop("有 %(remote)s 张图片引用外部地址，未取回。请下载后手工插入：%(shown)s。")
            warn(said(sentence, remote=len(self.remote), shown=_named(self.remote)))
        if self.on_disk:
            sentence = gettext_noop("有 %(count)s 张图片只在写稿的电脑上，没有一起带来。请逐张插入：%(shown)s。")
            warn(said(sentence, count=len(self.on_disk), shown=_named(self.on_disk)))
        if self.links:
            warn(said(gettext_noop("有 %(links)s 个链接的地址无效或不允许，只保留了文字。"), links=self.links))
        if self.merged:
            warn(said(gettext_noop("有 %(merged)s 个表格含合并单元格，已展开，请核对。"), merged=self.merged))

    def _children(self, node: Tag, depth: int) -> None:
        if depth > self.limits.html_depth:
            raise ExtractionRefused(TOO_DEEP)
        for child in node.children:
            if isinstance(child, Tag):
                self._tag(child, depth + 1)
            elif isinstance(child, NavigableString) and not isinstance(child, (Comment, PreformattedString)):
                self._string(str(child))

    def _tag(self, tag: Tag, depth: int) -> None:
        name = tag.name.lower()
        if name == "form" and _has_text(tag):
            # Some page builders put the whole page into one form.
            self._flush()
            self._children(tag, depth)
            self._flush()
        elif name in DROPPED:
            if DROPPED[name]:
                self.dropped[DROPPED[name]] = self.dropped.get(DROPPED[name], 0) + 1
            if name not in VOID:
                self._leave_out(tag)
            else:
                # The parser takes an unclosed tag of these for the parent of the rest of the page.
                self._children(tag, depth)
        elif name == "br":
            self._flush()
        elif name == "img":
            self._image(tag)
        elif name in INLINE:
            self._inline(tag, INLINE[name], depth)
        elif name == "table":
            self._table(tag, depth)
        elif name in ("ul", "ol"):
            self._list(tag)
        elif re.fullmatch("h[1-6]", name):
            self._heading(tag, int(name[1]))
        elif name == "blockquote":
            self._quotation(tag)
        elif name in BLOCKS:
            self._flush()
            self._children(tag, depth)
            self._flush()
        else:
            self._children(tag, depth)

    def _leave_out(self, tag: Tag) -> None:
        """Note the words of what is left out with all that is in it; programs have none."""
        pieces = texts_in(tag)
        self.result.left_out += pieces
        text = tidy("".join(pieces))
        if text and tag.name.lower() not in UNSEEN_WORDS:
            self.dropped_words.append(text)

    def _string(self, raw: str) -> None:
        text = keep_breaks(raw)
        self.text += text
        self.html += escape(text, quote=False)

    def _inline(self, tag: Tag, name: str, depth: int) -> None:
        start = f"<{name}>"
        if name == "a":
            href = str(tag.get("href", ""))
            start = f'<a href="{escape(href)}">'
            if href and "href" not in DOCUMENT_INLINE.clean(f"{start}x</a>"):
                self.links += not href.startswith("#")
                self._children(tag, depth)
                return
            if not href:
                self._children(tag, depth)
                return
        self.open.append(start)
        self.html += start
        self._children(tag, depth)
        self.open.pop()
        self.html += f"</{name}>"

    def _flush(self) -> None:
        """End the paragraph; inline tags that are still open are closed and opened again."""
        text = close_breaks(self.text)
        closing = [start.strip("<>").split(" ")[0] for start in reversed(self.open)]
        html = self.html + "".join(f"</{name}>" for name in closing)
        if text:
            self._add(Element(kind="paragraph", text=text, html=_tidy_html(html)))
        self.text, self.html = "", "".join(self.open)

    def _add(self, element: Element) -> None:
        if len(self.result.elements) >= self.limits.elements:
            raise ExtractionRefused(said(TOO_LONG, most=self.limits.elements))
        self.result.elements.append(element)

    def _heading(self, tag: Tag, level: int) -> None:
        self._flush()
        text = tidy(cell_text(tag).replace("\n", " "))
        if text:
            self._add(Element(kind="heading", text=text, level=level))
        for image in tag.find_all("img"):
            self._image(image)

    def _quotation(self, tag: Tag) -> None:
        self._flush()
        text = cell_text(tag)
        if text:
            self._add(Element(kind="quotation", text=text))
        for image in tag.find_all("img"):
            self._image(image)

    def _image(self, tag: Tag) -> None:
        # A picture that is loaded when it comes into view has its address elsewhere, and an empty one in `src`.
        source = next((str(tag[name]).strip() for name in LAZY if tag.get(name)), "")
        number = source.removeprefix(IMAGE_SCHEME)
        if source.startswith(IMAGE_SCHEME) and number.isdigit() and int(number) < len(self.result.images):
            self._flush()
            self.result.images[int(number)].alt = tidy(str(tag.get("alt", "")))[:200]
            self._add(Element(kind="image", image=int(number)))
        elif source:
            # Word and WPS name a file of the computer on which the text was written.
            (self.on_disk if _ON_DISK.match(source) else self.remote).append(self._place(tag))

    def _place(self, tag: Tag) -> str:
        """Say which picture it is, and after which words it stands."""
        above = close_breaks(self.text) or next(
            (element.text for element in reversed(self.result.elements) if element.text), ""
        )
        words = tidy(str(tag.get("alt", "")))[:30]
        after = f"“{tidy(above[-12:])}”之后" if above else "开头"
        return f"{after}“{words}”" if words else after

    def _table(self, tag: Tag, depth: int) -> None:
        self._flush()
        rows = own_rows(tag)
        if tag.get("role") == "presentation" or _is_frame(tag, rows):
            # A frame for looks, not a table.
            for row in rows:
                for cell in own_cells(row):
                    self._children(cell, depth)
                    self._flush()
            return
        found = read_table(tag, self.limits)
        matrix, header, caption = found.rows, found.header, found.caption
        self.merged += bool(found.merged) and not self.keep_merged
        if any(any(row) for row in matrix):
            text = "\n".join("\t".join(row) for row in matrix)
            element = Element("table", text, rows=matrix, header=header, caption=caption, repeats=found.repeats)
            element.merged = found.merged if self.keep_merged else []
            self._add(element)
        for image in tag.find_all("img"):
            self._image(image)

    def _list(self, tag: Tag) -> None:
        self._flush()
        _house_strays(tag)
        for inner in tag.find_all([*BREAKS - {"ul", "ol", "li"}, "td", "th"]):
            # What these part must not run together once their tags are gone.
            inner.insert_before(" ")
            inner.insert_after(" ")
        html = DOCUMENT.clean(_list_html(tag, depth=0))
        lines = [tidy(item.get_text(" ")) for item in tag.find_all("li")]
        text = "\n".join(line for line in lines if line)
        if text:
            self._add(Element(kind="list", text=text, html=html))
        for image in tag.find_all("img"):
            self._image(image)


def _named(places: list[str]) -> str:
    return "；".join(places[:NAMED_PICTURES]) + ("……" if len(places) > NAMED_PICTURES else "")


def _house_strays(top: Tag) -> None:
    """Put what stands in a list outside of its items into items: of a numbered list into the one before it."""
    for tag in [top, *top.find_all(["ul", "ol"])]:
        item: Tag | None = None
        for child in list(tag.contents):
            if isinstance(child, Tag) and child.name == "li":
                item = child
            elif isinstance(child, PreformattedString) or not tidy(child.get_text()):
                continue
            elif item is not None and (tag.name == "ol" or getattr(child, "name", "") in ("ul", "ol")):
                item.append(" ")
                item.append(child.extract())
            else:
                item = Tag(name="li")
                child.wrap(item)


def _list_html(tag: Tag, depth: int) -> str:
    """Return the HTML of a list with its inner lists; everything else inside an item is made inline."""
    items = []
    for item in tag.find_all("li", recursive=False):
        inner, nested = "", ""
        for child in item.children:
            if isinstance(child, Tag) and child.name in ("ul", "ol") and depth < 8:
                nested += _list_html(child, depth + 1)
            elif isinstance(child, Tag) and child.name not in DROPPED:
                inner += DOCUMENT_INLINE.clean(str(child))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                inner += escape(str(child), quote=False)
            if isinstance(child, Tag) and child.name in BLOCKS:
                inner += " "
        items.append(f"<li>{_tidy_html(inner)}{nested}</li>")
    return f"<{tag.name}>{''.join(items)}</{tag.name}>"


def _is_frame(table: Tag, rows: list[Tag]) -> bool:
    """Say whether a table is there to place what is in it: one cell, one column of paragraphs, or mostly tables."""
    widest = max((len(own_cells(row)) for row in rows), default=0)
    inner = [each for each in table.find_all("table") if each.find_parent("table") is table]
    if widest == 1 and (len(rows) == 1 or inner or any(len(row.find_all("p", limit=2)) > 1 for row in rows)):
        return True
    return sum(len(tidy(each.get_text())) for each in inner) > len(tidy(table.get_text())) / 2


def _has_text(form: Tag) -> bool:
    """Say whether a form holds paragraphs or a table of some length besides its fields."""
    return any(tag.name != "table" or len(own_rows(tag)) > 1 for tag in form.find_all(["p", "h1", "table"])) and (
        len(tidy(form.get_text())) >= FORM_TEXT
    )


def _tidy_html(html: str) -> str:
    html = DOCUMENT_INLINE.clean(html.replace("<strong>", "<b>").replace("</strong>", "</b>"))
    html = re.sub(r"<(b|i|u|sup|sub)>([\s　]*)</\1>", r"\2", html)
    html = re.sub(r"</(b|i|u)><\1>", "", html)
    return close_breaks_in_markup(html)
