"""Verbs as processes without the second that Python, Django and Wagtail take to start.

A process that has them loaded forks one child for each ``manage.py`` that a test starts (``Popen``,
``run``). The child is our own, as ``Popen`` makes it: its pipes, its environment, its folder, its signals and
its exit status. It reads its settings anew, so it stands on the database that it was given. What is asked for in any
other way than usual, or with variables of the environment that more than the settings could have read, is started as
in production; so is everything in a test that asks for ``cold_verbs``.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from govplatform.guarded import prepared
from tests.database import ROOT

_MANAGE = [sys.executable, str(ROOT / "manage.py")]
_SETTINGS = "govplatform.settings.test"
#: Variables that the settings alone read, each time, or nobody.
_READ_ANEW = frozenset({"DATABASE_URL", "LOCK_WAIT_SECONDS", "PYTEST_CURRENT_TEST"})
_PREPARED = """
import gc, json, os, socket, sys, time
gc.disable()
channel, root, parent = socket.socket(fileno=int(sys.argv[1])), sys.argv[2], os.getppid()
sys.path[:0] = [root, os.path.join(root, "platform")]
import django
django.setup()
import manage
from django.conf import settings
from django.core.management import get_commands
from django.db import connections
get_commands()
gc.freeze()

def asked():
    head, pipes, _flags, _address = socket.recv_fds(channel, 4, 3)
    if not head:
        return None, ()
    left, parts = int.from_bytes(head, "big"), []
    while left:
        parts.append(channel.recv(min(left, 65536)))
        left -= len(parts[-1])
    return json.loads(b"".join(parts)), pipes

def become(wanted, pipes):
    channel.close()
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
    os.closerange(3, 256)
    while os.getppid() != parent:
        time.sleep(0.0005)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    for name in [name for name in sys.modules if name.startswith("govplatform.settings.")]:
        del sys.modules[name]
    read = type(settings._wrapped)
    settings.__dict__.clear()
    settings._wrapped = read(os.environ["DJANGO_SETTINGS_MODULE"])
    for one in connections.all(initialized_only=True):
        assert one.connection is None
        del connections[one.alias]
    vars(connections).pop("settings", None)
    connections._settings = None
    sys.argv = wanted["words"]

while True:
    wanted, pipes = asked()
    if wanted is None:
        os._exit(0)
    if (between := os.fork()) == 0:
        if (pid := os.fork()) == 0:
            become(wanted, pipes)
            break
        channel.sendall(pid.to_bytes(4, "big"))
        os._exit(0)
    os.waitpid(between, 0)
    channel.sendall(b".")
    for pipe in pipes:
        os.close(pipe)
manage.main()
"""


class _PreparedVerbs:
    """The process that verbs are forked from, started with the first of them."""

    def __init__(self) -> None:
        self._channel: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}

    def can(self, words: list[str], environment: dict[str, str]) -> bool:
        """Whether the verb would be the same, forked."""
        if words[:2] != _MANAGE or environment.get("DJANGO_SETTINGS_MODULE") != _SETTINGS:
            return False
        if self._channel is None:
            self._prepare()
        differing = {name for name, _value in environment.items() ^ self._environment.items()}
        return differing <= _READ_ANEW

    def fork(self, words: list[str], folder: str, environment: dict[str, str], pipes: list[int]) -> int:
        assert self._channel is not None
        wanted = json.dumps({"words": words[1:], "folder": folder, "environment": environment}).encode()
        with prepared.adopting():
            socket.send_fds(self._channel, [len(wanted).to_bytes(4, "big")], pipes)
            self._channel.sendall(wanted)
            pid = int.from_bytes(self._channel.recv(4, socket.MSG_WAITALL), "big")
            if self._channel.recv(1) != b".":
                raise OSError("the prepared process has ended")
        return pid

    def end(self) -> None:
        if self._channel is not None and self._process is not None:
            self._channel.close()
            self._process.wait()
            self._channel = self._process = None

    def _prepare(self) -> None:
        ours, theirs = socket.socketpair()
        self._environment = {**os.environ, "DJANGO_SETTINGS_MODULE": _SETTINGS}
        self._process = _COLD(
            [sys.executable, "-c", _PREPARED, str(theirs.fileno()), str(ROOT)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=self._environment,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._channel = ours


_COLD = subprocess.Popen
_VERBS = _PreparedVerbs()


class _WarmPopen(subprocess.Popen):  # type: ignore[type-arg]
    """``subprocess.Popen``, which has verbs forked."""

    def __init__(self, args: Any, *more: Any, **options: Any) -> None:
        known = {"stdin", "stdout", "stderr", "env", "cwd", "text", "encoding", "bufsize"}
        words = [os.fspath(word) for word in args] if isinstance(args, list | tuple) else []
        self._environment = dict(options.get("env") or os.environ)
        self._is_warm = not more and options.keys() <= known and _VERBS.can(words, self._environment)
        super().__init__(args, *more, **options)

    def _execute_child(self, args: Any, *more: Any) -> None:
        # Before the pipes: executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell.
        cwd, pipes = more[4], more[9:15]
        if not self._is_warm:
            super()._execute_child(args, *more)  # type: ignore[misc]
            return
        ends = [end if end != -1 else number for number, end in enumerate((pipes[0], pipes[3], pipes[5]))]
        try:
            self.pid = _VERBS.fork([*args], os.fspath(cwd or os.getcwd()), self._environment, ends)
            self._child_created = True
        finally:
            self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def warm_verbs() -> Iterator[None]:
    """Verbs that tests start are forked from a prepared process."""
    subprocess.Popen = _WarmPopen  # type: ignore[misc]
    yield
    subprocess.Popen = _COLD  # type: ignore[misc]
    _VERBS.end()


@contextmanager
def cold() -> Iterator[None]:
    """Verbs are started as in production in here."""
    before = subprocess.Popen
    subprocess.Popen = _COLD  # type: ignore[misc]
    try:
        yield
    finally:
        subprocess.Popen = before  # type: ignore[misc]


@pytest.fixture
def cold_verbs() -> Iterator[None]:
    """Verbs are started as in production."""
    with cold():
        yield
