"""The words of a page that are its own: what its blocks write around them is neither found nor shown in a hit.

A version's plain text is part of its digest and says all that stands on the page. For the search, what only helps to
use a block is left out: type and size of an attachment, "下载", "查看图中数据", "文字稿", a caption that is repeated.
"""

import re

from content_library.resources.plain_text import text_of

#: Parts of our own blocks (``themes/base/templates/blocks``), by classes that no other HTML may have. What came from
#: another platform has lost its classes, so there an attachment is known by the form of what stands behind its link.
_FURNITURE = re.compile(
    r'<span class="file-facts">[^<]*</span>'
    r"|(?<=</a>)\s*<span>\s*[A-Za-z0-9]{1,10} · [^<]{1,24}</span>(?=\s*</p>)"
    r'|(?<=<details class="fold">)<summary>[^<]*</summary>'
    r'(?:\s*(?P<table><div class="table-frame"[^>]*>\s*<table>)\s*<caption>[^<]*</caption>)?'
    r'|<a\b[^>]*>[^<]*<span class="visually-hidden">[^<]*</span></a>(?=\s*</figcaption>)'
)


def own_words(html: str, text: str) -> str:
    """Return ``text``, the plain text of ``html``, without the words of its blocks."""
    plain, left_out = _FURNITURE.subn(lambda match: match["table"] or "", html)
    return text_of(plain) if left_out else text
