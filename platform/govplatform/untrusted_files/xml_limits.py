"""XML from strangers, streamed: no document type, no entities, no network, bounded depth and text nodes."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from .faults import FileFault
from .zip_limits import Readable

# Declarations in UTF-8 and its like, in UTF-16 LE, and in UTF-16 BE.
_FORBIDDEN = re.compile(
    rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)|\x00<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)"
)
# What may stand first: "<" or white space in UTF-8 and its like, with or without their mark, or UTF-16. libxml2 would
# also find out UTF-32 and EBCDIC by themselves, in which the declarations above look otherwise.
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?[ \t\r\n]*(?:<(?!\x00\x00)|\Z)|\xff\xfe(?!\x00\x00)|\xfe\xff|\x00<(?!\x00\x00)"
)
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = {
    b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii", b"gb2312", b"gbk", b"gb18030",
    b"iso-8859-1", b"windows-1252",
}  # fmt: skip
_CHUNK = 64 * 1024
_TAIL = 16


class WithoutDoctype:
    """A stream of XML that raises FileFault at a document type or entity, wherever it stands.

    Parts of office files have none of either.
    """

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._tail: bytes | None = None

    def read(self, size: int = -1, /) -> bytes:
        """Read the next bytes. Raises FileFault: entities, or broken for a declared encoding that could hide them."""
        data = self._stream.read(size if size and size > 0 else _CHUNK)
        if self._tail is None:
            declared = _DECLARED.match(data)
            if not _BEGINNING.match(data):
                raise FileFault("broken")
            if declared and declared.group(1).lower() not in _ENCODINGS:
                raise FileFault("broken")
            self._tail = b""
        if _FORBIDDEN.search(self._tail + data):
            raise FileFault("entities")
        self._tail = data[-_TAIL:]
        return data


def limited_events(
    stream: Readable, events: tuple[str, ...] = ("end",), tag: str | tuple[str, ...] | None = None
) -> Iterator[tuple[str, Any]]:
    """Parse ``stream`` and yield (event, element) as lxml's ``iterparse`` does; the caller clears what it has read.

    Raises FileFault: entities, broken.
    """
    try:
        yield from etree.iterparse(
            WithoutDoctype(stream),  # type: ignore[arg-type]
            events=events,
            tag=tag,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    except etree.XMLSyntaxError as error:
        raise FileFault("broken") from error


def limited_feed(stream: Readable, target: Any) -> Iterator[None]:
    """Parse ``stream`` into ``target`` (lxml's parser target interface), yielding after each stretch.

    So the caller can take out of ``target`` what has come so far. Raises FileFault: entities, broken.
    """
    parser = etree.XMLParser(
        target=target, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )  # fmt: skip
    guarded = WithoutDoctype(stream)
    try:
        while data := guarded.read(_CHUNK):
            parser.feed(data)
            yield
        parser.close()
    except etree.XMLSyntaxError as error:
        raise FileFault("broken") from error
    yield


def limited_elements(stream: Readable, deepest: int) -> Iterator[Any]:
    """Yield every element when it ends, with its attributes but without its children, which came before it.

    ``deepest``: how many elements may stand inside each other. Raises FileFault: entities, broken, too deep.
    """
    for event, element in _shallow_events(stream, deepest):
        if event == "end":
            yield element
            set_free(element)


def limited_tree(stream: Readable, deepest: int) -> Any:
    """Parse ``stream`` whole and return its root element.

    ``deepest``: how many elements may stand inside each other. Raises FileFault: entities, broken, too deep.
    """
    root = None
    for _event, element in _shallow_events(stream, deepest):
        root = element if root is None else root
    if root is None:
        raise FileFault("broken")
    return root


def _shallow_events(stream: Readable, deepest: int) -> Iterator[tuple[str, Any]]:
    depth = 0
    for event, element in limited_events(stream, ("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > deepest:
            raise FileFault("too deep")
        yield event, element


def set_free(element: Any) -> None:
    """Free the memory of an element that was read, and of its siblings before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
