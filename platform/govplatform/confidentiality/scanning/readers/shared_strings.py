"""The strings that the cells of a workbook share, and those of them that no cell uses any more."""

from collections.abc import Iterator
from typing import Any

from govplatform.untrusted_files.xml_limits import set_free
from govplatform.untrusted_files.zip_limits import Readable

from ..pieces import Piece
from .context import Context
from .flow import Flow
from .unreadable import TOO_LONG, Unreadable
from .xml_parts import xml_events


def rich_text(element: Any) -> str:
    """The text of all runs of ``element``, without the reading aid (phonetic runs)."""
    parts = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [run.text or "" for run in child if run.tag.rpartition("}")[2] == "t"]
    return "".join(parts)


class SharedStrings:
    """The shared strings of one workbook; remembers which were taken."""

    def __init__(self) -> None:
        self._strings: list[str] = []
        self._used = bytearray()

    def load(self, stream: Readable, context: Context) -> None:
        """Read the part with the strings. Raises Unreadable when there are too many."""
        length = 0
        for _event, element in xml_events(stream, tag="{*}si"):
            text = rich_text(element)
            length += len(text)
            if len(self._strings) >= context.limits.strings or length > context.limits.characters:
                raise Unreadable(TOO_LONG)
            self._strings.append(text)
            set_free(element)
        self._used = bytearray(len(self._strings))

    def take(self, index: str) -> str:
        """The string with this number, as the cell writes it; '' for a wrong one."""
        try:
            number = int(index)
            text = self._strings[number]
        except (ValueError, IndexError):
            return ""
        self._used[number] = 1
        return text

    def unused(self, context: Context) -> Iterator[Piece]:
        """Yield the strings that no cell took: deleted from the sheets, but still in the file.

        Call after all sheets.
        """
        flow = Flow(context, "shared strings", hidden=True)
        for number, used in enumerate(self._used):
            if not used and self._strings[number].strip():
                flow.add(self._strings[number] + "\n")
                yield from flow.full()
        yield from flow.finish()
