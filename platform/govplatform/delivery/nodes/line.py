"""A lasting SSH connection to a node: sessions of the lanes need no exchange of keys, and what came down goes over it
as one word, to a process that is there already.

Whoever finds none, or one that broke, makes a connection for itself: nothing depends on it but time.
"""

import json
import os
import select
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import transport
from .configured import FrontServer, ObjectStore
from .word import Word, write_word

_PAUSE = 10.0
_PATIENCE = 5.0
#: Seconds for the answer to a word; a node that has none by then is asked in another way.
_LONGEST_ANSWER = 10.0
#: Bytes of it; a longer one is none.
_LARGEST_ANSWER = 4 << 20
_AT_ONCE = 1 << 16


class NoLine:
    """To a bucket, which needs none: a withdrawal is put in place there by the same thread."""

    def __init__(self, server: ObjectStore) -> None:
        self.server = server

    def keep(self) -> None:
        pass

    def say(self, _word: Word) -> None:
        return None

    def end(self) -> None:
        pass


class Line:
    """``server``: the node, as whoever is to use this connection speaks with it."""

    def __init__(self, server: FrontServer, folder: Path) -> None:
        self.server = replace(server, line=folder / server.name)
        self._process: subprocess.Popen[bytes] | None = None
        self._again_at = 0.0

    def keep(self) -> None:
        """Have it begin where it is not there; it is not waited for."""
        if (self._process is not None and self._process.poll() is None) or time.monotonic() < self._again_at:
            return
        self._again_at = time.monotonic() + _PAUSE
        self._let_go()
        self._process = transport.begin_line(self.server)

    def say(self, word: Word) -> dict[str, Any] | None:
        """What the node answers to a withdrawal; None where the connection is not there, broke, or is too slow."""
        if self._process is None or self._process.poll() is not None:
            return None
        try:
            answer = json.loads(_exchanged(self._process, write_word(word), time.monotonic() + _LONGEST_ANSWER))
        except (OSError, ValueError, RecursionError):
            # an answer that comes later would be taken for that of the next word
            self._process.kill()
            return None
        return answer if isinstance(answer, dict) else None

    def end(self) -> None:
        """The node's side ends with its input, so also where this process is killed."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._let_go()

    def _let_go(self) -> None:
        for stream in (self._process.stdin, self._process.stdout) if self._process is not None else ():
            if stream is not None:
                stream.close()


def _exchanged(process: "subprocess.Popen[bytes]", content: bytes, until: float) -> bytes:
    """The line that comes back for ``content``. Raises OSError where it does not."""
    assert process.stdin is not None and process.stdout is not None
    going, coming = process.stdin.fileno(), process.stdout.fileno()
    os.set_blocking(going, False)
    left, answer, ready = memoryview(content), b"", select.poll()
    ready.register(coming, select.POLLIN)
    while not answer.endswith(b"\n"):
        wait = max(until - time.monotonic(), 0.0)
        if left:
            ready.register(going, select.POLLOUT)
        happened = dict(ready.poll(wait * 1000))
        if not happened:
            raise TimeoutError
        if going in happened:
            left = left[os.write(going, left[:_AT_ONCE]) :]
            ready.unregister(going)
        if coming in happened:
            if not (some := os.read(coming, _AT_ONCE)):
                raise ConnectionError
            answer += some
            if len(answer) > _LARGEST_ANSWER:
                raise ConnectionError
    return answer
