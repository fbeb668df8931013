"""What was typed into a field that cannot hold it: kept with the version, shown again, and told before a review.

A draft is saved whatever stands in it. The column of a number or a date holds no words, so what was typed there is kept
beside the fields in the JSON of the version; the field itself stays what it was. A body keeps what was typed itself, so
whether it may be shown is asked of the body whenever it matters, by whichever way it came into the version.
"""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from modelcluster.models import get_field_value
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField

from govplatform.refusals import PlacedReason

from .completeness import UNTITLED

#: The key in the JSON of a version. A digest reads fields alone, and nothing is handed in with this.
KEY = "left_as_typed"
#: name of the field -> {"typed": as the browser sent it, None for a body, "said": [[sentence, place], ...],
#: "held": what the field held instead, as JSON}.
Left = Mapping[str, Mapping[str, Any]]
NOTHING: Left = MappingProxyType({})


#: A sentence may repeat what was typed, of any length, and all of them are kept with the version.
_LONGEST_SENTENCE = 300


def left_of(model: Any, left: Left | None) -> Left:
    """Return what is ``left`` in fields that a kind of page has: a version may be of the kind that it was before."""
    named = {field.name for field in model._meta.concrete_fields}
    return {name: one for name, one in (left or NOTHING).items() if name in named} or NOTHING


def still_left(page: Any) -> dict[str, Any]:
    """Return what is left but for fields that an act has filled in since: a time that was planned, a copy's title."""
    return {
        name: dict(one)
        for name, one in page.left_as_typed.items()
        if "held" not in one or one["held"] == _held_by(page, name)
    }


def _held_by(page: Any, name: str) -> str:
    return json.dumps(get_field_value(page._meta.get_field(name), page), cls=DjangoJSONEncoder)


def reasons_against_left(page: Any) -> list[str]:
    """Return what has to be put right in ``page``, with its place.

    Of a field it is what was said when the page was saved, of a body what its blocks say now.
    """
    said = [
        (name, *told) for name, one in page.left_as_typed.items() if one["typed"] is not None for told in one["said"]
    ]
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            said += [(field.name, *told) for told in _faults_of(field.stream_block, getattr(page, field.name))]
    return [
        PlacedReason(_t("“%(label)s”里填的还不能用：%(said)s") % {"label": _label(page, name), "said": sentence}, at)
        for name, sentence, at in said
    ]


def _faults_of(block: Any, value: StreamValue) -> list[tuple[str, str]]:
    """What the blocks of a body refuse. What they lack is told elsewhere (``completeness``)."""
    try:
        block.clean(value)
    except ValidationError as error:
        return list(_in(error, value))
    return []


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
            if name in self.fields and one["typed"] is not None and not _is_chosen(self.fields[name]):
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
                left[name] = {"typed": None, "said": [list(told) for error in errors for told in _in(error, typed)]}
                continue
            attname = self.instance._meta.get_field(name).attname
            setattr(self.instance, attname, held[attname])
            said = [[_sentence(one), name] for error in errors for one in _told(error)]
            left[name] = {"typed": typed, "said": said}
        if not self.instance.title:
            self.instance.title = UNTITLED
        for name, one in left.items():
            # An address is given by itself as soon as there is none.
            if one["typed"] is not None and name != "slug":
                one["held"] = _held_by(self.instance, name)
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


def _is_chosen(field: Any) -> bool:
    """Whether the number of a row is sent for a field: nobody typed it, and a chooser shows what is stored."""
    return isinstance(field, forms.ModelChoiceField)


def _held(page: Any, names: Any) -> dict[str, Any]:
    """What the fields of the form hold before anything typed is read."""
    return {field.attname: getattr(page, field.attname) for field in page._meta.concrete_fields if field.name in names}


def _label(page: Any, name: str) -> str:
    return str(page._meta.get_field(name).verbose_name)


def _in(error: Any, blocks: StreamValue) -> Iterator[tuple[str, str]]:
    """Yield (sentence, id of the block) of the error of a body, but for what its blocks lack."""
    for number, below in sorted((getattr(error, "block_errors", None) or {}).items()):
        block = blocks[number]
        told = {"number": number + 1, "kind": block.block.label}
        for said in _told(below):
            if said.code != "required":
                words = _t("第 %(number)d 块（%(kind)s）：%(said)s") % {**told, "said": _sentence(said)}
                yield words, str(block.id or "body")
    if not getattr(error, "block_errors", None):
        yield from ((_sentence(said), "body") for said in _told(error))


def _sentence(said: ValidationError) -> str:
    return Truncator(said.messages[0]).chars(_LONGEST_SENTENCE)


def _told(error: Any) -> Iterator[ValidationError]:
    """Yield every single error of an error and of all within it."""
    if error is None:
        return
    inside = getattr(error, "block_errors", None)
    if inside is not None or hasattr(error, "non_block_errors"):
        below = list(inside.values()) if isinstance(inside, Mapping) else list(inside or [])
        for one in [*below, *getattr(error, "non_block_errors", [])]:
            yield from _told(one)
    elif isinstance(error, ValidationError) and not hasattr(error, "message"):
        yield from (one for below in error.error_list for one in _told(below))
    elif isinstance(error, ValidationError):
        yield error
    elif isinstance(error, list) or hasattr(error, "data"):
        for one in getattr(error, "data", error):
            yield from _told(one)
    else:
        yield ValidationError(str(error))
