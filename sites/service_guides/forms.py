"""The form of 导入办事指南."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from govplatform.spreadsheets.uploads import table_field
from sites.columns.models import Column, ColumnType
from sites.columns.writing_rights import columns_to_write


class ImportForm(forms.Form):
    """A table, and the column of services that the drafts stand in."""

    column: forms.ModelChoiceField[Column] = forms.ModelChoiceField(
        queryset=Column.objects.none(),
        label=_("栏目"),
        empty_label=None,
        error_messages={"required": _("请选择栏目。"), "invalid_choice": _("请选择列出的栏目。")},
    )
    file = table_field(_("表格"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns_to_write(user).filter(  # type: ignore[attr-defined]
            column_type=ColumnType.SERVICES, live=True
        )
