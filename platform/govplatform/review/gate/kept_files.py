"""Files that a clearance names stay as they were cleared: their bytes, their words, their place.

What a citizen sees of a picture or an attachment is part of what two people examined. A changed file is a new one,
which goes through the review with the pages that show it. A trigger on the tables of the files says the same to
whoever writes past the product.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from ..models import Clearance, ClearedFile

#: Looked up in the file when they are first asked for, and noted then.
NOTED_LATER = frozenset({"file_size", "file_hash"})
_MOST_PAGES = 5


def cleared_titles(kind: str, object_ids: Collection[int]) -> dict[int, list[str]]:
    """Id of each file that a valid clearance names -> titles of the pages that show it, the newest clearance first."""
    named = ClearedFile.objects.filter(
        kind=kind, object_id__in=object_ids, clearance__status=Clearance.Status.VALID
    ).order_by("-clearance_id")
    found: dict[int, list[str]] = {}
    for object_id, title in named.values_list("object_id", "clearance__page__title"):
        titles = found.setdefault(object_id, [])
        if title not in titles:
            titles.append(title)
    return found


def reasons_against_touching(kind: str, titles: dict[int, str]) -> list[str]:
    """Why files may not be changed, exchanged, moved or deleted; a sentence for each that a valid clearance names.

    ``titles``: id -> title of the files in question.
    """
    return [
        _(
            "%(kind)s“%(title)s”随%(pages)s通过了审查，不能修改、更换、移动或删除。"
            "需要改动时，请重新上传一个新的%(kind)s，在信息中换用后一并送审。"
        )
        % {"kind": ClearedFile.Kind(kind).label, "title": titles[object_id], "pages": _listed(pages)}
        for object_id, pages in cleared_titles(kind, titles).items()
    ]


def _listed(pages: list[str]) -> str:
    shown = "、".join(f"《{title}》" for title in pages[:_MOST_PAGES])
    if len(pages) <= _MOST_PAGES:
        return shown
    return _("%(pages)s等 %(count)d 条信息") % {"pages": shown, "count": len(pages)}


def differs(item: Any) -> bool:
    """Whether ``item`` (a file that is stored) is about to be stored with anything else than it has."""
    kept = [field for field in item._meta.concrete_fields if field.name not in NOTED_LATER]
    stored = type(item)._base_manager.filter(pk=item.pk).values_list(*(field.attname for field in kept)).first()
    if stored is None:
        return False
    if not getattr(item.file, "_committed", True):
        return True
    return any(str(getattr(item, field.attname)) != str(value) for field, value in zip(kept, stored, strict=True))
