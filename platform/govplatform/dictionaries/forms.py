"""Forms of the dictionary's screens; what they take is checked again by the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from govplatform.spreadsheets.uploads import table_field

from .models import AllowedValue, Word
from .value_rules import VALUE_CHARACTERS
from .word_table import HEADINGS, LENGTHS, WORD_LENGTHS, check_values


class _DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WordForm(forms.Form):
    """The form of one word; it finds the same faults as an import."""

    word = forms.CharField(label=_("词语"), max_length=WORD_LENGTHS[1])
    kind = forms.ChoiceField(label=_("类别"), choices=Word.Kind.choices, initial=Word.Kind.WRONG)
    severity = forms.ChoiceField(label=_("程度"), choices=Word.Severity.choices, initial=Word.Severity.WARN)
    suggestion = forms.CharField(
        label=_("建议"),
        max_length=LENGTHS["suggestion"],
        required=False,
        help_text=_("应当改用的表述，审查时一并提示。"),
    )
    effective_from = forms.DateField(
        label=_("生效日期"), required=False, widget=_DayInput(), help_text=_("含当日；留空表示立即生效。")
    )
    effective_until = forms.DateField(
        label=_("失效日期"), required=False, widget=_DayInput(), help_text=_("含当日；留空表示长期有效。")
    )
    note = forms.CharField(
        label=_("备注"), max_length=LENGTHS["note"], required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors:
            return given
        _row, faults = check_values(0, self.texts())
        fields = {heading: name for name, heading in HEADINGS.items()}
        for fault in faults:
            self.add_error(fields.get(fault.column), fault.reason)
        return given

    def texts(self) -> dict[str, str]:
        """The values by name, as the actions take them: texts, days ``YYYY-MM-DD``."""
        return {name: "" if value is None else str(value) for name, value in self.cleaned_data.items()}


class ImportForm(forms.Form):
    """The form that uploads a dictionary file."""

    file = table_field(_("词库文件"))


class AllowForm(forms.Form):
    """The form that puts a value on the allow-list."""

    kind = forms.ChoiceField(label=_("类别"), choices=AllowedValue.Kind.choices)
    value = forms.CharField(
        label=_("内容"), max_length=VALUE_CHARACTERS, help_text=_("例如公开的热线电话、办公地址、单位邮箱。")
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        help_text=_("为什么可以公开，记入审计。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
