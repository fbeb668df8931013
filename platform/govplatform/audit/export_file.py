"""A signed file of entries that can be checked wherever it lies: no database, no installation is asked.

JSON lines in UTF-8. The first says what was exported, by whom and when; then one entry a line, what is hashed
(``chain.row_of``) with its ``hash``; the last one holds the number of entries, SHA-256 and SM3 of all bytes before
it, and the signature (Ed25519, RFC 8032) over the last line without the signature. So a changed entry, one that was
taken out or put in, a cut end and another's file under our name are all found, each for itself: an entry by its hash,
its neighbours by ``previous_hash``, the whole by the signature.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.utils.translation import gettext as _

from .chain import row_of, written
from .models import Entry
from .sm3 import sm3_hex

FORMAT = "govplatform-audit-export"
VERSION = 1
#: A longer line is no entry of ours: the detail of the largest is some tens of kilobytes.
LONGEST_LINE = 4 << 20
#: So many faults are named; whoever changed more has been found out.
_FAULTS_NAMED = 100


def export_lines(
    entries: Iterable[Entry], header: dict[str, Any], *, public_key: str, sign: Callable[[bytes], bytes]
) -> Iterator[bytes]:
    """Yield the lines of the file. ``entries`` by chain and number; ``public_key`` of ``sign``, as hexadecimal digits.

    ``header``: what else the first line says: ``{"chains": [...], "complete": bool, ...}``. ``complete`` means that
    between the first and the last entry of each chain none was left out.
    """
    sha256, sm3, number = hashlib.sha256(), Hash(SM3()), 0

    def passed(line: bytes) -> bytes:
        sha256.update(line)
        sm3.update(line)
        return line

    yield passed(_line({"format": FORMAT, "version": VERSION, **header}))
    for entry in entries:
        number += 1
        yield passed(_line({**row_of(entry), "hash": entry.hash}))
    last = {"entries": number, "sha256": sha256.hexdigest(), "sm3": sm3.finalize().hex()}
    signature = {"algorithm": "Ed25519", "key": public_key, "value": sign(written(last)).hex()}
    yield _line({**last, "signature": signature})


@dataclass
class Checked:
    """What a file says of itself, and what is wrong with it: ``faults`` are sentences, each naming its line."""

    header: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    checked: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """``{"ok", "checked", "faults", "key", "chains", "complete", "exported_at", "exported_by"}``."""
        told = {name: self.header.get(name) for name in ("chains", "complete", "exported_at", "exported_by")}
        return {"ok": self.ok, "checked": self.checked, "faults": self.faults, "key": self.key, **told}


def check_export(path: Path, *, key: str = "") -> Checked:
    """Check a file from beginning to end, one line in memory at a time.

    ``key``: the public key that must have signed it, as hexadecimal digits; without it the key in the file is taken,
    which says that nothing was changed since and not by whom it was signed. Raises OSError when it cannot be read.
    """
    found = Checked()
    with path.open("rb") as stream:
        _Checking(found, key.lower()).read(stream)
    return found


class _Checking:
    """One pass over the lines of a file."""

    def __init__(self, found: Checked, key: str) -> None:
        self._found, self._wanted = found, key
        self._sha256, self._sm3 = hashlib.sha256(), Hash(SM3())
        self._before: tuple[str, int, str] = ("", 0, "")

    def read(self, stream: BinaryIO) -> None:
        """Read the first line, entries, and the last line."""
        first = stream.readline(LONGEST_LINE)
        self._pass(first)
        header = _object(first)
        if header is None or header.get("format") != FORMAT:
            self._fault(_("第 1 行不是审计记录导出文件的开头，请核对文件。"))
            return
        if header.get("version") != VERSION:
            self._fault(_("文件的格式版本是 %(version)s，这里只能核验版本 1。") % {"version": header.get("version")})
            return
        self._found.header = header
        place, waiting = 1, b""
        while line := stream.readline(LONGEST_LINE):
            if waiting:
                place += 1
                self._entry(place, waiting)
            waiting = line
        self._last(place + 1, waiting)

    def _entry(self, place: int, line: bytes) -> None:
        self._pass(line)
        row = _object(line)
        if row is None or not isinstance(row.get("chain"), str) or not isinstance(row.get("number"), int):
            self._fault(_("第 %(place)s 行不是一条记录。") % {"place": place})
            return
        self._found.checked += 1
        chain, number, hash_ = row["chain"], row["number"], row.pop("hash", None)
        name = {"place": place, "chain": chain, "number": number}
        if sm3_hex(written(row)) != hash_:
            self._fault(_("第 %(place)s 行，链 %(chain)s 第 %(number)s 号的内容被改动过。") % name)
        chain_before, number_before, hash_before = self._before
        if chain == chain_before:
            if number == number_before + 1:
                if row.get("previous_hash") != hash_before:
                    self._fault(_("第 %(place)s 行，链 %(chain)s 第 %(number)s 号与前一条不相连。") % name)
            elif number <= number_before:
                self._fault(_("第 %(place)s 行，链 %(chain)s 第 %(number)s 号的次序不对。") % name)
            elif self._found.header.get("complete"):
                self._fault(_("第 %(place)s 行，链 %(chain)s 在第 %(number)s 号之前缺少记录。") % name)
        self._before = (chain, number, str(hash_))

    def _last(self, place: int, line: bytes) -> None:
        row = _object(line)
        signature = row.pop("signature", None) if row is not None else None
        if row is None or not isinstance(signature, dict):
            self._fault(_("文件没有结尾的签名行，末尾可能被截去。"))
            return
        if row.get("entries") != self._found.checked:
            self._fault(
                _("签名行写明 %(said)s 条，文件里有 %(found)s 条。")
                % {"said": row.get("entries"), "found": self._found.checked}
            )
        if (row.get("sha256"), row.get("sm3")) != (self._sha256.hexdigest(), self._sm3.finalize().hex()):
            self._fault(_("第 %(place)s 行的摘要与文件内容不符。") % {"place": place})
        self._found.key = str(signature.get("key", "")).lower()
        if not _is_signed(row, signature):
            self._fault(_("第 %(place)s 行的签名不成立。") % {"place": place})
        if self._wanted and self._found.key != self._wanted:
            self._fault(_("签名用的公钥是 %(key)s，不是要求的公钥。") % {"key": self._found.key})

    def _pass(self, line: bytes) -> None:
        self._sha256.update(line)
        self._sm3.update(line)

    def _fault(self, sentence: str) -> None:
        if len(self._found.faults) < _FAULTS_NAMED:
            self._found.faults.append(sentence)


def _is_signed(row: dict[str, Any], signature: dict[str, Any]) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["key"]))
        key.verify(bytes.fromhex(signature["value"]), written(row))
    except (InvalidSignature, KeyError, ValueError, TypeError):
        return False
    return signature.get("algorithm") == "Ed25519"


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _line(value: dict[str, Any]) -> bytes:
    return written(value) + b"\n"
