"""The outside of a dump: pieces of one MiB, each under a seal that says which piece it is and whether it is the last.

With a key the seal is AES-256-GCM (the framing is that of ``age``: a counter and a mark of the last piece in the
nonce), without one SHA-256. So a byte that was changed, a piece that was left out, exchanged or cut off is found when
it is read, with its offset, before anything of it is used.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .faults import DumpBroken

MAGIC = b"GOVSITE\n"
FORM = 1
PIECE = 1 << 20
KEY_BYTES = 32
_NONE, _AES = "none", "aes-256-gcm"
_LONGEST_HEADER = 1024
_INFO = b"govplatform site dump"
#: Fingerprint of a key (16 hexadecimal digits) -> the key. Raises Refused when it is not at hand.
FindKey = Callable[[str], bytes]


def fingerprint(key: bytes) -> str:
    """16 hexadecimal digits by which a dump names its key."""
    return hashlib.sha256(_INFO + key).hexdigest()[:16]


def seal(pieces: Iterable[bytes], key: bytes | None) -> Iterator[bytes]:
    """Yield the file that holds ``pieces``, encrypted if there is a ``key``."""
    facts: dict[str, Any] = {"form": FORM, "cipher": _NONE}
    if key is not None:
        facts |= {"cipher": _AES, "key": fingerprint(key), "salt": os.urandom(16).hex()}
    header = MAGIC + json.dumps(facts, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    yield header
    closing = _Seal(header, facts, key)
    held = bytearray()
    for piece in pieces:
        held += piece
        # More than one piece: the last one has to be known as that.
        while len(held) > PIECE:
            yield closing.close(bytes(held[:PIECE]), last=False)
            del held[:PIECE]
    yield closing.close(bytes(held), last=True)


class Unsealed(io.RawIOBase):
    """What is inside a dump, as a stream; each piece is checked before a byte of it is given out.

    Raises DumpBroken for a piece that is not what was written, Refused for another kind of file and a missing key.
    """

    def __init__(self, stream: BinaryIO, find_key: FindKey) -> None:
        self._stream = stream
        header, facts = _read_header(stream)
        self.encrypted = facts["cipher"] == _AES
        key = find_key(str(facts.get("key", ""))) if self.encrypted else None
        self._seal = _Seal(header, facts, key)
        self._offset = len(header)
        self._next = stream.read(PIECE + self._seal.extra)
        self._left = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        if not self._left and not self._ended:
            self._open_next()
        count = min(len(target), len(self._left))
        target[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def drain(self) -> None:
        """Read to the end, so that the last byte of the file was looked at."""
        while self._left or not self._ended:
            if not self._ended:
                self._open_next()
            self._left = memoryview(b"")

    def _open_next(self) -> None:
        closed, self._next = self._next, self._stream.read(PIECE + self._seal.extra)
        last = not self._next
        try:
            self._left = memoryview(self._seal.open(closed, last=last))
        except (InvalidTag, ValueError) as error:
            place = _("第 %(first)d 至 %(last)d 字节") % {"first": self._offset, "last": self._offset + len(closed)}
            raise DumpBroken(place, _("内容被改动，或文件不完整。")) from error
        self._offset += len(closed)
        self._ended = last


class _Seal:
    def __init__(self, header: bytes, facts: dict[str, Any], key: bytes | None) -> None:
        self._about = hashlib.sha256(header).digest()
        self._number = 0
        self._cipher: AESGCM | None = None
        if key is not None:
            salt = bytes.fromhex(str(facts["salt"]))
            self._cipher = AESGCM(HKDF(SHA256(), KEY_BYTES, salt, _INFO).derive(key))
        self.extra = 16 if self._cipher else 32

    def close(self, piece: bytes, *, last: bool) -> bytes:
        if self._cipher is not None:
            return self._cipher.encrypt(self._place(last), piece, self._about)
        return piece + self._sum(piece, self._place(last))

    def open(self, closed: bytes, *, last: bool) -> bytes:
        """Raises InvalidTag or ValueError."""
        if self._cipher is not None:
            return self._cipher.decrypt(self._place(last), closed, self._about)
        piece, mark = closed[: -self.extra], closed[-self.extra :]
        if mark != self._sum(piece, self._place(last)):
            raise ValueError
        return piece

    def _place(self, last: bool) -> bytes:
        number = self._number
        self._number += 1
        return number.to_bytes(11, "big") + bytes([last])

    def _sum(self, piece: bytes, place: bytes) -> bytes:
        digest = hashlib.sha256(self._about + place)
        digest.update(piece)
        return digest.digest()


def _read_header(stream: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    if stream.read(len(MAGIC)) != MAGIC:
        raise DumpBroken(
            _("第 %(first)d 至 %(last)d 字节") % {"first": 0, "last": len(MAGIC)}, _("这不是站点的备份文件。")
        )
    line = stream.readline(_LONGEST_HEADER)
    try:
        facts = json.loads(line)
        known = (
            line.endswith(b"\n")
            and facts["cipher"] in (_NONE, _AES)
            and isinstance(facts["form"], int)
            and (facts["cipher"] == _NONE or len(bytes.fromhex(facts["salt"])) == 16)
        )
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        place = _("第 %(first)d 至 %(last)d 字节") % {"first": len(MAGIC), "last": len(MAGIC) + len(line)}
        raise DumpBroken(place, _("文件头被改动。"))
    if facts["form"] != FORM:
        raise Refused(_("备份的格式（%(form)s）比这个版本的程序新，请先升级平台。") % {"form": facts["form"]})
    return MAGIC + line, facts
