"""Reads the XML of office files and drawings, element by element or as text, in streams."""

from collections.abc import Callable, Iterator
from typing import Any

from govplatform.untrusted_files.xml_limits import limited_events, limited_feed
from govplatform.untrusted_files.zip_limits import Readable

from .unreadable import CORRUPT, Unreadable, faults_in_words

#: Attributes in which people's words stand.
SPEAKING = frozenset(("v", "name", "descr", "title", "alt", "connection", "command", "caption", "u", "instr", "label"))


def xml_events(
    stream: Readable, events: tuple[str, ...] = ("end",), tag: str | tuple[str, ...] | None = None
) -> Iterator[tuple[str, Any]]:
    """Yield (event, element) as lxml's ``iterparse`` does; the caller clears what it has read. Raises Unreadable."""
    with faults_in_words():
        yield from limited_events(stream, events, tag)


def xml_tree(stream: Readable) -> Any:
    """Read a small part whole and return its root element. Raises Unreadable."""
    root = None
    for _event, element in xml_events(stream):
        root = element
    if root is None:
        raise Unreadable(CORRUPT)
    return root


def local(element: Any) -> str:
    """The name of an element without its namespace, in which alone transitional and strict office files differ."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str, default: str = "") -> str:
    """The value of an attribute by its name without namespace."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return default


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
    """Yield all text of a part in stretches. Raises Unreadable.

    Every element ends a line, or only those named in ``blocks``. ``attributes``: the values of SPEAKING attributes too.
    """
    drops: list[str] = []
    with faults_in_words():
        for _fed in limited_feed(stream, _TextTarget(drops.append, attributes, blocks)):
            if drops:
                yield "".join(drops)
                drops.clear()
