"""The front nodes that this platform pushes to, as the settings name them."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .bucket import BucketPlace

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}", re.ASCII)
_SSH_PORT = 22


@dataclass(frozen=True)
class FrontServer:
    """``name``: what it is called here; ``user``, ``host``, ``port``: where its SSH server lets us in.

    ``line``: socket of a lasting connection to it (``line.py``), None where each question makes its own.
    """

    name: str
    user: str
    host: str
    port: int
    line: Path | None = None

    @property
    def key(self) -> Path:
        """The private key that this node lets in, and no other one."""
        return Path(settings.DELIVERY_NODES_DIR) / f"{self.name}.key"


@dataclass(frozen=True)
class ObjectStore:
    """A bucket from which nodes take releases by themselves. ``name``: what it is called here."""

    name: str
    place: BucketPlace

    @property
    def key(self) -> Path:
        """The file with the id and the secret of the key that may write there."""
        return Path(settings.DELIVERY_NODES_DIR) / f"{self.name}.key"


def configured_nodes() -> list[FrontServer | ObjectStore]:
    """The nodes of ``DELIVERY_NODES`` (NAME=ssh://USER@HOST:PORT or NAME=s3+https://HOST:PORT/BUCKET, blanks between
    them). Raises Refused.
    """
    nodes: dict[str, FrontServer | ObjectStore] = {}
    for word in settings.DELIVERY_NODES.split():
        name, _equals, address = word.partition("=")
        try:
            parts = urlsplit(address)
            port = parts.port or _SSH_PORT
        except ValueError:
            parts, port = urlsplit(""), 0
        store = _object_store(name, address)
        if name in nodes or not _NAME.fullmatch(name) or not (store or _is_sound(parts)):
            raise Refused(
                _(
                    "DELIVERY_NODES 里的“%(word)s”不对，应写成 名称=ssh://用户@主机:端口 或 名称=s3+https://主机:端口/桶名，名称不能重复，各节点之间用空格分开。"
                )
                % {"word": word}
            )
        nodes[name] = store or FrontServer(name, parts.username or "", parts.hostname or "", port)
    return list(nodes.values())


def _object_store(name: str, address: str) -> ObjectStore | None:
    try:
        return ObjectStore(name, BucketPlace.of(address))
    except ValueError:
        return None


def _is_sound(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return (
        parts.scheme == "ssh"
        and bool(_USER.fullmatch(parts.username or ""))
        and bool(host)
        and not host.startswith("-")
        and parts.password is None
        and parts.path in ("", "/")
    )
