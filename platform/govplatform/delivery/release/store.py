"""The store: every file once, under the SHA-256 of its bytes. Nothing in it is ever written over."""

import gzip
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO

import brotli

from .layout import stamp_of

STORE = ".store"
#: What a file begins with that is being written.
NEW = ".new."
_CHUNK = 1 << 18
_SYNCED_AT_ONCE = 8
#: As slow as gzip, a sixth smaller; beyond 7 each page takes five to eleven milliseconds (decision 081).
_BROTLI = 5


@dataclass
class Store:
    """The store below ``root``. ``new``: files written since ``bring_to_disk``."""

    root: Path
    new: list[Path] = field(default_factory=list)

    def path_of(self, digest: str) -> Path:
        return self.root / STORE / digest[:2] / digest

    def has(self, digest: str) -> bool:
        return self.path_of(digest).is_file()

    def put(self, content: bytes) -> str:
        """Keep ``content``; return its SHA-256."""
        digest = sha256(content).hexdigest()
        if not self.has(digest):
            self._write(digest, [content])
        return digest

    def put_stream(self, stream: IO[bytes], digest: str) -> None:
        """Keep what ``stream`` holds from its beginning, whose SHA-256 is ``digest``."""
        if not self.has(digest):
            stream.seek(0)
            self._write(digest, iter(lambda: stream.read(_CHUNK), b""))

    def take(self, pieces: Iterable[bytes], digest: str) -> bool:
        """Keep what ``pieces`` are together, if it is what ``digest`` says; nothing of it otherwise."""
        path, found = self.path_of(digest), sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with _new_file(path, 0o444) as stream:
                for piece in pieces:
                    found.update(piece)
                    stream.write(piece)
                if found.hexdigest() != digest:
                    raise _Other
        except _Other:
            return False
        return True

    def read(self, digest: str) -> bytes:
        """The bytes of that digest. Raises OSError where there are none; whether they are unchanged the caller asks."""
        return self.path_of(digest).read_bytes()

    def bring_to_disk(self) -> None:
        """Have everything new on the disk: what is signed afterwards is there also after a power cut."""
        new, self.new = self.new, []
        with ThreadPoolExecutor(_SYNCED_AT_ONCE) as pool:
            list(pool.map(_sync, new))
            list(pool.map(_sync, {path.parent for path in new}))

    def _write(self, digest: str, pieces: Iterable[bytes]) -> None:
        path = self.path_of(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _new_file(path, 0o444) as stream:
            stream.writelines(pieces)
        self.new.append(path)


def compress(content: bytes) -> bytes:
    """``content`` as gzip, the same bytes each time."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def compress_brotli(content: bytes) -> bytes:
    """``content`` as brotli, a text; the same bytes each time."""
    return brotli.compress(content, mode=brotli.MODE_TEXT, quality=_BROTLI)


def copy_into(source: Path, target: Path, digest: str) -> bool:
    """Put a copy of ``source`` at ``target`` by one rename; False where its bytes are not those of ``digest``.

    A copy and no link: whoever writes over a file that citizens get must not write over the store with it.
    """
    found = sha256()
    try:
        with source.open("rb") as stream, _new_file(target, 0o644, stamp_of(digest)) as written:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
                written.write(chunk)
            if found.hexdigest() != digest:
                raise _Other
    except (_Other, FileNotFoundError):
        return False
    return True


def put_at(content: bytes, target: Path) -> None:
    """Have ``content`` at ``target`` by one rename, on the disk before it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _new_file(target, 0o644) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


class _Other(Exception):
    """The bytes that were copied are not those that were meant."""


@contextmanager
def _new_file(path: Path, mode: int, time: int | None = None) -> Iterator[IO[bytes]]:
    """A file that is at ``path`` once the block has ended, in place of what was there; nothing is left otherwise.

    ``time``: of its last change, as web servers make tags of it; None: now.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=NEW)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        os.chmod(name, mode)
        if time is not None:
            os.utime(name, (time, time))
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
