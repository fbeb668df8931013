"""The text of a paragraph in pieces of one look, as plain text and as inline HTML."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from sites.documents_in.extraction.spacing import raised, tidy

_WIDE = "　"
_TAB_WIDTH = 4
_LONGEST_BLANK = 60


@dataclass(frozen=True)
class Span:
    """A piece of text. position: "sup", "sub" or ""; link: an allowed address or ""; image: index of a picture or -1.

    A line feed in the text ends a line of the paragraph.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    position: str = ""
    link: str = ""
    image: int = -1


def shows_anything(spans: Iterable[Span]) -> bool:
    """Say whether there is a picture or more than blanks among the spans."""
    return any(span.image >= 0 or span.text.strip() for span in spans)


def with_blanks(spans: Iterable[Span]) -> list[Span]:
    """Return the spans with each underlined blank, a place to write on, as a row of low lines."""
    result: list[Span] = []
    for underlined, group in groupby(spans, key=lambda span: span.underlined and span.image < 0):
        pieces = list(group)
        text = "".join(span.text for span in pieces)
        width = sum(_TAB_WIDTH if char == "\t" else 2 if char == _WIDE else 1 for char in text)
        if underlined and not text.strip() and "\n" not in text and width >= 2:
            result.append(replace(pieces[0], text="_" * min(width, _LONGEST_BLANK)))
        else:
            result += pieces
    return result


def lines_of(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Yield the lines of a paragraph; a picture is a line by itself."""
    line: list[Span] = []
    for span in spans:
        if span.image >= 0:
            yield line
            yield [span]
            line = []
            continue
        first, *others = span.text.split("\n")
        line.append(replace(span, text=first))
        for text in others:
            yield line
            line = [replace(span, text=text)]
    yield line


def plain(spans: Iterable[Span]) -> str:
    """Return the tidy text of one line."""
    return tidy("".join(raised(span.text, span.position) for span in spans))


def markup(spans: Iterable[Span]) -> str:
    """Return the inline HTML of one line; "" where it has no marks, so that the text says everything."""
    html = ""
    marked = False
    merged = groupby(spans, key=lambda span: (span.bold, span.italic, span.position, span.link))
    for (bold, italic, position, link), group in merged:
        text = escape("".join(span.text for span in group), quote=False)
        if not text.strip():
            html += text
            continue
        for tag in (position, "i" if italic else "", "b" if bold else ""):
            text = f"<{tag}>{text}</{tag}>" if tag else text
        html += f'<a href="{escape(link)}">{text}</a>' if link else text
        marked = marked or bold or italic or bool(position or link)
    return tidy(re.sub(r"</(b|i)>(\s*)<\1>", r"\2", html)) if marked else ""
