"""The pieces of other formats that a Word document holds (w:altChunk, ECMA-376 Part 1, 17.17.2)."""

import email
import email.policy
import io

from sites.documents_in.extraction.element import ReadFile
from sites.documents_in.extraction.html.reader import read_html
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.text_reader import read_text

_HTML = ("text/html", "application/xhtml+xml")
_ARCHIVED = ("message/rfc822", "multipart/related", "application/x-mimearchive")


def read_chunk(data: bytes, content_type: str, name: str, limits: ExtractionLimits) -> ReadFile | None:
    """Return what a piece says, None for a format that is not read here.

    content_type: as the package declares it; name: of the part, for one that is declared wrongly.
    """
    extension = name.rpartition(".")[2].lower()
    try:
        if content_type.startswith(_ARCHIVED) or extension in ("mht", "mhtml"):
            html = _page_of(data)
            return read_html(html, limits) if html else None
        if content_type.startswith(_HTML) or extension in ("html", "htm", "xhtml"):
            return read_html(data, limits)
        if content_type.startswith("text/plain") or extension == "txt":
            return read_text(data, limits)
    except ExtractionRefused:
        return None
    return None


def is_word(content_type: str, name: str) -> bool:
    """Say whether a piece is a Word document itself."""
    return "wordprocessingml" in content_type or name.lower().endswith(".docx")


def _page_of(data: bytes) -> bytes:
    """Return the first HTML page of a saved page (MHTML), b"" without one."""
    message = email.message_from_binary_file(io.BytesIO(data), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in _HTML:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                charset = part.get_content_charset() or ""
                if charset and charset not in ("utf-8", "us-ascii"):
                    try:
                        return payload.decode(charset, "replace").encode()
                    except LookupError:
                        return payload
                return payload
    return b""
