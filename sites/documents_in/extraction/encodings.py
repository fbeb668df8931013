"""Bytes to text, or a refusal; never mojibake."""

import codecs
import re

from sites.documents_in.extraction.refusal import ExtractionRefused

UNDECODABLE = "无法识别文件的文字编码，或文字已经损坏。请用记事本打开原文件，另存为 UTF-8 编码后重新上传。"
BINARY = "文件内含二进制数据，不是文本文件。请确认文件是否完整，或另存为 .docx、.pdf 后重新上传。"

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# WHATWG treats these labels as GB18030, and so did whoever wrote them.
ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
SAMPLE = 20_000
MIN_COMMON_SHARE = 0.85

_DAMAGE = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode_text(data: bytes, *, declared: str = "") -> str:
    """The text of a file: by its byte order mark, UTF-8, the declared name, then UTF-16, GB18030 or Big5.

    Raises ExtractionRefused when no reading is plausible Chinese (or plain ASCII) text.
    """
    return _checked(_decode(data, declared))


def _decode(data: bytes, declared: str) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding)
            if text is None:
                raise ExtractionRefused(UNDECODABLE)
            return text
    if b"\x00" in data:
        for encoding in ("utf-16-le", "utf-16-be"):
            text = _strict(data, encoding)
            if text is not None and _common_share(text) >= MIN_COMMON_SHARE:
                return text
        raise ExtractionRefused(BINARY)
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    candidates = [ALIASES.get(declared.lower(), declared)] if declared else []
    candidates += ["gb18030", "big5hkscs"]
    readings = [reading for name in candidates if (reading := _strict(data, name)) is not None]
    # UTF-16 without a mark and without a single ASCII character.
    readings += [reading for name in ("utf-16-le", "utf-16-be") if (reading := _strict(data, name)) is not None]
    best = max(readings, key=_common_share, default=None)
    if best is None or _common_share(best) < MIN_COMMON_SHARE:
        raise ExtractionRefused(UNDECODABLE)
    return best


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _checked(text: str) -> str:
    text = text.lstrip("\ufeff")
    if _DAMAGE.search(text):
        raise ExtractionRefused(UNDECODABLE)
    if _CONTROL.search(text):
        raise ExtractionRefused(BINARY)
    sample = text[:SAMPLE]
    # UTF-8 that was read as Latin-1 and saved again.
    latin = sum("\x80" <= char <= "\xff" for char in sample)
    if latin > 10 and latin > len(sample) * 0.1:
        raise ExtractionRefused(UNDECODABLE)
    return text


def _common_share(text: str) -> float:
    """The share of everyday characters among those beyond ASCII; wrong readings are full of rare ones."""
    beyond = [char for char in text[:SAMPLE] if char > "\x7f"]
    if not beyond:
        return 1.0
    return sum(is_everyday(char) for char in beyond) / len(beyond)


def is_everyday(char: str) -> bool:
    """Chinese punctuation, or a character of the first level of GB 2312 or of Big5."""
    if char in "　、。〈〉《》「」『』【】〔〕〇○※★●◆■□—–―…‘’“”·×÷℃①②③④⑤⑥⑦⑧⑨⑩\u00a0":
        return True
    if "\uff01" <= char <= "\uff5e":
        return True
    if not "\u4e00" <= char <= "\u9fff":
        return False
    return _lead("gb2312", char, 0xB0, 0xD7) or _lead("big5", char, 0xA4, 0xC6)


def _lead(encoding: str, char: str, low: int, high: int) -> bool:
    try:
        return low <= char.encode(encoding)[0] <= high
    except UnicodeEncodeError:
        return False
