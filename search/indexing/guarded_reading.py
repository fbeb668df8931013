"""The text of a file, for the guarded process; needs no Django."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from govplatform.confidentiality.scanning.limits import ReadLimits
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.readers.reading import read_file
from govplatform.guarded import guarded_target

TARGET = "search.indexing.guarded_reading.read_text_in_guard"
#: Places that are about the file, not in it.
_ABOUT = ("file name", "document properties", "EXIF", "XMP")


@guarded_target
def read_text_in_guard(args: dict[str, Any]) -> dict[str, Any]:
    """Read ``{"path", "name", "characters"}``: what somebody sees who opens the file, as ``{"text"}``.

    ``path``: its bytes, percent-encoded. Hidden parts, properties and names are left out. '' for a file without text.
    """
    path = Path(os.fsdecode(unquote_to_bytes(args["path"])))
    most, parts, length = int(args["characters"]), list[str](), 0
    for read in read_file(path, args["name"], ReadLimits()):
        if not isinstance(read, Piece) or read.hidden or read.where.rpartition(": ")[2].startswith(_ABOUT):
            continue
        parts.append(read.text)
        length += len(read.text)
        if length >= most:
            break
    return {"text": "\n".join(parts)[:most]}
