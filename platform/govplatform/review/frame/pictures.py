"""Pictures of the frame: public by the clearance of the words that stand with them, and kept as they were then."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..models import FrameClearance, FrameProposal
from .kinds import FrameKind, frame_kinds
from .texts import last_clearances

#: What a row calls its picture, and the SM3 of the bytes that were looked at.
PICTURE, BYTES = "image", "sm3"


def frame_pictures() -> dict[int, str]:
    """Return image id -> SM3 of all pictures that the frame of the current site shows."""
    found: dict[int, str] = {}
    for kind in _with_pictures():
        for clearance in last_clearances(kind).values():
            found.update(_pictures_in(kind, clearance.texts))
    return found


def pictures_to_look_at() -> set[int]:
    """Ids of the images that the frame shows, and of those that somebody proposes for it, on the current site."""
    found = set(frame_pictures())
    for kind in _with_pictures():
        waiting = FrameProposal.objects.filter(kind=kind.code, state=FrameProposal.State.WAITING)
        for texts in waiting.values_list("after", flat=True):
            found.update(image_id for image_id, _sm3 in _pictures_in(kind, texts))
    return found


def was_in_frame(image_id: int) -> bool:
    """Whether the frame of the current site has ever shown this picture."""
    return any(
        image_id == shown
        for kind in _with_pictures()
        for texts in FrameClearance.objects.filter(kind=kind.code).values_list("texts", flat=True)
        for shown, _sm3 in _pictures_in(kind, texts)
    )


def reasons_against_touching_pictures(titles: Mapping[int, str]) -> list[str]:
    """Why images may not be changed or deleted; a sentence for each that the frame shows. ``titles``: id -> title."""
    shown = frame_pictures()
    return [
        _(
            "图片“%(title)s”在首页或页头使用，随确认保存，不能修改、更换或删除。请先在“网站设置”中换用别的图片，经确认后再办。"
        )
        % {"title": title}
        for number, title in titles.items()
        if number in shown
    ]


def _with_pictures() -> Iterator[FrameKind]:
    return (kind for kind in frame_kinds() if kind.pictures)


def _pictures_in(kind: FrameKind, texts: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for name in kind.pictures:
        for row in texts.get(name, ()):
            yield row[PICTURE], row[BYTES]
