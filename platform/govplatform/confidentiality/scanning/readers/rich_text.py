"""Reads RTF: control words are removed, characters put back; what is marked as hidden is kept apart."""

import re

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.encodings import decode

from .context import Context, Items, ReadSource, Source
from .flow import Flow
from .unreadable import CORRUPT, TOO_BIG, Unreadable, hidden_content

MOST = 64 * 1024 * 1024
_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.S)
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet pict themedata colorschememapping datastore latentstyles generator listtable "
    b"listoverridetable rsidtbl objdata blipuid xmlnstbl filetbl".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"cell": "\t", b"tab": "\t", b"sect": "\n", b"page": "\n"}
_PLACES = {b"annotation": "comment", b"footnote": "footnote", b"info": "document properties"}


def read_rtf(source: Source, context: Context, _read_source: ReadSource) -> Items:
    """Read an RTF file: body, footnotes, comments, hidden text, properties."""
    if source.size() > MOST:
        raise Unreadable(TOO_BIG)
    data = source.head(MOST)
    if not data.rstrip(b"\x00\r\n ").endswith(b"}"):
        raise Unreadable(CORRUPT)
    flows: dict[str, Flow] = {}
    for place, text in _stretches(data):
        flow = flows.get(place)
        if flow is None:
            flow = flows[place] = Flow(context, place, hidden=place not in ("body", "footnote"))
        flow.add(text)
        yield from flow.full()
    for flow in flows.values():
        yield from flow.finish()
    for place in ("hidden text", "comment"):
        if place in flows:
            yield hidden_content(context.place(place), gettext_noop("文档中有不直接显示的文字，请核对后删除。"))


def _stretches(data: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    state = ["body", "", 1]  # place, silent, \uc
    stack: list[list[object]] = []
    pending = bytearray()
    codepage, skip = "gb18030", 0

    def put(text: str) -> None:
        if not state[1] and text:
            found.append((str(state[0]), text))

    def flush() -> None:
        if pending:
            put(decode(bytes(pending), codepage))
            pending.clear()

    for token in _TOKEN.finditer(data):
        word, number, byte, symbol, brace, plain = token.groups()
        if byte is not None:
            if skip:
                skip -= 1
            else:
                pending.append(int(byte, 16))
            continue
        if plain is not None:
            pending += plain[skip:]
            skip = max(0, skip - len(plain))
            continue
        if token.group(0).strip() == b"":
            continue
        flush()
        skip = 0
        if brace == b"{":
            stack.append(list(state))
        elif brace == b"}":
            state = stack.pop() if stack else ["body", "", 1]  # type: ignore[assignment]
        elif symbol is not None:
            put({b"\\": "\\", b"{": "{", b"}": "}", b"~": " ", b"_": "-"}.get(symbol, ""))
        elif word == b"u" and number:
            put(chr(int(number) % 65536))
            skip = int(str(state[2]))
        elif word == b"uc" and number:
            state[2] = int(number)
        elif word == b"ansicpg" and number:
            codepage = {b"936": "gb18030", b"950": "big5"}.get(number, f"cp{number.decode()}")
        elif word in _BREAKS:
            put(_BREAKS[word])
        elif word in _SILENT:
            state[1] = "silent"
        elif word in _PLACES:
            state[0] = _PLACES[word]
        elif word == b"v":
            state[0] = "body" if number == b"0" else "hidden text"
    flush()
    return found
