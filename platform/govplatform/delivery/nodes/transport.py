"""How the centre speaks with a node: SSH with a key for this node alone, and rsync over it."""

import json
import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from .configured import FrontServer

#: Seconds for an answer: a large release is hashed and copied meanwhile.
_LONGEST_ANSWER = 1800.0
#: Files that one rsync is given.
_AT_ONCE = 20_000
_SSH_OPTIONS = (
    "BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=10", "ServerAliveInterval=5",
    "ServerAliveCountMax=3", "ClearAllForwardings=yes", "LogLevel=ERROR", "GSSAPIAuthentication=no",
)  # fmt: skip


class Unreachable(Exception):
    """The node is not there, does not let us in, or says something else than a node says. The text is what came."""


def ask(node: FrontServer, asked: str, content: bytes = b"") -> dict[str, Any]:
    """What the node answers. Raises Unreachable."""
    command = [*_ssh(node), f"{node.user}@{node.host}", asked]
    done = _run(command, content, timeout=_LONGEST_ANSWER)
    try:
        answer = json.loads(done)
    except ValueError as error:
        raise Unreachable(repr(done[:200])) from error
    if not isinstance(answer, dict):
        raise Unreachable(repr(done[:200]))
    return answer


def send(node: FrontServer, store: Path, digests: Iterable[str]) -> None:
    """Have those files of the folder ``store`` in the node's store; what it has is left. Raises Unreachable."""
    wanted = list(dict.fromkeys(digests))
    host = f"[{node.host}]" if ":" in node.host else node.host
    command = [
        "rsync", "--ignore-existing", "--partial-dir=.partial", "--timeout=60", "--no-implied-dirs", "--files-from=-",
        "-e", shlex.join(_ssh(node)), ".", f"{node.user}@{host}:store/",
    ]  # fmt: skip
    for start in range(0, len(wanted), _AT_ONCE):
        names = "".join(f"{one[:2]}/{one}\n" for one in wanted[start : start + _AT_ONCE])
        _run(command, names.encode(), folder=store)


def _ssh(node: FrontServer) -> list[str]:
    own = Path(settings.DELIVERY_NODES_DIR)
    given = [*_SSH_OPTIONS, f"UserKnownHostsFile={own / 'known_hosts'}"]
    return [
        "ssh",
        "-F",
        "none",
        "-T",
        "-i",
        str(node.key),
        "-p",
        str(node.port),
        *(w for one in given for w in ("-o", one)),
    ]


def _run(command: list[str], content: bytes, *, folder: Path | None = None, timeout: float | None = None) -> bytes:
    try:
        done = subprocess.run(command, input=content, capture_output=True, cwd=folder, timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreachable(str(error)) from error
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip()
        raise Unreachable(words or f"{command[0]}: {done.returncode}")
    return done.stdout
