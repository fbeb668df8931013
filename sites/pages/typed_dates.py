"""Dates and times that are typed: what cannot be read stays as it was typed, and those that people write are read.

Wagtail's calendar puts the present moment in place of what it cannot read as soon as one leaves the field: whoever
typed 2026年3月2日 had today's date in the document.
"""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

_DATES = ("%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d")
_TIMES = ("", " %H:%M", " %H:%M:%S", "%H:%M")


class TypedDateInput(AdminDateInput):
    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "validateOnBlur": False}


class TypedDateTimeInput(AdminDateTimeInput):
    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "validateOnBlur": False}


def keep_as_typed(fields: dict[str, forms.Field]) -> None:
    """Have dates and times read as people write them, and kept as they were typed where they cannot be."""
    for field in fields.values():
        if isinstance(field, forms.DateTimeField):
            field.input_formats = [f"{day}{time}" for time in _TIMES for day in _DATES]
            field.widget = TypedDateTimeInput(field.widget.attrs)
        elif isinstance(field, forms.DateField):
            field.input_formats = list(_DATES)
            field.widget = TypedDateInput(field.widget.attrs)
