"""Bytes to text: UTF-8, UTF-16, GB18030 and what else Chinese offices have saved."""

import codecs
import re
from collections.abc import Iterator
from typing import IO

from charset_normalizer import from_bytes

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 64 * 1024
CHUNK = 256 * 1024
_BEYOND = re.compile(rb"[\x80-\xff]")
_CONTROLS = frozenset(range(0x20)) - {0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B}


def looks_like_text(head: bytes) -> bool:
    """Whether the beginning of a file may be text at all."""
    if head.startswith(tuple(mark for mark, _name in BOMS)):
        return True
    if 0 in head:
        return _bare_utf16(head) != ""
    return sum(byte in _CONTROLS for byte in head) <= len(head) // 200


def detect_encoding(stream: IO[bytes]) -> str:
    """A codec name; never fails, since undecodable bytes are replaced when the text is read."""
    stream.seek(0)
    sample = stream.read(SAMPLE)
    for mark, name in BOMS:
        if sample.startswith(mark):
            return name
    if 0 in sample:
        return _bare_utf16(sample) or "utf-8"
    for name in ("utf-8", "gb18030"):
        if _all_decodes(stream, name):
            # GB18030 takes nearly everything: another reading may be the likelier one.
            return name if name == "utf-8" else _likelier(_speaking(stream))
    return _likelier(_speaking(stream))


def read_text(stream: IO[bytes], encoding: str = "") -> Iterator[str]:
    """The text in stretches."""
    name = encoding or detect_encoding(stream)
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    stream.seek(0)
    while data := stream.read(CHUNK):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def decode(data: bytes, encoding: str = "") -> str:
    """A short stretch of bytes, with the encoding that is declared for it, if any."""
    for name in (encoding, "utf-8", "gb18030"):
        try:
            if name:
                return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def _all_decodes(stream: IO[bytes], name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    stream.seek(0)
    try:
        while data := stream.read(CHUNK):
            decoder.decode(data)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _speaking(stream: IO[bytes]) -> bytes:
    """A stretch around the first byte beyond ASCII: what comes before it says nothing about the encoding."""
    stream.seek(0)
    while data := stream.read(CHUNK):
        found = _BEYOND.search(data)
        if found:
            stream.seek(stream.tell() - len(data) + found.start())
            return stream.read(SAMPLE)
    return b""


def _likelier(sample: bytes) -> str:
    best = from_bytes(sample, cp_isolation=["gb18030", "big5hkscs", "big5", "cp1252"]).best()
    return best.encoding if best is not None and best.encoding not in ("ascii", "utf_8") else "gb18030"


def _bare_utf16(head: bytes) -> str:
    """UTF-16 without a mark: the zero bytes of ASCII stand on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even and odd * 20 > len(head):
        return "utf-16-le"
    if even > 4 * odd and even * 20 > len(head):
        return "utf-16-be"
    return ""
