"""Bytes to text: UTF-8, UTF-16, GB18030 and what else Chinese offices have saved.

Two questions are asked of the same bytes. Whoever imports wants a text that is right or none (``decode_or_none``);
whoever scans wants whatever can be read (``detect_encoding``, ``read_text``, ``decode``), since what is not read
is not seen.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import IO

from charset_normalizer import from_bytes

#: Byte order marks, the longer of two that begin alike first. The codecs take the mark away themselves.
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Names under which browsers read GB18030 and the larger Big5, and so did whoever wrote them.
ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
#: Bytes from the beginning that are looked at to tell an encoding.
SAMPLE = 64 * 1024
#: Read at once.
CHUNK = 256 * 1024
#: Share of everyday characters below which a reading is no Chinese text.
MIN_COMMON_SHARE = 0.85
#: Characters that stand in no text; blanks, line ends and the form feed do.
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SAMPLE_CHARACTERS = 20_000
_BEYOND = re.compile(rb"[\x80-\xff]")
_CONTROLS = frozenset(range(0x20)) - {0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B}
_WIDE = ("utf-16-le", "utf-16-be")
_SIGNS = frozenset("　、。〈〉《》「」『』【】〔〕〇○※★●◆■□—–―…‘’“”·×÷℃①②③④⑤⑥⑦⑧⑨⑩\u00a0")


def looks_like_text(head: bytes) -> bool:
    """Whether the beginning of a file may be text at all."""
    if mark_of(head):
        return True
    if 0 in head:
        return bare_utf16(head) != ""
    return sum(byte in _CONTROLS for byte in head) <= len(head) // 200


def mark_of(head: bytes) -> str:
    """The codec that the byte order mark at the beginning names, '' without a mark."""
    return next((name for mark, name in BOMS if head.startswith(mark)), "")


def bare_utf16(head: bytes) -> str:
    """The codec of UTF-16 without a byte order mark (``utf-16-le``, ``utf-16-be``), '' when ``head`` is none.

    It shows by the zero bytes of ASCII characters, which stand on one side only, or by Chinese text that comes of it.
    """
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even and odd * 20 > len(head):
        return "utf-16-le"
    if even > 4 * odd and even * 20 > len(head):
        return "utf-16-be"
    return _likeliest(head[: len(head) & ~1], _WIDE)


# --- right, or not at all ------------------------------------------------------------------


def decode_or_none(data: bytes, *, declared: str = "") -> str | None:
    """Decode a file by its byte order mark, UTF-8, the declared name, or else GB18030, Big5 or UTF-16.

    Returns None when no reading is plausible Chinese (or plain ASCII) text.
    """
    if name := mark_of(data):
        return decode_strictly(data, name)
    if 0 in data:
        name = _likeliest(data, _WIDE)
        return decode_strictly(data, name) if name else None
    text = decode_strictly(data, "utf-8")
    if text is not None:
        return text
    candidates = [ALIASES.get(declared.lower(), declared)] if declared else []
    name = _likeliest(data, [*candidates, "gb18030", "big5hkscs", *_WIDE])
    return decode_strictly(data, name) if name else None


def decode_strictly(data: bytes, name: str) -> str | None:
    """Decode ``data``; None when it is not in the encoding ``name`` or there is no such encoding."""
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def common_share(text: str) -> float:
    """The share (0 to 1) of everyday characters among those beyond ASCII; a wrong reading is full of rare ones."""
    beyond = [char for char in text[:_SAMPLE_CHARACTERS] if char > "\x7f"]
    return sum(is_everyday(char) for char in beyond) / len(beyond) if beyond else 1.0


def is_everyday(char: str) -> bool:
    """Whether it is Chinese punctuation, or a character of the first level of GB 2312 or of Big5."""
    if char in _SIGNS or "\uff01" <= char <= "\uff5e":
        return True
    if not "\u4e00" <= char <= "\u9fff":
        return False
    return _lead("gb2312", char, 0xB0, 0xD7) or _lead("big5", char, 0xA4, 0xC6)


# --- whatever can be read ------------------------------------------------------------------


def detect_encoding(stream: IO[bytes]) -> str:
    """Return the name of the likeliest codec; never fails. Reading with it has to replace bytes that do not fit."""
    stream.seek(0)
    sample = stream.read(SAMPLE)
    if name := mark_of(sample):
        return name
    if 0 in sample:
        return bare_utf16(sample) or "utf-8"
    for name in ("utf-8", "gb18030"):
        if _all_decodes(stream, name):
            # GB18030 takes nearly everything: another reading may be the likelier one.
            return name if name == "utf-8" else _likelier(stream, sample)
    return _likelier(stream, sample)


def read_text(stream: IO[bytes], encoding: str = "") -> Iterator[str]:
    """Read ``stream`` from its beginning as pieces of text; bytes that do not fit become the replacement character.

    ``encoding``: by default what ``detect_encoding`` says. Raises LookupError for an unknown one.
    """
    name = encoding or detect_encoding(stream)
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    stream.seek(0)
    while data := stream.read(CHUNK):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def decode(data: bytes, encoding: str = "") -> str:
    """Decode a short stretch of bytes by ``encoding``, UTF-8 or GB18030; the first that fits all of it counts.

    Where none does, bytes that are no UTF-8 become the replacement character.
    """
    for name in (encoding, "utf-8", "gb18030"):
        if name and (text := decode_strictly(data, name)) is not None:
            return text
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


def _likelier(stream: IO[bytes], sample: bytes) -> str:
    """What the bytes beyond ASCII speak for; UTF-16 without any ASCII character has no zero byte to show itself by."""
    best = from_bytes(_speaking(stream), cp_isolation=["gb18030", "big5hkscs", "big5", "cp1252"]).best()
    found = best.encoding if best is not None and best.encoding not in ("ascii", "utf_8") else "gb18030"
    wide = _likeliest(sample[: len(sample) & ~1], _WIDE)
    if wide and common_share(sample.decode(wide, "ignore")) > common_share(sample.decode(found, "ignore")):
        return wide
    return found


def _speaking(stream: IO[bytes]) -> bytes:
    """A stretch around the first byte beyond ASCII: what comes before it says nothing about the encoding."""
    stream.seek(0)
    while data := stream.read(CHUNK):
        found = _BEYOND.search(data)
        if found:
            stream.seek(stream.tell() - len(data) + found.start())
            return stream.read(SAMPLE)
    return b""


def _likeliest(data: bytes, names: Iterable[str]) -> str:
    """The encoding whose reading has the most everyday characters, '' when none has enough of them."""
    readings = [
        (_plausibility(text, name), name) for name in names if (text := decode_strictly(data, name)) is not None
    ]
    share, name = max(readings, key=lambda reading: reading[0], default=(0.0, ""))
    return name if share >= MIN_COMMON_SHARE else ""


def _plausibility(text: str, name: str) -> float:
    """``common_share``, but 0 for numbers of two bytes that only look like characters: they are full of controls."""
    if name in _WIDE and CONTROL.search(text, 0, _SAMPLE_CHARACTERS):
        return 0.0
    return common_share(text)


def _lead(encoding: str, char: str, low: int, high: int) -> bool:
    try:
        return low <= char.encode(encoding)[0] <= high
    except UnicodeEncodeError:
        return False
