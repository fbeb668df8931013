"""The marking of characters of a text in place, in plain text and in ready HTML, with nothing else touched.

Spaces do not count when a value is looked for: the same words are wrapped differently in a page, in a file and in
what the scanner read.
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_SILENT = frozenset({"script", "style", "title", "textarea", "noscript", "svg", "template", "head", "option"})
_RANK = {"block": 0, "warn": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Span:
    """The characters ``start`` to ``end`` (excluded), which belong to the finding with the id ``finding``.

    ``number``: the finding's place in the list of findings.
    """

    start: int
    end: int
    finding: int
    number: int
    severity: str


def squeezed(text: str) -> str:
    """Return ``text`` without white space of any kind."""
    return "".join(text.split())


def mark_text(text: str, spans: Iterable[Span], *, named: bool = True) -> SafeString:
    """Escape ``text`` and put each span in a ``<mark>`` that leads back to its line in the list of findings.

    ``named`` False: without ids, where the same text stands a second time.
    """
    spans = list(spans)
    with_id: set[int] = set() if named else {span.finding for span in spans}
    pieces = []
    for start, end, over in _stretches(len(text), spans):
        piece = escape(text[start:end])
        if over:
            first = min(over, key=lambda span: (_RANK.get(span.severity, 3), span.number))
            piece = format_html('{}<a href="#item-{}">{}</a>{}', _open(over, with_id), first.finding, piece, _CLOSE)
        pieces.append(piece)
    # Every piece is escaped above.
    return mark_safe("".join(pieces))


_CLOSE = mark_safe("</mark>")


def _stretches(length: int, spans: list[Span]) -> Iterable[tuple[int, int, list[Span]]]:
    spans = [span for span in spans if 0 <= span.start < span.end <= length]
    edges = sorted({0, length, *(span.start for span in spans), *(span.end for span in spans)})
    for start, end in pairwise(edges):
        yield start, end, [span for span in spans if span.start <= start and end <= span.end]


def _open(over: list[Span], named: set[int]) -> SafeString:
    """Return the opening tag of a mark over the findings ``over``.

    The first stretch of a finding carries its id; further findings that begin there have theirs before it. ``named``:
    the findings whose id was written already; new ones are added.
    """
    over = sorted(over, key=lambda span: (_RANK.get(span.severity, 3), span.number))
    new = [span for span in over if span.finding not in named]
    named.update(span.finding for span in new)
    own = format_html(' id="finding-{}"', new[0].finding) if new else ""
    others = format_html_join("", '<span id="finding-{}"></span>', ((span.finding,) for span in new[1:]))
    # Every number of the list stands somewhere in the text: those that begin together stand together.
    number = format_html(' data-number="{}"', "、".join(str(span.number) for span in new)) if new else ""
    return format_html(
        '{}<mark{} class="finding-mark" data-finding="{}" data-severity="{}"{}>',
        others,
        own,
        " ".join(str(span.finding) for span in over),
        over[0].severity,
        number,
    )


@dataclass(frozen=True, slots=True)
class _Character:
    """One character that counts: which token, where in it, whether in a heading, and in which table (0: none)."""

    token: int
    start: int
    end: int
    heading: bool
    table: int


class HtmlText(HTMLParser):
    """The text of some HTML, findable without regard to tags and spaces, and the HTML with changes to that text.

    ``within``: only text inside of this element counts, when there is one.
    """

    def __init__(self, source: str, within: str = "") -> None:
        super().__init__(convert_charrefs=False)
        self._tokens: list[str] = []
        self._texts: set[int] = set()
        self._open: list[str] = []
        self._tables = 0
        self._prose = 0
        self._end_at = 0
        self._within = within if f"<{within}" in source else ""
        self.characters: list[_Character] = []
        letters: list[str] = []
        self._letters = letters
        self.feed(source)
        self.close()
        self.text = "".join(letters)

    # --- reading ---

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._tokens.append(self.get_starttag_text() or "")
        if tag in _VOID:
            return
        self._open.append(tag)
        if not self._prose and "prose" in (dict(attributes).get("class") or "").split():
            self._prose = len(self._open)
        if tag == "table" and self._prose:
            self._tables += 1

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._tokens.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        # The tag as it is written, because HTMLParser lowers its name and names in SVG have capitals.
        self._tokens.append(self.rawdata[self._end_at : self.rawdata.find(">", self._end_at) + 1])
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if len(self._open) < self._prose:
            self._prose = 0

    def parse_endtag(self, i: int) -> int:
        self._end_at = i
        return super().parse_endtag(i)

    def handle_data(self, data: str) -> None:
        self._add(data, list(data), list(range(len(data) + 1)))

    def handle_entityref(self, name: str) -> None:
        self._add_reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add_reference(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._tokens.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._tokens.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._tokens.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self._tokens.append(f"<![{data}]>")

    def _add_reference(self, raw: str) -> None:
        said = html.unescape(raw)
        self._add(raw, [said], [0, len(raw)])

    def _add(self, raw: str, letters: list[str], edges: list[int]) -> None:
        self._tokens.append(raw)
        if _SILENT.intersection(self._open) or (self._within and self._within not in self._open):
            return
        token = len(self._tokens) - 1
        self._texts.add(token)
        heading = "h1" in self._open
        table = self._tables if self._prose and "table" in self._open else 0
        for letter, start, end in zip(letters, edges[:-1], edges[1:], strict=True):
            if letter.strip():
                self.characters.append(_Character(token, start, end, heading, table))
                self._letters.append(letter[:1])

    # --- finding ---

    def occurrences(self, value: str) -> list[int]:
        """Return each place in ``text`` where the value begins, spaces left out of account."""
        return find_all(self.text, squeezed(value))

    # --- the HTML with changes ---

    def marked(self, spans: Iterable[Span]) -> str:
        """Return the HTML with the spans (of characters of ``text``) marked."""
        over: dict[int, list[Span]] = {}
        for span in spans:
            first, last = self.characters[span.start], self.characters[span.end - 1]
            for token in range(first.token, last.token + 1):
                if token not in self._texts:
                    continue
                raw = self._tokens[token]
                start = first.start if token == first.token else 0
                end = last.end if token == last.token else len(raw)
                if raw[start:end].strip():
                    over.setdefault(token, []).append(Span(start, end, span.finding, span.number, span.severity))
        named: set[int] = set()
        tokens = list(self._tokens)
        for token, marks in sorted(over.items()):
            raw = tokens[token]
            tokens[token] = "".join(
                f"{_open(here, named)}{raw[start:end]}</mark>" if here else raw[start:end]
                for start, end, here in _stretches(len(raw), marks)
            )
        return "".join(tokens)

    def replaced(self, changes: Mapping[int, str]) -> str:
        """Return the HTML with single characters of ``text`` exchanged, ``{place: character}``."""
        tokens = list(self._tokens)
        for place in sorted(changes, reverse=True):
            at = self.characters[place]
            tokens[at.token] = tokens[at.token][: at.start] + escape(changes[place]) + tokens[at.token][at.end :]
        return "".join(tokens)


def find_all(text: str, value: str) -> list[int]:
    """Return every place of ``value`` in ``text``; a number is not found inside of a longer one."""
    found, start = [], text.find(value) if value else -1
    while start >= 0:
        end = start + len(value)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (before.isdigit() and value[:1].isdigit()) and not (after.isdigit() and value[-1:].isdigit()):
            found.append(start)
        start = text.find(value, start + 1)
    return found
