"""The forms of 网站设置."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from govplatform.lifecycle.site_facts import NO, YES
from govplatform.lifecycle.site_record import FILED, SITE_RECORD
from govplatform.review.frame.forms import reason_field
from govplatform.tenancy.models import Tenant
from sites.columns.models import Column
from sites.home.layout import PARTS, PICTURE, ROWS, SECTIONS, Row, sections_of
from sites.media.fields import PictureField
from themes.registry import PALETTES, THEMES

#: Words of the record that are not filed: a site's administrator proposes them here.
PROPOSED = tuple(name for name in SITE_RECORD.texts if name not in FILED)
COLUMN_FIELDS = (
    "title", "description", "keywords", "column_type", "list_template", "show_in_menus", "update_duty",
    "update_limit_days", "responsible_unit",
)  # fmt: skip
#: Rows beyond those that are filled; more come when the form is saved.
_BLANK_ROWS = 3


class WordsForm(forms.ModelForm):  # type: ignore[type-arg]
    """简称, 承办单位 and the numbers in the footer."""

    frame_reason = reason_field()

    class Meta:
        model = Tenant
        fields = PROPOSED


class LookForm(forms.Form):
    """Look and colours, each with a sample."""

    theme = forms.ChoiceField(label=_("主题"), widget=forms.RadioSelect)
    colours = forms.ChoiceField(label=_("配色"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [(code, THEMES[code].label) for code in settings.THEME_CODES]  # type: ignore[attr-defined]
        own = [("", _("主题自带的配色"))]
        self.fields["colours"].choices = [*own, *((code, PALETTES[code]) for code in settings.COLOUR_CODES)]  # type: ignore[attr-defined]


class TraditionalForm(forms.Form):
    """Pages in traditional characters, and the site's own words for them."""

    traditional = forms.ChoiceField(label=_("繁体页面"), choices=[(NO, _("关闭")), (YES, _("开启"))])
    traditional_words = forms.CharField(
        label=_("繁体用词"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("每行一个词，写成“原词=繁体写法”；人名、地名等不转换的词单独写一行。例如：复核=覆核"),
    )


class ColumnForm(forms.ModelForm):  # type: ignore[type-arg]
    frame_reason = reason_field()

    class Meta:
        model = Column
        fields = COLUMN_FIELDS

    field_order = ("title", "description", "keywords", "frame_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["show_in_menus"].label = _("在导航中显示")
        self.fields["show_in_menus"].help_text = _("不勾选时，公众仍可从网站地图和链接打开。")

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in COLUMN_FIELDS}

    def _post_clean(self) -> None:
        # The act asks what the model would, with the words of the frame; the column at hand stays as it is stored.
        return


class SectionForm(forms.Form):
    """One section of the home page: shown or not, in which form, at which place."""

    shown = forms.BooleanField(label=_("显示"), required=False)
    form = forms.ChoiceField(label=_("样式"))
    place = forms.IntegerField(label=_("位置"), min_value=1, max_value=99)


def section_rows(stored: list[str], data: Any = None) -> list[dict[str, Any]]:
    """``[{"section", "form"}]``: all sections, those that are shown first, each with its form."""
    shown = {section.code: form for section, form in sections_of(stored)}
    order = [*shown, *(code for code in SECTIONS if code not in shown)]
    rows = []
    for place, code in enumerate(order, 1):
        section = SECTIONS[code]
        initial = {"shown": code in shown, "form": shown.get(code, next(iter(section.forms))), "place": place}
        form = SectionForm(data, prefix=code, initial=initial)
        form.fields["form"].choices = list(section.forms.items())  # type: ignore[attr-defined]
        rows.append({"section": section, "form": form})
    return rows


def sections_asked(rows: list[dict[str, Any]]) -> list[str]:
    """``["policies:pairs", …]`` of valid rows, by their places; rows of one place in the order of the screen."""
    placed = sorted(rows, key=lambda row: row["form"].cleaned_data["place"])
    return [
        f"{row['section'].code}:{row['form'].cleaned_data['form']}"
        for row in placed
        if row["form"].cleaned_data["shown"]
    ]


def rows_formset(name: str, rows: list[Row], *args: Any) -> BaseFormSet[Any]:
    """A formset for the list ``name`` of the home page, with blank rows for more, up to as many as it may have.

    A row of pictures takes a new file; ``image`` is the number of the one that it has.
    """
    spec = ROWS[name]
    fields: dict[str, forms.Field] = {}
    labels: dict[str, Any] = dict(PARTS)
    for part in spec.parts:
        if part == PICTURE:
            fields["image"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
            fields["upload"] = PictureField(label=labels[part], required=False)  # knows its limit
        elif part == "until":
            fields[part] = forms.DateField(
                label=labels[part], required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            )
        else:
            fields[part] = forms.CharField(label=labels[part], required=False, max_length=300)
    form = type("RowForm", (forms.Form,), fields)
    extra = max(0, min(_BLANK_ROWS, spec.most - len(rows)))
    formset: Any = formset_factory(form, extra=extra, can_order=spec.most > 1, can_delete=True, max_num=spec.most)
    made: BaseFormSet[Any] = formset(*args, initial=rows, prefix="rows")
    return made
