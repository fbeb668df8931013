"""The decoding of a file's bytes to text, or a refusal; never mojibake."""

import re

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.encodings import CONTROL, decode_or_none, mark_of
from sites.documents_in.extraction.refusal import ExtractionRefused

UNDECODABLE = gettext_noop(
    "无法识别文件的文字编码，或文字已经损坏。请用记事本打开原文件，另存为 UTF-8 编码后重新上传。"
)
BINARY = gettext_noop("文件内含二进制数据，不是文本文件。请确认文件是否完整，或另存为 .docx、.pdf 后重新上传。")
SAMPLE = 20_000

_DAMAGE = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯")


def decode_text(data: bytes, *, declared: str = "") -> str:
    """Return the text of a file; ``declared``: the encoding that a web page says it is in.

    Raises ExtractionRefused when no reading is plausible Chinese (or plain ASCII) text.
    """
    text = decode_or_none(data, declared=declared)
    if text is None:
        raise ExtractionRefused(BINARY if 0 in data and not mark_of(data) else UNDECODABLE)
    return _checked(text)


def _checked(text: str) -> str:
    text = text.lstrip("\ufeff")
    if _DAMAGE.search(text):
        raise ExtractionRefused(UNDECODABLE)
    if CONTROL.search(text):
        raise ExtractionRefused(BINARY)
    sample = text[:SAMPLE]
    # UTF-8 that was read as Latin-1 and saved again.
    latin = sum("\x80" <= char <= "\xff" for char in sample)
    if latin > 10 and latin > len(sample) * 0.1:
        raise ExtractionRefused(UNDECODABLE)
    return text
