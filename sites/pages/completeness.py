"""What blocks of a body lack before they may be shown; a draft may be kept with all of it missing."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason

#: The title of a draft that was kept before it had one; the same in every language, for it is stored.
UNTITLED = "（还没有标题）"
#: What must be there in blocks of a kind; of a gallery, in each of its pictures.
_NEEDED = {
    "heading": ("text",),
    "quotation": ("text",),
    "image": ("image",),
    "chart": ("image", "alt"),
    "attachment": ("document",),
    "media": ("file", "title", "transcript"),
}


def reasons_against_unfinished(body: Iterable[Any]) -> list[str]:
    """Return a sentence for each block that lacks something, with the block as its place."""
    return [
        PlacedReason(sentence, str(block.id))
        for number, block in enumerate(body, 1)
        for sentence in _lacking(number, block)
    ]


def _lacking(number: int, block: Any) -> Iterator[str]:
    kind, value = block.block_type, block.value
    told = {"number": number, "kind": block.block.label}
    if kind == "image" and not value.get("decorative") and not _said(value.get("alt")):
        yield _("正文第 %(number)d 块的图片没有替代文字：请填写，或勾选“纯装饰”。") % told
    if kind == "gallery":
        items = list(value.get("items") or [])
        if not items or any(item.get("image") is None or not _said(item.get("alt")) for item in items):
            yield _("正文第 %(number)d 块（%(kind)s）还没有填完：每张图片都要有图和替代文字。") % told
        return
    missing = [name for name in _NEEDED.get(kind, ()) if value.get(name) is None or not _said(value.get(name))]
    if missing:
        labels = "、".join(str(block.block.child_blocks[name].label) for name in missing)
        yield _("正文第 %(number)d 块（%(kind)s）还没有填完，缺：%(labels)s。") % {**told, "labels": labels}


def _said(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None
