"""Reads web pages and SVG: the text, and what a browser does not show."""

import re
from typing import Any

from lxml import etree, html

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.encodings import read_text

from .context import Context, Items, ReadSource, Source
from .flow import Flow, piece
from .unreadable import TOO_BIG, Unreadable, hidden_content
from .xml_parts import xml_text

MOST = 10 * 1024 * 1024
_BLOCKS = frozenset(
    re.split(
        r"\s+",
        "address article aside blockquote body br caption dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 "
        "header hr li main nav ol option p pre section table tbody textarea tfoot thead title tr ul",
    )
)
_SPEAKING = ("alt", "title", "content", "placeholder", "value", "href", "data-title", "summary")


def read_html(source: Source, context: Context, _read_source: ReadSource) -> Items:
    """Read a web page: its text with tabs and line ends as it is laid out, attributes with words, comments."""
    text = ""
    for part in read_text(source.stream):
        text += part
        if len(text) > MOST:
            raise Unreadable(TOO_BIG)
    parser = html.HTMLParser(huge_tree=False, no_network=True, encoding="utf-8")
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    body = Flow(context, "body")
    said: list[str] = []
    comments: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "comment":
            comments.append(element.text or "")
            body.add(element.tail or "")
            continue
        yield from body.full()
        _take(event, element, body, said)
    yield from body.finish()
    yield from piece(context, "attributes", "\n".join(said), hidden=True)
    remarks = "\n".join(text for text in comments if text.strip())
    if remarks:
        yield from piece(context, "hidden text", remarks, hidden=True)
        yield hidden_content(context.place("hidden text"), gettext_noop("网页源代码中有注释，请核对后删除。"))


def _take(event: str, element: Any, body: Flow, said: list[str]) -> None:
    name = element.tag if isinstance(element.tag, str) else ""
    if event == "start":
        said += [value for key in _SPEAKING if (value := element.get(key)) and len(value) > 1]
        body.add(element.text or "")
        return
    body.add("\t" if name in ("td", "th") else "\n" if name in _BLOCKS else "")
    body.add(element.tail or "")


def read_svg(source: Source, context: Context, _read_source: ReadSource) -> Items:
    """Read the texts of an SVG drawing, those of its attributes included."""
    if source.size() > MOST:
        raise Unreadable(TOO_BIG)
    flow = Flow(context, "body")
    for text in xml_text(source.stream):
        flow.add(text)
        yield from flow.full()
    yield from flow.finish()
