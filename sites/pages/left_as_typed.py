"""What was typed into a field that cannot hold it: kept with the version, shown again, and told before a review.

A draft is saved whatever stands in it. The column of a number or a date holds no words, so what was typed there is kept
beside the fields in the JSON of the version; the field itself stays what it was. A body keeps what was typed itself.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from wagtail.blocks import StreamValue

from govplatform.refusals import PlacedReason

from .completeness import UNTITLED

#: The key in the JSON of a version. A digest reads fields alone, and nothing is handed in with this.
KEY = "left_as_typed"
#: name of the field -> {"typed": as the browser sent it, None for a body, "said": [[sentence, place], ...]}.
Left = Mapping[str, Mapping[str, Any]]
NOTHING: Left = MappingProxyType({})


def reasons_against_left(page: Any) -> list[str]:
    """Return what has to be put right in ``page``, as it was said when the page was saved, with its place."""
    return [
        PlacedReason(_t("“%(label)s”里填的还不能用：%(said)s") % {"label": _label(page, name), "said": said}, at)
        for name, one in page.left_as_typed.items()
        for said, at in one["said"]
    ]


class LeavesAsTyped:
    """For a form of pages: a field in which something is wrong keeps no draft from being saved."""

    instance: Any
    fields: dict[str, Any]
    initial: dict[str, Any]
    is_bound: bool
    error_class: Any
    _errors: Any

    def begin_with_left(self) -> None:
        """Show what was typed, in place of what the fields could hold. Call at the end of ``__init__``."""
        for name, one in self.instance.left_as_typed.items():
            if name in self.fields and one["typed"] is not None:
                self.initial[name] = one["typed"]

    def full_clean(self) -> None:
        held = _held(self.instance, self.fields)
        super().full_clean()  # type: ignore[misc]
        if self.is_bound:
            self._leave(held)
        else:
            self._say_what_is_left()

    def _leave(self, held: dict[str, Any]) -> None:
        left: dict[str, Any] = {}
        for name in [name for name in self._errors if name in self.fields]:
            typed, errors = self[name].data, self._errors.pop(name).data  # type: ignore[index]
            if isinstance(typed, StreamValue):
                setattr(self.instance, name, typed)
                left[name] = {"typed": None, "said": [[said, at] for error in errors for said, at in _in(error, typed)]}
                continue
            attname = self.instance._meta.get_field(name).attname
            setattr(self.instance, attname, held[attname])
            said = [[said, name] for error in errors for said, _at in _told(error, name)]
            left[name] = {"typed": typed, "said": said}
        if not self.instance.title:
            self.instance.title = UNTITLED
        self.instance.left_as_typed = left

    def _say_what_is_left(self) -> None:
        for name, one in self.instance.left_as_typed.items():
            if name not in self.fields:
                continue
            if one["typed"] is not None:
                self._errors[name] = self.error_class([said for said, _at in one["said"]])
                continue
            try:
                # The error of a body belongs to its blocks.
                self.fields[name].clean(getattr(self.instance, name))
            except ValidationError as error:
                self._errors[name] = self.error_class(error.error_list)


def _held(page: Any, names: Any) -> dict[str, Any]:
    """What the fields of the form hold before anything typed is read."""
    return {field.attname: getattr(page, field.attname) for field in page._meta.concrete_fields if field.name in names}


def _label(page: Any, name: str) -> str:
    return str(page._meta.get_field(name).verbose_name)


def _in(error: Any, blocks: StreamValue) -> Iterator[tuple[str, str]]:
    """Yield (sentence, id of the block) of the error of a body."""
    for number, below in sorted((getattr(error, "block_errors", None) or {}).items()):
        block = blocks[number]
        told = {"number": number + 1, "kind": block.block.label}
        for said, _at in _told(below, ""):
            yield _t("第 %(number)d 块（%(kind)s）：%(said)s") % {**told, "said": said}, str(block.id or "body")
    if not getattr(error, "block_errors", None):
        yield from _told(error, "body")


def _told(error: Any, at: str) -> Iterator[tuple[str, str]]:
    """Yield the sentences of an error and of all errors within it, each once."""
    if error is None:
        return
    inside = getattr(error, "block_errors", None)
    if inside is not None or hasattr(error, "non_block_errors"):
        below = list(inside.values()) if isinstance(inside, Mapping) else list(inside or [])
        for one in [*below, *getattr(error, "non_block_errors", [])]:
            yield from _told(one, at)
    elif isinstance(error, ValidationError):
        yield from ((str(said), at) for said in error.messages)
    elif isinstance(error, list) or hasattr(error, "data"):
        for one in getattr(error, "data", error):
            yield from _told(one, at)
    else:
        yield str(error), at
