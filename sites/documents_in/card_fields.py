"""What a person may set in the card of a file before its draft is made, by hand, by option or from a table.

What is typed is kept as typed and read when the draft is made, so that nothing is lost that cannot be read yet.
"""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from sites.columns.models import Column
from sites.pages.content_page import ContentPage
from sites.pages.known_values import known_values
from sites.policies.models import PolicyDocument

from .extraction import ExtractedDocument
from .extraction.recognition.dates import parse_date
from .extraction.recognition.document_numbers import normalise_number
from .models import ImportItem
from .page_building import page_model

#: field -> its name in a card, in an option and in the heading of a table of corrections.
LABELS: Mapping[str, Any] = MappingProxyType(
    {
        "title": _l("标题"),
        "document_number": _l("发文字号"),
        "issued_by": _l("发文机关"),
        "issued_on": _l("成文日期"),
        "source": _l("来源"),
    }
)
#: Fields that stand among the texts which are compared with the file (``original_compared``).
_SHOWN = ("title", "document_number")
#: Kept as typed whatever it is, up to here; no field is as long.
LONGEST = 1000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBERED = re.compile(r"[0-9０-９〇○零一二三四五六七八九十百]")


def fields_for(column: Column) -> list[str]:
    """Return the fields that pages of ``column`` have; a document number of others goes to the head of their text."""
    policy = page_model(column) is PolicyDocument
    return [name for name in LABELS if policy or name not in ("issued_by", "issued_on")]


def proposed_values(item: ImportItem, column: Column, *, source: str = "") -> dict[str, str]:
    """Return what a card begins with: what was recognised, with the file's name and the column's source where nothing
    was. ``source``: of the column, where it is known already.
    """
    found = item.recognised
    values = {name: str(found.get(name) or "") for name in LABELS}
    values["title"] = values["title"] or item.filename.rpartition(".")[0] or item.filename
    values["source"] = values["source"] or values["issued_by"] or source or known_values(column)["source"]
    return values


def shown_values(item: ImportItem, column: Column, *, source: str = "") -> dict[str, str]:
    """Return what stands in the fields of a card: what was typed, else what is proposed (see ``proposed_values``)."""
    return {
        **proposed_values(item, column, source=source),
        **{name: text for name, text in item.given.items() if name in LABELS},
    }


def kept_as_typed(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a card among ``typed`` as they are kept; everything else is passed over."""
    kept = {name: str(typed[name]).replace("\x00", "")[:LONGEST] for name in LABELS if name in typed}
    return {name: " ".join(text.split()) for name, text in kept.items()}


def read_typed(typed: Mapping[str, str], column: Column) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (values by field, sentences by field on what cannot be taken) of what was typed for a page of ``column``.

    A date becomes a ``date``, an empty one None; a document number its proper form.
    """
    model = page_model(column)
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in fields_for(column):
        if name not in typed:
            continue
        text = str(typed[name]).strip()
        told = {"label": LABELS[name], "text": text[:60]}
        if _CONTROL.search(text):
            wrong[name] = _("“%(label)s”里有看不见的控制字符，请删去后重新填写。") % told
        elif name == "issued_on":
            values[name] = day = _read_day(text)
            if text and day is None:
                wrong[name] = _("“%(label)s”填的“%(text)s”不是存在的日期，请写成 2026-03-02，不知道就留空。") % told
        else:
            values[name] = normalise_number(text) if name == "document_number" else text
            if sentence := _reason_against(name, values[name], model, told):
                wrong[name] = sentence
    return values, wrong


def values_given(item: ImportItem, column: Column) -> dict[str, Any]:
    """Return what a person set for ``item``, as values; what cannot be read is left as it was recognised."""
    values, wrong = read_typed(item.given, column)
    return {name: value for name, value in values.items() if name not in wrong}


def correct(document: ExtractedDocument, values: Mapping[str, Any]) -> None:
    """Put ``values`` in the place of what was recognised. What a person wrote is nothing the file would have to say."""
    for name, value in values.items():
        if getattr(document, name) == value:
            continue
        setattr(document, name, value)
        if value and name in _SHOWN:
            document.put_in.append(str(value))


def _reason_against(name: str, text: str, model: type[ContentPage], told: Mapping[str, Any]) -> str:
    if name == "title" and not text:
        return _("“%(label)s”不能为空，请填写后再建稿。") % told
    if name == "document_number" and text and not _NUMBERED.search(text):
        return _("“%(label)s”填的“%(text)s”里没有编号，应如“云政办发〔2026〕3号”；没有文号就留空。") % told
    most = _longest(name, model)
    if len(text) > most:
        return _("“%(label)s”最多 %(most)d 个字，现在有 %(length)d 个，请改短。") % {
            **told,
            "most": most,
            "length": len(text),
        }
    return ""


def _longest(name: str, model: type[ContentPage]) -> int:
    holder = model if name in ("title", "source") else PolicyDocument
    return int(holder._meta.get_field(name).max_length or 0)  # type: ignore[union-attr]


def _read_day(text: str) -> date | None:
    return parse_date(text.strip("（）() 　"))
