"""Collects text that comes in small drops into pieces of a bounded size, without losing what crosses a border."""

from bisect import bisect_right
from collections.abc import Iterator

from ..pieces import Locate, Piece
from .context import Context

PIECE = 120_000
OVERLAP = 300

Mark = tuple[int, int, str]


class Flow:
    """The text of one place, in order, as pieces of about PIECE characters.

    Each piece but the first repeats the end of the one before, so that nothing is split. Offsets count within the whole
    place. ``mark`` of ``add``: the text belongs to a place of this name (a tracked insertion in the body) but must be
    read together with its surroundings.
    """

    def __init__(self, context: Context, where: str, *, hidden: bool = False) -> None:
        self.context = context
        self.where = context.place(where)
        self.hidden = hidden
        self.table = ""
        self.header: tuple[str, ...] = ()
        self._drops: list[str] = []
        self._length = 0
        self._base = 0
        self._fresh = 0
        self._marks: list[Mark] = []

    def add(self, text: str, mark: str = "") -> None:
        """Add a drop of text. Raises Exhausted when the file has had too much text."""
        if not text:
            return
        self.context.budget.spend_text(len(text))
        if mark:
            self._marks.append((self._length, self._length + len(text), self.context.place(mark)))
        self._drops.append(text)
        self._length += len(text)
        self._fresh += len(text)

    def full(self) -> Iterator[Piece]:
        """Yield the pieces that are complete; call after adding."""
        if self._length >= PIECE:
            yield from self._emit(keep=OVERLAP)

    def begin_table(self, name: str) -> Iterator[Piece]:
        """Yield what came before a table; lines added from now on are its rows, with tabs between cells."""
        yield from self._emit(keep=0)
        self.table, self.header = name, ()

    def end_table(self) -> Iterator[Piece]:
        """Yield the rest of the table; text added from now on is running text."""
        yield from self._emit(keep=0)
        self.table, self.header = "", ()

    def finish(self) -> Iterator[Piece]:
        """Yield the rest of the text."""
        yield from self._emit(keep=0)

    def _emit(self, *, keep: int) -> Iterator[Piece]:
        if not self._fresh:
            return
        text, marks, base = "".join(self._drops), self._marks, self._base
        kept = text[-keep:] if keep else ""
        if self.table and kept:
            # A table goes on with a whole row: half a row would put cells under the wrong heading.
            kept = text[text.rfind("\n", 0, -1) + 1 :] if len(text) < 2 * PIECE else ""
        start = len(text) - len(kept)
        self._drops, self._length, self._base, self._fresh = [kept] if kept else [], len(kept), base + start, 0
        self._marks = [(a - start, b - start, name) for a, b, name in marks if a >= start] if kept else []
        if not text.strip():
            return
        yield Piece(text, self.where, _locate(self.where, base, marks), self.hidden, self.table, self.header)


def _locate(where: str, base: int, marks: list[Mark]) -> Locate | None:
    if not base and not marks:
        return None
    starts = [mark[0] for mark in marks]

    def locate(offset: int) -> tuple[str, int]:
        index = bisect_right(starts, offset) - 1
        if index >= 0 and offset < marks[index][1]:
            return marks[index][2], base + offset
        return where, base + offset

    return locate


def piece(context: Context, where: str, text: str, *, hidden: bool = False) -> Iterator[Piece]:
    """Yield one text as pieces; none when it is blank."""
    if text.strip():
        flow = Flow(context, where, hidden=hidden)
        for start in range(0, len(text), PIECE):
            flow.add(text[start : start + PIECE])
            yield from flow.full()
        yield from flow.finish()
