"""Processes that render for another one, in the same state of the database. They may read and not write."""

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .packed import Packed
    from .renderer import Renderer

logger = logging.getLogger("govplatform.rendering")
_READY = "ready"


@dataclass(frozen=True)
class _Work:
    """What a helper is told at its start. ``database``: where it is, as this process knows it."""

    root: str
    folder: Path
    make: str
    state: str
    database: dict[str, Any]
    takes_kept: bool


class Handful(Protocol):
    """What a helper is given: ``targets``, for each of which ``done`` gets an answer, in their order."""

    helper: "Helper | None"
    done: Any

    @property
    def targets(self) -> list[str]: ...


class Helper:
    """One process, as seen from the one that it helps."""

    def __init__(self, process: BaseProcess, line: "Connection[Any, Any]") -> None:
        self._process = process
        self._line = line
        self._ready = False
        self._gone = False
        self._given: Handful | None = None
        self._missing = 0

    @property
    def is_idle(self) -> bool:
        return self._ready and not self._gone and self._given is None

    def has_answer(self) -> bool:
        """Whether ``take_one`` returns at once."""
        return not self._gone and self._line.poll()

    def give(self, handful: Handful) -> None:
        self._given, self._missing = handful, len(handful.targets)
        try:
            self._line.send(handful.targets)
        except OSError:
            self._lose()

    def take_one(self) -> None:
        """Wait for the next message. A helper that ended leaves the rest of its handful to whoever comes next."""
        try:
            message: str | Packed | None = self._line.recv()
        except (OSError, EOFError):
            self._lose()
            return
        if message == _READY:
            self._ready = True
        elif self._given is not None:
            self._given.done.append(message)
            self._missing -= 1
            if not self._missing:
                self._given = None

    def _lose(self) -> None:
        logger.warning("a process that helped rendering has ended; the others do its work")
        self._gone = True
        if self._given is not None:
            self._given.done.extend([None] * self._missing)
            self._given = None

    def stop(self) -> None:
        self._line.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


@contextmanager
def starting(renderer: "Renderer", state: str, count: int) -> Iterator[list[Helper]]:
    """``count`` helpers of ``renderer``, which are ready some seconds later; they end with the block."""
    helpers: list[Helper] = []
    try:
        for _number in range(count):
            helpers.append(_start(renderer, state))
        yield helpers
    finally:
        for helper in helpers:
            helper.stop()


def _start(renderer: "Renderer", state: str) -> Helper:
    from django.db import connection

    known = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = {name: connection.settings_dict[name] for name in known}
    work = _Work(renderer.root, renderer.folder, renderer.make, state, database, renderer.takes_kept)
    # spawn: this process has connections to the database and threads that a fork must not inherit
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_help, args=(theirs, work), daemon=True)
    process.start()
    theirs.close()
    return Helper(process, ours)


def _help(line: "Connection[Any, Any]", work: _Work) -> None:
    """The life of a helper: it ends when the other side closes the line."""
    import django

    django.setup()
    from django.db import connection

    from .renderer import Renderer

    connection.settings_dict.update(work.database)
    renderer = Renderer(work.root, work.folder, work.make, takes_kept=work.takes_kept)
    try:
        line.send(_READY)
        _answer(line, renderer, work.state)
    except (EOFError, OSError):
        return
    finally:
        connection.close()


def _answer(line: "Connection[Any, Any]", renderer: "Renderer", state: str) -> None:
    """Answer until something wants to write: then the transaction is of no use, and the same state is entered anew."""
    from .packed import pack
    from .state import NeedsWriting, same_state

    rest: list[str] = []
    while True:
        try:
            with same_state(state):
                while True:
                    if not rest:
                        rest = line.recv()
                        renderer.ahead(rest)
                    target = rest[0]
                    with renderer.asked(target) as rendered:
                        packed = pack(rendered, renderer.folder)
                    rest.pop(0)
                    line.send(packed)
        except NeedsWriting:
            if rest:
                rest.pop(0)
                line.send(None)
