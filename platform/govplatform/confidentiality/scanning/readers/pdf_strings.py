"""The last sweep over a PDF: every string of its objects that no reader has claimed.

Names of layers, labels of pages, alternative texts of the structure, fields outside of the form stand there.
"""

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, TextStringObject

from govplatform.sentences import gettext_noop

from ..pieces import Piece
from .context import Context, Items
from .flow import Flow
from .unreadable import unreadable

#: So many objects are looked at; a book of a thousand pages has fewer.
MOST_OBJECTS = 300_000
WHERE = "elsewhere in the file: PDF"
_TOO_MANY = gettext_noop("文件内部的对象过多，没有全部检查。请另存一份后重新上传。")
#: Between two strings; no number reads on over it.
_END = "；\n"


class Claims:
    """Remembers the lines of the pieces that pass, so that the sweep does not say them again."""

    def __init__(self) -> None:
        self._lines: set[str] = set()

    def watch(self, items: Items) -> Items:
        """Pass ``items`` on."""
        for item in items:
            if isinstance(item, Piece):
                for line in item.text.split("\n"):
                    self._lines.add(line.strip())
                    # The properties of a document and the fields of a message: “name: value”.
                    self._lines.add(line.partition(": ")[2].strip())
            yield item

    def has(self, text: str) -> bool:
        """Whether every line of ``text`` was said."""
        return all(line.strip() in self._lines for line in text.splitlines())


def read_strings(reader: PdfReader, claims: Claims, context: Context) -> Items:
    """Read what no reader has claimed. Call last."""
    flow = Flow(context, WHERE, hidden=True)
    said: set[str] = set()
    for seen, item in enumerate(all_objects(reader), start=1):
        for text in _strings(item):
            if len(text) > 1 and text not in said and not claims.has(text):
                said.add(text)
                flow.add(text + _END)
        yield from flow.full()
        if seen > MOST_OBJECTS:
            yield unreadable(context.place(WHERE), _TOO_MANY, "warn")
            break
    yield from flow.finish()


def all_objects(reader: PdfReader) -> Iterator[Any]:
    """Every object of the file that can be read, the trailer first; also those that nothing refers to."""
    yield reader.trailer
    numbers = [number for generation in reader.xref.values() for number in generation] + list(reader.xref_objStm)
    for number in dict.fromkeys(numbers):
        try:
            yield reader.get_object(number)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            # A damaged object is none of the others' fault, and the pages were read before.
            continue


def _strings(item: Any) -> Iterator[str]:
    """The strings in one object, not those of the objects that it refers to."""
    left = [item]
    while left:
        value = left.pop()
        if isinstance(value, DictionaryObject):
            left += [value.raw_get(key) for key in value]
        elif isinstance(value, ArrayObject):
            left += list(list.__iter__(value))
        elif isinstance(value, TextStringObject):
            yield str(value)
