"""The newest release that was accepted for each host, kept where nobody who writes files of sites can write.

An envelope proves itself, so what is remembered is the envelope: one file a host, ``HOST.release``, written whole. The
parts that it names lie in ``parts`` under their digests, so that files can be judged when the store is gone.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from ..release.entries import Faulty
from ..release.layout import is_host
from ..release.signed import LARGEST, PublicKey, Release, read_signed
from ..release.store import STORE, Store, put_at
from ..release.taken_down import LARGEST as LARGEST_LIST
from ..release.taken_down import TakenDown, read_taken_down

_ENDING, _PARTS, _TAKEN_DOWN = ".release", "parts", "taken-down.json"


def is_older(release: Release, than: Release) -> bool:
    """Whether ``release`` was made before ``than``. Releases of one site are numbered; of two sites that had a host one
    after the other, the times count.
    """
    if release.site == than.site:
        return (release.sequence, release.signed_at) < (than.sequence, than.signed_at)
    return release.signed_at < than.signed_at


class Memory:
    """What is remembered in ``folder``; without one, in this process alone. ``key``: the publisher's."""

    def __init__(self, folder: Path | None, key: PublicKey) -> None:
        self.folder, self._key = folder, key
        self._here: dict[str, tuple[bytes, Release]] = {}

    @property
    def is_kept(self) -> bool:
        """Whether what is remembered outlives the process."""
        return self.folder is not None and os.access(self.folder, os.W_OK | os.X_OK)

    def hosts(self) -> Iterator[str]:
        """Hosts of which a release is remembered."""
        names = set(self._here)
        if self.folder is not None and self.folder.is_dir():
            names |= {path.name.removesuffix(_ENDING) for path in self.folder.glob(f"*{_ENDING}")}
        return (name for name in sorted(names) if is_host(name))

    def newest(self, host: str) -> tuple[bytes, Release] | None:
        """Envelope and release; None where nothing is remembered."""
        if self.folder is None or host in self._here:
            return self._here.get(host)
        try:
            path = self.folder / f"{host}{_ENDING}"
            envelope = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        except OSError:
            return None
        # who cannot look at a signature knows nothing, and does not know that there is nothing
        try:
            release = read_signed(envelope, self._key)
        except Faulty:
            return None
        return (envelope, release) if release.host == host else None

    def remember(self, envelope: bytes, release: Release) -> None:
        """Take ``release`` for the newest of its host. What cannot be kept is known in this process."""
        known = self.newest(release.host)
        if known is not None and known[0] == envelope:
            return
        if self.folder is None or not self.is_kept:
            self._here[release.host] = (envelope, release)
            return
        try:
            put_at(envelope, self.folder / f"{release.host}{_ENDING}")
            self._here.pop(release.host, None)
        except OSError:
            # a full disk must not make us forget
            self._here[release.host] = (envelope, release)

    def taken_down(self) -> tuple[bytes, TakenDown] | None:
        """The newest list of what came down, as it was signed; None where none is remembered."""
        if self.folder is None:
            return None
        try:
            path = self.folder / _TAKEN_DOWN
            envelope = path.read_bytes() if path.stat().st_size <= LARGEST_LIST else b""
            return envelope, read_taken_down(envelope, self._key)
        except (OSError, Faulty):
            return None

    def remember_taken_down(self, envelope: bytes) -> None:
        """Take that list for the newest. What cannot be kept the caller knows as long as it lives."""
        if self.folder is not None and self.is_kept:
            with suppress(OSError):
                put_at(envelope, self.folder / _TAKEN_DOWN)

    def part(self, digest: str) -> bytes | None:
        """A part that is remembered, unchanged."""
        if self.folder is None:
            return None
        try:
            content = Store(self.folder / _PARTS).read(digest)
        except OSError:
            return None
        return content if sha256(content).hexdigest() == digest else None

    def keep_part(self, content: bytes) -> None:
        if self.folder is not None and self.is_kept:
            store = Store(self.folder / _PARTS)
            digest = sha256(content).hexdigest()
            if self.part(digest) is None:
                try:
                    store.path_of(digest).unlink(missing_ok=True)
                    store.put(content)
                except OSError:
                    return

    def forget_parts(self) -> None:
        """Let go of parts that no remembered release names."""
        if self.folder is None or not self.is_kept:
            return
        named: set[str] = set()
        for host in self.hosts():
            known = self.newest(host)
            named.update(known[1].parts.values() if known else ())
        for path in (self.folder / _PARTS / STORE).glob("*/*"):
            if path.name not in named:
                path.unlink(missing_ok=True)
