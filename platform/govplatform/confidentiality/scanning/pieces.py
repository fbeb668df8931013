"""The common shape of everything that is scanned: a text, and the place where a person would look for it."""

from collections.abc import Callable
from dataclasses import dataclass

#: offset in a piece -> (name of the place, offset within that place)
Locate = Callable[[int], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text from one file or page.

    ``where``: the place in the words of the verb's output (``body``, ``footnote 2``, ``page 3``).
    ``locate``: finer places inside a long piece (the cells of a sheet); None when ``where`` says it all.
    ``hidden``: not seen by somebody who just opens the file.
    ``table``: name of the table when the lines of ``text`` are rows and tabs part their cells, else ''.
    ``header``: the first row of that table, also in the pieces that continue it.
    """

    text: str
    where: str
    locate: Locate | None = None
    hidden: bool = False
    table: str = ""
    header: tuple[str, ...] = ()

    def place(self, offset: int) -> tuple[str, int]:
        """Return (name of the place, offset within it) of the character ``offset`` of ``text``."""
        return self.locate(offset) if self.locate is not None else (self.where, offset)
