"""The digest over the words of one object of the frame, and the words that were cleared last."""

from collections.abc import Iterable, Mapping
from typing import Any

from govplatform.audit.sm3 import sm3_hex

from ..gate.canonical import canonical_bytes
from ..models import FrameClearance
from .kinds import FrameKind, Texts

#: Digests of today begin so. Another form gets another number, as with pages.
FORM = "1:"


def frame_digest(kind: FrameKind, object_id: int, texts: Mapping[str, Any]) -> str:
    """``FORM`` and 64 hexadecimal digits for these words of this object; nothing else has the same."""
    covered = {name: words for name, words in texts.items() if not is_default(kind, name, words)}
    return FORM + sm3_hex(canonical_bytes({"kind": kind.code, "object": object_id, "texts": covered}))


def is_default(kind: FrameKind, name: str, words: Any) -> bool:
    """Whether a field says nothing that was not there before it existed (``FrameKind.defaults``)."""
    return name in kind.defaults and words == kind.defaults[name]


def present_digest(kind: FrameKind, obj: Any) -> str:
    """The digest of the words that ``obj`` has now."""
    return frame_digest(kind, obj.pk, kind.texts_of(obj))


def last_clearance(kind: FrameKind, object_id: int) -> FrameClearance | None:
    """Return what was cleared last of this object. Call in the schema that holds its records (``records_of``)."""
    return FrameClearance.objects.filter(kind=kind.code, object_id=object_id).first()


def last_clearances(kind: FrameKind, object_ids: Iterable[int] | None = None) -> dict[int, FrameClearance]:
    """Return the same for many objects with one query, by their keys; None: for all."""
    rows = FrameClearance.objects.filter(kind=kind.code)
    if object_ids is not None:
        rows = rows.filter(object_id__in=list(object_ids))
    return {row.object_id: row for row in rows.order_by("object_id", "-pk").distinct("object_id")}


def differing(kind: FrameKind, cleared: Mapping[str, Any], present: Texts) -> list[str]:
    """Return the fields whose words are others than ``cleared``."""
    return [name for name, words in present.items() if cleared.get(name, kind.defaults.get(name)) != words]
