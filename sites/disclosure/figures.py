"""The field of statutory tables: how its figures are kept, typed and compared."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import FieldPanel

from .statutory import TABLES, Figure, LaidOut, cells_to_fill, code_of, laid_out, read_figure


class FiguresWidget(forms.Widget):
    """All tables at once, a box for each cell that somebody fills in."""

    class Media:
        css = {"all": ["disclosure/figures.css"]}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        sent = {code: data.get(f"{name}-{code}") for code in _codes()}
        return {code: str(typed) for code, typed in sent.items() if typed is not None}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}-{code}" in data for code in _codes())

    def id_for_label(self, id_: str, index: Any = None) -> str:
        # There is no one box that a label could lead to.
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        typed: dict[str, Any] = value if isinstance(value, dict) else {}
        read, _wrong = figures_of({code: str(text) for code, text in typed.items()})
        shown = {code: text for code, text in typed.items() if str(text) not in ("", "0")}
        tables = [_to_fill_in(laid_out(table, read), shown) for table in TABLES.values()]
        return render_to_string("disclosure_console/figures.html", {"tables": tables, "name": name})


class FiguresFormField(forms.Field):
    """Figures as typed -> as kept. What is no figure is named by its cell, and stays as it was typed."""

    widget = FiguresWidget

    def clean(self, value: Any) -> dict[str, Any]:
        figures, wrong = figures_of(value or {})
        if wrong:
            told = "；".join(wrong)
            raise forms.ValidationError(
                _("这些格子要填不小于 0 的整数（金额可有两位小数）：%(cells)s。没有的填 0 或不填。") % {"cells": told}
            )
        return figures

    def has_changed(self, initial: Any, data: Any) -> bool:
        return figures_of(data or {}) != ({code: value for code, value in (initial or {}).items() if value}, [])


class FiguresField(models.JSONField):
    """``{code of a cell: figure}`` without those that are 0."""

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{**kwargs, "form_class": FiguresFormField, "required": False})


class FiguresComparison(FieldComparison):
    """What differs, cell by cell."""

    def htmldiff(self) -> SafeString:
        before, after = self.val_a or {}, self.val_b or {}
        named = _names()
        changed = [code for code in _codes() if before.get(code, 0) != after.get(code, 0)]
        return format_html_join(
            "",
            '<div>{}：<span class="deletion">{}</span> <span class="addition">{}</span></div>',
            ((named[code], before.get(code, 0), after.get(code, 0)) for code in changed),
        )


class FiguresPanel(FieldPanel):
    def get_comparison_class(self) -> Any:
        return FiguresComparison


def figures_of(typed: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return (figures as they are kept, names of the cells whose text is no figure)."""
    figures: dict[str, Any] = {}
    wrong = []
    for table in TABLES.values():
        for row, column in cells_to_fill(table):
            code = code_of(table, row, column)
            read = read_figure(table, str(typed.get(code) or ""))
            if read is None:
                wrong.append(f"{table.caption}：{_names()[code]}")
            elif read:
                figures[code] = read
    return figures, wrong


def _codes() -> list[str]:
    return [code_of(table, row, column) for table in TABLES.values() for row, column in cells_to_fill(table)]


def _names() -> dict[str, str]:
    shown = (laid_out(table, {}) for table in TABLES.values())
    return {figure.code: figure.name for table in shown for _heads, figures in table.body for figure in figures}


def _to_fill_in(table: LaidOut, typed: Mapping[str, Any]) -> dict[str, Any]:
    def box(figure: Figure) -> dict[str, Any]:
        return {"figure": figure, "typed": typed.get(figure.code, "")}

    body = [(heads, [box(figure) for figure in figures]) for heads, figures in table.body]
    return {"caption": table.caption, "head": table.head, "body": body}
