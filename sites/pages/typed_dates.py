"""Dates and times that are typed: what cannot be read stays as it was typed, and those that people write are read.

Wagtail's calendar puts the present moment in place of what it cannot read as soon as one leaves the field: whoever
typed 2026年3月2日 had today's date in the document.
"""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from govplatform.days import FIRST, LAST

_DATES = ("%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d")
_TIMES = ("", " %H:%M", " %H:%M:%S", "%H:%M")


class _AsPeopleType:
    """Figures and signs may be of full width, as a Chinese keyboard gives them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)  # type: ignore[misc]
        return unicodedata.normalize("NFKC", typed) if isinstance(typed, str) else typed

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "validateOnBlur": False}  # type: ignore[misc]


class TypedDateInput(_AsPeopleType, AdminDateInput):
    pass


class TypedDateTimeInput(_AsPeopleType, AdminDateTimeInput):
    pass


def _within_our_time(value: date) -> None:
    """Refuse years of no document: the first days of the calendar are none in the time that the database keeps."""
    if not FIRST.year <= value.year <= LAST.year:
        told = {"first": FIRST.year, "last": LAST.year}
        raise ValidationError(_t("年份应在 %(first)d 年至 %(last)d 年之间，请核对。") % told)


def keep_as_typed(fields: dict[str, forms.Field]) -> None:
    """Have dates and times read as people write them, and kept as they were typed where they cannot be."""
    for field in fields.values():
        if isinstance(field, forms.DateField | forms.DateTimeField):
            field.validators = [*field.validators, _within_our_time]
        if isinstance(field, forms.DateTimeField):
            field.input_formats = [f"{day}{time}" for time in _TIMES for day in _DATES]
            field.widget = TypedDateTimeInput(field.widget.attrs)
        elif isinstance(field, forms.DateField):
            field.input_formats = list(_DATES)
            field.widget = TypedDateInput(field.widget.attrs)
