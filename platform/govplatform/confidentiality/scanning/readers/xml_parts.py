"""XML from a stranger, streamed: no DTD, no entities, no network, bounded depth and text nodes."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from lxml import etree

from .unreadable import CORRUPT, ENTITIES, Unreadable

# The declaration in the encodings in which libxml2 would understand it.
_FORBIDDEN = re.compile(
    rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)|\x00<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)"
)
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"gb2312", b"gbk", b"gb18030", b"iso-8859-1"}
_ENCODINGS |= {b"windows-1252", b"utf-16le", b"utf-16be"}
_TAIL = 16

#: Attributes in which people's words stand.
SPEAKING = frozenset(("v", "name", "descr", "title", "alt", "connection", "command", "caption", "u", "instr", "label"))


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _NoDoctype:
    """Refuses a document type wherever it stands: the text of an office part never contains one."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._tail: bytes | None = None

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size if size and size > 0 else 65536)
        if self._tail is None:
            declared = _DECLARED.match(data)
            if declared and declared.group(1).lower() not in _ENCODINGS:
                raise Unreadable(CORRUPT)
            self._tail = b""
        if _FORBIDDEN.search(self._tail + data):
            raise Unreadable(ENTITIES)
        self._tail = data[-_TAIL:]
        return data


def xml_events(
    stream: Readable, events: tuple[str, ...] = ("end",), tag: str | tuple[str, ...] | None = None
) -> Iterator[tuple[str, Any]]:
    """(event, element) as they come; the caller clears what it has read. Raises Unreadable."""
    try:
        yield from etree.iterparse(
            _NoDoctype(stream),  # type: ignore[arg-type]
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
        raise Unreadable(CORRUPT) from error


def xml_tree(stream: Readable) -> Any:
    """The root element of a small part. Raises Unreadable."""
    root = None
    for _event, element in xml_events(stream):
        root = element
    if root is None:
        raise Unreadable(CORRUPT)
    return root


def local(element: Any) -> str:
    """Name without namespace: transitional and strict office files differ in nothing else."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str, default: str = "") -> str:
    """An attribute by its local name."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return default


def set_free(element: Any) -> None:
    """Forget an element that was read, and the brothers before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


class _TextTarget:
    def __init__(self, take: Callable[[str], None], attributes: bool, blocks: frozenset[str]) -> None:
        self._take, self._attributes, self._blocks = take, attributes, blocks

    def start(self, tag: str, attrib: Any) -> None:
        if self._attributes:
            for key, value in attrib.items():
                if key.rpartition("}")[2] in SPEAKING and len(value) > 1:
                    self._take(f"{value}\n")

    def data(self, text: str) -> None:
        self._take(text)

    def end(self, tag: str) -> None:
        if not self._blocks or tag.rpartition("}")[2] in self._blocks:
            self._take("\n")

    def close(self) -> None:
        return None


def xml_text(stream: Readable, *, attributes: bool = True, blocks: frozenset[str] = frozenset()) -> Iterator[str]:
    """All text of a part, streamed; an element ends a line, or only those named in ``blocks``. Raises Unreadable."""
    drops: list[str] = []
    parser = etree.XMLParser(
        target=_TextTarget(drops.append, attributes, blocks),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    guarded = _NoDoctype(stream)
    try:
        while data := guarded.read(65536):
            parser.feed(data)
            if drops:
                yield "".join(drops)
                drops.clear()
        parser.close()
    except etree.XMLSyntaxError as error:
        raise Unreadable(CORRUPT) from error
    if drops:
        yield "".join(drops)
