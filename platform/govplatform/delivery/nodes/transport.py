"""How the centre speaks with a node: SSH with a key for this node alone, and rsync over it; or through a bucket."""

import json
import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.system_words import system_words

from . import objects
from .bounded import SaysTooMuch, run_bounded
from .configured import FrontServer, ObjectStore
from .unreachable import Unreachable

#: Seconds for an answer: a large release is hashed and copied meanwhile.
_LONGEST_ANSWER = 1800.0
#: Bytes of an answer: a node of ten thousand hosts says less than two million.
_LARGEST_ANSWER = 16 << 20
#: Files that one rsync is given.
_AT_ONCE = 20_000
__all__ = ["Unreachable", "ask", "begin_line", "send"]
_SSH_OPTIONS = (
    "BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=10", "ServerAliveInterval=5",
    "ServerAliveCountMax=3", "ClearAllForwardings=yes", "LogLevel=ERROR", "GSSAPIAuthentication=no",
)  # fmt: skip


#: What stands in the words of ssh and rsync -> what it means here.
_FREQUENT = MappingProxyType(
    {
        "Connection refused": _l("节点拒绝连接，请核对主机、端口和节点上的 SSH 服务"),
        "timed out": _l("节点没有应答，请核对网络和防火墙"),
        "No route to host": _l("连不上节点，请核对网络和防火墙"),
        "Could not resolve": _l("找不到节点的主机名，请核对 DELIVERY_NODES"),
        "Host key verification failed": _l("节点的主机密钥与 known_hosts 不符，请核对后更新 known_hosts"),
        "Permission denied": _l("节点不接受密钥，请核对节点上的公钥和本地的私钥文件"),
        "No space left": _l("磁盘空间不足"),
        "command not found": _l("节点上没有安装 rsync"),
    }
)
_LONGEST_SAID = 300


def ask(node: FrontServer | ObjectStore, asked: str, content: bytes = b"") -> dict[str, Any]:
    """What the node answers. Raises Unreachable."""
    if isinstance(node, ObjectStore):
        return objects.ask(node, asked, content)
    command = [*_ssh(node), f"{node.user}@{node.host}", asked]
    done = _run(command, content, timeout=_LONGEST_ANSWER)
    try:
        answer = json.loads(done)
    except (ValueError, RecursionError) as error:
        raise Unreachable(_strange(done)) from error
    if not isinstance(answer, dict):
        raise Unreachable(_strange(done))
    return answer


def send(node: FrontServer | ObjectStore, store: Path, digests: Iterable[str]) -> None:
    """Have those files of the folder ``store`` in the node's store; what it has is left. Raises Unreachable.

    What is missing here is not the node's fault: it goes on lacking it.
    """
    if isinstance(node, ObjectStore):
        objects.send(node, store, digests)
        return
    wanted = [one for one in dict.fromkeys(digests) if (store / one[:2] / one).is_file()]
    host = f"[{node.host}]" if ":" in node.host else node.host
    command = [
        "rsync", "--ignore-existing", "--partial-dir=.partial", "--timeout=60", "--no-implied-dirs", "--files-from=-",
        "-e", shlex.join(_ssh(node)), ".", f"{node.user}@{host}:store/",
    ]  # fmt: skip
    for start in range(0, len(wanted), _AT_ONCE):
        names = "".join(f"{one[:2]}/{one}\n" for one in wanted[start : start + _AT_ONCE])
        _run(command, names.encode(), folder=store)


def begin_line(node: FrontServer) -> "subprocess.Popen[bytes] | None":
    """Start what holds a lasting connection at ``node.line``; None without ssh, which the next question tells."""
    assert node.line is not None
    node.line.unlink(missing_ok=True)
    command = [*_ssh(node, "ControlMaster=yes"), f"{node.user}@{node.host}", "stay"]
    try:
        # Its words are told by the questions; read by nobody they would fill a pipe.
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError:
        return None


def _strange(said: bytes) -> str:
    return _("节点答非所问：%(said)s") % {"said": repr(said[:_LONGEST_SAID])}


def _ssh(node: FrontServer, *more: str) -> list[str]:
    given = [*_SSH_OPTIONS, f"UserKnownHostsFile={Path(settings.DELIVERY_NODES_DIR) / 'known_hosts'}", *more]
    if node.line is not None:
        given.append(f"ControlPath={node.line}")
    options = [word for one in given for word in ("-o", one)]
    return ["ssh", "-F", "none", "-T", "-i", str(node.key), "-p", str(node.port), *options]


def _run(command: list[str], content: bytes, *, folder: Path | None = None, timeout: float | None = None) -> bytes:
    try:
        status, said, errors = run_bounded(command, content, most=_LARGEST_ANSWER, timeout=timeout, folder=folder)
    except SaysTooMuch as error:
        raise Unreachable(_("节点的应答太长，没有采信。")) from error
    except OSError as error:
        raise Unreachable(f"{command[0]}：{system_words(error)}") from error
    except subprocess.TimeoutExpired as error:
        raise Unreachable(_("节点很久没有应答。")) from error
    if status:
        raise Unreachable(_described(command[0], status, errors.decode("utf-8", "replace").strip()))
    return said


def _described(program: str, status: int, said: str) -> str:
    """What ``ssh`` or ``rsync`` ended with: in the reader's language what is frequent, and what it said itself."""
    known = next((words for mark, words in _FREQUENT.items() if mark in said), _l("推送没有完成"))
    return _("%(known)s（%(program)s，%(status)d）。%(said)s") % {
        "known": known, "program": program, "status": status, "said": said[:_LONGEST_SAID],
    }  # fmt: skip
