"""The text of a page for the confidentiality scan: what citizens see, and what only the HTML source shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.refusals import Refused
from govplatform.tenancy.models import Domain
from govplatform.untrusted_files.html import BODY, is_too_deep
from govplatform.untrusted_files.html_tree import read_tree
from govplatform.untrusted_files.link_places import find_places
from govplatform.untrusted_files.links import host_of

#: Elements before and after which a new line begins, so that no number seems to go on in the next paragraph.
_BREAKING = frozenset(
    {"p", "br", "li", "ul", "ol", "hr", "div", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
)
#: Attributes that Wagtail writes for itself.
_OWN_ATTRIBUTES = frozenset({"linktype", "id", "href", "data-block-key", "class", "format", "embedtype"})


@dataclass
class PageText:
    """The text of a page's body, sorted by where it stands.

    ``body``: the running text; ``tables``: each a list of rows of cells; ``alternatives``: alternative texts of images;
    ``hidden``: comments and attributes; ``links``: ``{"url", "text", "where"}``; ``pictures``: see ``picture_facts``.
    """

    body: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    transcripts: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces for the scan, visible text first; empty ones are left out."""
        yield from _piece("body", self.body)
        for number, rows in enumerate(self.tables, 1):
            lines = ["\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in rows]
            if any(line.strip() for line in lines):
                header = tuple(rows[0]) if rows else ()
                yield Piece("\n".join(lines), f"table {number}", table=f"table {number}", header=header)
        for number, transcript in enumerate(self.transcripts, 1):
            yield from _piece(f"transcript {number}", [transcript])
        yield from _piece("alternative text", self.alternatives, hidden=True)
        yield from _piece("link addresses", [link["url"] for link in self.links], hidden=True)
        yield from _piece("hidden text", self.hidden, hidden=True)


def _piece(where: str, lines: Iterable[str], *, hidden: bool = False) -> Iterator[Piece]:
    text = "\n".join(line for line in lines if line)
    if text.strip():
        yield Piece(text, where, hidden=hidden)


def read_stream(blocks: Iterable[Any]) -> PageText:
    """Return the text of a StreamField's blocks."""
    text = PageText()
    for block in blocks:
        _read_block(text, block.block_type, block.value)
    return text


def read_rich_text(text: PageText, source: str) -> None:
    """Add to ``text`` what the rich text ``source`` says: words, links, comments and attributes.

    Where a browser would put the tags in order first, its tree is read, as it stands and as it is left when it is
    cleaned for citizens: taking something out can make a link of what was none. Raises Refused for elements nested
    deeper than any text needs.
    """
    if find_places(source) is not None:
        parser = _RichText(text)
        parser.feed(source)
        parser.close()
        text.body.append("".join(parser.words).strip("\n"))
        return
    if is_too_deep(source):
        raise Refused(_("正文的标签嵌套过深，无法扫描。请清除格式后重新录入。"))
    words: dict[str, None] = {}
    links: dict[tuple[str, str], None] = {}
    hidden: dict[str, None] = {}
    for html in (source, BODY.clean(expand_db_html(source), is_file=_is_any)):
        found = PageText()
        reader = _RichText(found)
        read_tree(html, reader)
        words["".join(reader.words).strip("\n")] = None
        links |= dict.fromkeys((link["url"], link["text"]) for link in found.links)
        hidden |= dict.fromkeys(found.hidden)
    # What both say is told once.
    text.body += words
    text.links += [{"url": url, "text": told, "where": "body"} for url, told in links]
    text.hidden += hidden


def _is_any(_address: str) -> bool:
    # Every address that stands in the text is read, whether it may stay there or not.
    return True


def fields_of(page: Any, names: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    """Yield a piece for each field of ``page`` in ``names`` that has text.

    ``names``: (attribute, name of the place in the scan's report). For a field that may hold a code (with
    ``get_…_display``) the words that citizens read take the place of the code.
    """
    for name, where in names:
        shown = getattr(page, f"get_{name}_display", lambda name=name: getattr(page, name, ""))()
        yield from _piece(where, [str(shown or "")])


def own_hosts(links: list[dict[str, str]]) -> list[str]:
    """Return those of the hosts that ``links`` (``{"url"}``) lead to which belong to sites of this platform."""
    hosts = {host for link in links if (host := host_of(link["url"]))}
    return list(Domain.objects.filter(domain__in=hosts).values_list("domain", flat=True)) if hosts else []


def _read_block(text: PageText, kind: str, value: Any) -> None:
    match kind:
        case "rich_text":
            read_rich_text(text, str(value.source))
        case "heading":
            text.body.append(value.get("text") or "")
        case "quotation":
            text.body += [value.get("text") or "", value.get("attribution") or ""]
        case "table":
            text.body.append(value.get("caption") or "")
            text.tables.append([[str(cell or "") for cell in row] for row in value.get("rows") or []])
        case "image":
            _read_picture(text, value)
        case "gallery":
            for item in value.get("items") or []:
                _read_picture(text, item)
        case "chart":
            _read_picture(text, value)
            text.tables.append([[str(cell or "") for cell in row] for row in value.get("data_table") or []])
        case "attachment":
            text.body.append(value.get("title") or "")
        case "media":
            text.body.append(value.get("title") or "")
            text.transcripts.append(value.get("transcript") or "")


def _read_picture(text: PageText, value: Any) -> None:
    caption, alternative = value.get("caption") or "", value.get("alt") or ""
    text.body.append(caption)
    text.alternatives.append(alternative)
    if (image := value.get("image")) is not None:
        text.pictures.append(picture_facts(image, f"{caption} {alternative}"))


def picture_facts(image: Any, beside: str = "") -> dict[str, Any]:
    """Return what the scan's rules over facts need of a picture. ``beside``: its caption and alternative text."""
    return {
        "title": image.title,
        "description": f"{image.description} {beside}".strip(),
        "map_number": image.map_number,
        "where": "body",
    }


class _RichText(HTMLParser):
    def __init__(self, text: PageText) -> None:
        super().__init__(convert_charrefs=True)
        self.text = text
        self.words: list[str] = []
        self.link: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKING:
            self.words.append("\n")
        # The first of two attributes with one name, which is the one that browsers follow.
        if tag == "a" and (url := next((value for name, value in attributes if name == "href"), None)):
            self.link = {"url": url, "text": "", "where": "body"}
            self.text.links.append(self.link)
        self.text.hidden += [value for name, value in attributes if value and name not in _OWN_ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKING:
            self.words.append("\n")
        if tag == "a":
            self.link = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.link is not None:
            self.link["text"] += data

    def handle_comment(self, data: str) -> None:
        self.text.hidden.append(data)
