"""What came down and no release says yet: one signed list over all hosts.

A recall may concern a thousand sites, and a release of each takes its time. The list is written before the files go, in
one piece under one signature. Of a host it says which places are not to be there while a release up to a number is in
force; the next one has a higher number and says it by itself. So an older list puts nothing back, as the newest one
counts, and takes nothing away, as what was published since stands in a release with a higher number.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .entries import Faulty
from .held import held
from .layout import is_host, is_place
from .signed import PublicKey, Release, read_facts, sign_facts
from .store import put_at

#: Below the root, beside the folders of hosts.
FILE = ".taken-down.json"
PAYLOAD_TYPE = "application/vnd.govplatform.taken-down+json"
FORMAT = 1
#: Bytes. No list of ours is larger.
LARGEST = 16 << 20


@dataclass(frozen=True)
class OfHost:
    """``places`` that are not to be there while a release of ``site`` with a number up to ``release`` is in force."""

    site: str
    release: int
    places: frozenset[str]


@dataclass(frozen=True)
class TakenDown:
    """``sequence`` rises with each list; ``signed_at``: ISO 8601, UTC."""

    sequence: int
    signed_at: str
    hosts: Mapping[str, OfHost] = field(default_factory=dict)

    def places(self, release: Release) -> frozenset[str]:
        """Places that are not to be there while ``release`` is in force."""
        there = self.hosts.get(release.host)
        if there is None or there.site != release.site or there.release < release.sequence:
            return frozenset()
        return there.places


def sign_taken_down(taken: TakenDown, key: Ed25519PrivateKey, sm2: Path | None = None) -> bytes:
    """The envelope of the list. Raises Unable of ``sm2.py``."""
    hosts = {host: asdict(there) | {"places": sorted(there.places)} for host, there in taken.hosts.items()}
    facts = {"format": FORMAT, "sequence": taken.sequence, "signed_at": taken.signed_at, "hosts": hosts}
    return sign_facts(facts, PAYLOAD_TYPE, key, sm2)


def read_taken_down(envelope: bytes, key: PublicKey) -> TakenDown:
    """The list in ``envelope``. Raises Faulty and Unable as ``read_signed``."""
    return _list(read_facts(envelope, PAYLOAD_TYPE, key, LARGEST))


def place_list(root: Path, envelope: bytes) -> None:
    """Have the list lie below ``root``, on the disk before it does; a verifier that looks at it is let go first."""
    with held(root):
        put_at(envelope, root / FILE)


def list_bytes(root: Path) -> bytes:
    """What lies where the list is to be; b"" where that is no file, or a larger one than any list."""
    try:
        # what somebody has put there may be a pipe
        handle = os.open(root / FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError:
        return b""
    return content if len(content) <= LARGEST else b""


def list_in_place(root: Path, key: PublicKey) -> TakenDown | None:
    """The list below ``root``; None where nothing of ours lies there."""
    try:
        return read_taken_down(list_bytes(root), key)
    except Faulty:
        return None


def _list(facts: Any) -> TakenDown:
    try:
        hosts = {
            host: OfHost(str(there["site"]), int(there["release"]), frozenset(there["places"]))
            for host, there in facts["hosts"].items()
        }
        taken = TakenDown(int(facts["sequence"]), str(facts["signed_at"]), hosts)
        sound = facts["format"] == FORMAT and taken.sequence > 0 and all(map(is_host, hosts))
        sound = sound and all(is_place(place) for there in hosts.values() for place in there.places)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Faulty("the list of what came down cannot be read") from error
    if not sound:
        raise Faulty("the list of what came down says what no list says")
    return taken
