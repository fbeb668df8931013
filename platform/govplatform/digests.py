"""SHA-256 and SM3 of the same bytes, read once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SM3, Hash

CHUNK = 1 << 18


@dataclass(frozen=True)
class Digest:
    """``bytes``: how many there were; ``sha256`` and ``sm3`` (GB/T 32905) as 64 lower-case hexadecimal digits."""

    bytes: int
    sha256: str
    sm3: str

    def of(self, algorithm: str) -> str:
        """The digest by the name of its algorithm."""
        return str(getattr(self, algorithm))


class Digester:
    """Takes bytes as they come and says both digests at the end."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sm3 = Hash(SM3())
        self._bytes = 0

    def update(self, chunk: bytes) -> None:
        self._sha256.update(chunk)
        self._sm3.update(chunk)
        self._bytes += len(chunk)

    def finish(self) -> Digest:
        """The digests of everything; the digester is used up."""
        return Digest(self._bytes, self._sha256.hexdigest(), self._sm3.finalize().hex())


def copy_stream(stream: BinaryIO, target: BinaryIO) -> Digest:
    """Write what is left of ``stream`` to ``target``, and say its digests."""
    digester = Digester()
    while chunk := stream.read(CHUNK):
        digester.update(chunk)
        target.write(chunk)
    return digester.finish()


def digest_of_stream(stream: BinaryIO) -> Digest:
    """Digests of what is left of ``stream``, never more than ``CHUNK`` bytes of it in memory."""
    digester = Digester()
    while chunk := stream.read(CHUNK):
        digester.update(chunk)
    return digester.finish()


def digest_of_file(path: Path) -> Digest:
    with path.open("rb") as stream:
        return digest_of_stream(stream)
