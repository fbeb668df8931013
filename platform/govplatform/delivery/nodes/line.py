"""A lasting SSH connection to a node, so that a session of a lane needs no exchange of keys of its own.

Whoever finds none, or one that broke, makes a connection for itself: nothing depends on it but time.
"""

import subprocess
import time
from dataclasses import replace
from pathlib import Path

from . import transport
from .configured import FrontServer

_PAUSE = 10.0
_PATIENCE = 5.0


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
        self._process = transport.begin_line(self.server)

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
