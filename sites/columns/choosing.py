"""The fields in which columns of the site are chosen, in the order of the tree."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Column

_UNKNOWN = _("本站没有这个栏目，请重新选择。")


def indented_title(column: Any) -> str:
    """The title of a column, behind as many blanks as there are columns above it."""
    # The home page is depth 2, columns begin at 3.
    return f"{'　' * (column.depth - 3)}{column.title}"


class ColumnChoice(forms.ModelChoiceField):
    """One column. The form says which there are (``queryset``) when it is made."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("请选择栏目。"), "invalid_choice": _UNKNOWN}
        super().__init__(Column.objects.none(), **{"empty_label": None, "error_messages": messages, **kwargs})

    def label_from_instance(self, obj: Any) -> str:
        return indented_title(obj)


class ColumnChoices(forms.ModelMultipleChoiceField):
    """Any number of columns, none among them, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid_choice": _UNKNOWN, "invalid_pk_value": _UNKNOWN}
        given = {"required": False, "widget": forms.CheckboxSelectMultiple, "error_messages": messages, **kwargs}
        super().__init__(Column.objects.none(), **given)

    def label_from_instance(self, obj: Any) -> str:
        return indented_title(obj)
