"""What a guide lacks: each thing that citizens look for in it and do not find, by the name of its field.

《政府网站发展指引》 asks a guide for whom it is, for conditions, basis, steps, materials, fees, limits, place, hours
and telephone. A guide may be public without them, for a thin one helps more than none; those responsible are told.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from django.utils.html import strip_tags
from django.utils.translation import gettext as _t

from .models import ServiceItem

#: Fields of text that may not be empty.
PLAIN = (
    "organisation", "for_whom", "basis", "conditions", "promised_limit", "fees", "place", "office_hours", "phone",
)  # fmt: skip
_LISTS: Mapping[str, Callable[[ServiceItem], bool]] = MappingProxyType(
    {
        "materials": lambda item: bool(item.materials) or item.without_materials,
        "steps": lambda item: bool(item.steps),
    }
)
#: In the order of the form.
_ASKED = (
    "organisation", "for_whom", "conditions", "materials", "steps", "promised_limit", "fees", "place", "office_hours",
    "phone", "basis",
)  # fmt: skip


def gaps_of(item: ServiceItem) -> list[str]:
    """Return the labels of what the guide does not say, in the order of its form; [] when it is complete."""
    gaps = [item.label_of(name) for name in _ASKED if not _says(item, name)]
    if item.for_whom in ("person", "both") and not item.life_event:
        gaps.append(item.label_of("life_event"))
    if item.for_whom in ("enterprise", "both") and not item.enterprise_event:
        gaps.append(item.label_of("enterprise_event"))
    return gaps


def words_for_gaps(gaps: Sequence[str]) -> str:
    """Return ``gaps`` as one sentence; '' for none."""
    return _t("没有写：%(gaps)s。") % {"gaps": "、".join(gaps)} if gaps else ""


def _says(item: ServiceItem, name: str) -> bool:
    if name in _LISTS:
        return _LISTS[name](item)
    return bool(strip_tags(getattr(item, name)).replace("&nbsp;", " ").strip())
