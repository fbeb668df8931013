"""What of a file acts when somebody opens it: scripts, programs, macros, and parts that are fetched from elsewhere.

Asked of files that strangers send to people: whoever opens one does so with the programs of their own desk.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from govplatform.guarded import GuardedFailure, guarded_target, run_guarded
from govplatform.untrusted_files.faults import FileFault
from govplatform.untrusted_files.xml_limits import limited_events
from govplatform.untrusted_files.zip_limits import Total, check_directory, open_member, open_zip

from .limits import ReadLimits
from .readers.pdf_strings import MOST_OBJECTS, all_objects

RULE = "active-content"
TARGET = "govplatform.confidentiality.scanning.active_content.find_active"
_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/Rendition", "/RichMediaExecute")
#: Of an office file: parts that hold macros, controls and objects of other programs.
_PARTS = ("vbaproject.bin", "vbadata.xml")
_FOLDERS = ("activex",)
_OBJECTS = "oleobject"
#: Relations to something on another machine that is fetched or run as the file is opened; links are not. The template
#: that somebody wrote with lies on their own: its path stays in many files and leads nowhere here.
_FETCHED = ("attachedTemplate", "oleObject", "frame", "subDocument", "altChunk", "package", "externalLink", "control")
#: A path of the machine on which it was written.
_OWN = re.compile(r"(?:file:///)?[A-Za-z](?::|%3[Aa])[\\/%]|file:///[^/\\%]|/(?![/\\])|[^:\\/%]+\Z")


def acts_guarded(path: Path, kind: str) -> bool:
    """Whether the file of ``kind`` (``pdf``, ``docx``, a picture) acts when it is opened, told in a guarded process.

    What cannot be looked through is taken to act.
    """
    if kind not in ("pdf", "docx"):
        return False
    limits = ReadLimits()
    try:
        told = run_guarded(
            TARGET,
            {"path": str(path.resolve()), "kind": kind},
            seconds=limits.seconds,
            memory_mb=limits.memory_mb,
            output_mb=1,
        )
    except GuardedFailure:
        return True
    return bool(told["acts"])


@guarded_target
def find_active(args: dict[str, Any]) -> dict[str, Any]:
    """Return ``{"acts": bool}`` for ``{"path", "kind"}``, inside the guarded process."""
    path = Path(args["path"])
    return {"acts": _pdf_acts(path) if args["kind"] == "pdf" else _office_acts(path)}


# --- inside ------------------------------------------------------------------------------


def _pdf_acts(path: Path) -> bool:
    try:
        reader = PdfReader(path.open("rb"), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return True
        for seen, item in enumerate(all_objects(reader)):
            if seen > MOST_OBJECTS or _has_action(item):
                return True
    except MemoryError:
        raise
    except Exception:
        # pypdf fails with whatever a damaged file makes it stumble over; readers are more patient.
        return True
    return False


def _has_action(item: Any) -> bool:
    """Whether one object holds an action that runs something, not those that it refers to."""
    left = [item]
    while left:
        value = left.pop()
        if isinstance(value, DictionaryObject):
            kind = value.raw_get("/S") if "/S" in value else ""
            if "/JS" in value or str(kind) in _ACTIONS:
                return True
            left += [value.raw_get(key) for key in value]
        elif isinstance(value, ArrayObject):
            left += list(list.__iter__(value))
    return False


def _office_acts(path: Path) -> bool:
    limits = ReadLimits().zip_limits()
    spend = Total(limits.total_bytes)
    try:
        with open_zip(path) as archive:
            parts = archive.infolist()
            check_directory(parts, limits)
            for part in parts:
                name = part.filename.lower().replace("\\", "/")
                base = posixpath.basename(name)
                if base in _PARTS or base.startswith(_OBJECTS) or any(f"{one}/" in name for one in _FOLDERS):
                    return True
                if base.endswith(".rels") and _fetches(open_member(archive, part, limits, spend)):
                    return True
    except FileFault:
        return True
    return False


def _fetches(stream: Any) -> bool:
    for _event, element in limited_events(stream):
        said = {key.rpartition("}")[2].lower(): value for key, value in element.attrib.items()}
        outside = said.get("targetmode", "").strip().lower() == "external"
        if outside and said.get("type", "").rpartition("/")[2] in _FETCHED and not _OWN.match(said.get("target", "")):
            return True
    return False
