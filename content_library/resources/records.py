"""The record in which a page tells the library about itself (``page.library_record()``), and the digest over it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from govplatform.audit.sm3 import sm3_hex

from .blobs import Opener

#: How the HTML of a version names a file; whoever shows the version resolves it for its own place.
BLOB_SCHEME = "library:blob/"


@dataclass(frozen=True)
class RecordFile:
    """A file that the page shows. ``opener`` gives its bytes, whose SM3 is ``sm3``."""

    kind: str
    sm3: str
    name: str
    title: str
    content_type: str
    opener: Opener
    map_number: str = ""


@dataclass(frozen=True)
class LibraryRecord:
    """A page as the library keeps it.

    ``metadata``: values by the codes of ``metadata.py``, classification as codes, times and dates
    as they are. ``html``: body without site furniture, files as ``library:blob/<sm3>/<name>``.
    ``interprets_page``: the policy document of the same site that this one interprets.
    """

    kind: str
    metadata: Mapping[str, Any]
    html: str
    text: str
    files: tuple[RecordFile, ...] = ()
    repostable: bool = True
    organisation: str = ""
    url: str = ""
    interprets_page: int | None = None
    #: For a copy: the resource from which the text was copied.
    origin: UUID | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return metadata as JSON keeps it: times with their zone, dates as ``YYYY-MM-DD``, nothing empty."""
    plain = {}
    for code, value in values.items():
        if value is None or value == "":
            continue
        plain[code] = value.isoformat() if isinstance(value, datetime | date) else value
    return plain


def version_digest(metadata: Mapping[str, Any], html: str, text: str, files: list[list[str]]) -> str:
    """Return the SM3 over a version. ``files``: ``[kind, sm3, name, title, map_number]`` in their order."""
    payload = {"metadata": metadata, "html": html, "text": text, "files": files}
    written = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sm3_hex(written.encode())
