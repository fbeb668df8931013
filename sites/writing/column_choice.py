"""The field in which a column of the site is chosen, in the order of the tree."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.columns.models import Column


class ColumnChoice(forms.ModelChoiceField):
    """One column. The form says which there are (``queryset``) when it is made."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("请选择栏目。"), "invalid_choice": _("本站没有这个栏目，请重新选择。")}
        super().__init__(queryset=Column.objects.none(), **{"empty_label": None, "error_messages": messages, **kwargs})

    def label_from_instance(self, obj: Any) -> str:
        # The home page is depth 2, columns begin at 3.
        return f"{'　' * (obj.depth - 3)}{obj.title}"
