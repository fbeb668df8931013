"""The plain text of a version's HTML."""

import re
from html import unescape

_BLOCK_END = re.compile(r"</(?:p|div|li|tr|h[1-6]|figcaption|caption|blockquote|summary)>|<br\s*/?>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"[ \t\u00a0]+")


def text_of(html: str) -> str:
    """Return the words of ``html``, a line for each paragraph, table cells apart by blanks."""
    lines = _TAG.sub("", _CELL_END.sub("\t", _BLOCK_END.sub("\n", html))).split("\n")
    return "\n".join(line for line in (_BLANKS.sub(" ", unescape(line)).strip() for line in lines) if line)
