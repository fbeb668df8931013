"""A dictionary as a table: the headings of its columns, and the rules for its rows. Knows no model and no database."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from govplatform.spreadsheets.faults import Fault
from govplatform.spreadsheets.writing import unguarded

from .effective import comparable_word

#: Field -> heading; the first columns of every export, in this order.
HEADINGS = MappingProxyType(
    {
        "word": "词语",
        "kind": "类别",
        "severity": "程度",
        "suggestion": "建议",
        "effective_from": "生效日期",
        "effective_until": "失效日期",
        "note": "备注",
    }
)
_HEADINGS_TO_FIELDS = {
    **{heading: field for field, heading in HEADINGS.items()},
    **{field: field for field in HEADINGS},
    "词": "word",
    "错误表述": "word",
    "正确表述": "suggestion",
    "建议用语": "suggestion",
}
#: Every word that a column may be headed by.
HEADINGS_KNOWN = frozenset(_HEADINGS_TO_FIELDS)
KIND_WORDS = {"wrong": "错误表述", "sensitive": "敏感词"}
SEVERITY_WORDS = {"block": "必须处理", "warn": "需要判断", "info": "提示"}
_KINDS = {**{label: code for code, label in KIND_WORDS.items()}, **{code: code for code in KIND_WORDS}}
_SEVERITIES = {
    **{label: code for code, label in SEVERITY_WORDS.items()},
    **{code: code for code in SEVERITY_WORDS},
    "阻断": "block",
    "警告": "warn",
}
#: Below two characters nearly every page would hold it.
WORD_LENGTHS = (2, 50)
LENGTHS = MappingProxyType({"suggestion": 200, "note": 500})
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")


@dataclass(frozen=True, slots=True)
class WordRow:
    """A checked word out of a file or form. Days are ``YYYY-MM-DD`` or ''; ``line`` of the file, 0 for a form."""

    line: int
    word: str
    kind: str
    severity: str
    suggestion: str
    effective_from: str
    effective_until: str
    note: str

    @property
    def form(self) -> str:
        """The word as it is compared (``effective.comparable_word``)."""
        return comparable_word(self.word)

    def fields(self) -> dict[str, Any]:
        """The values for the fields of ``Word``, by name; days as dates or None."""
        values = {name: getattr(self, name) for name in HEADINGS}
        for name in ("effective_from", "effective_until"):
            values[name] = datetime.date.fromisoformat(values[name]) if values[name] else None
        return values

    def as_list(self) -> list[Any]:
        return list(astuple(self))


def read_rows(
    table: Sequence[tuple[int, Sequence[str]]], bad: Mapping[int, str] = MappingProxyType({})
) -> tuple[list[WordRow], list[Fault]]:
    """Check ``table``, (line, cells) each with the headings first; return its words and its faults.

    ``bad``: line -> why that row says nothing certain. Skips empty rows.
    """
    rows: list[WordRow] = []
    faults: list[Fault] = []
    if not table:
        return [], [Fault(1, "", _("文件是空的。第一行应为表头，例如：%(headings)s。") % {"headings": headings_line()})]
    line, cells = table[0]
    columns, faults = _read_headings(line, cells)
    if faults:
        return [], faults
    for line, cells in table[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if line in bad:
            faults.append(Fault(line, "", bad[line]))
            continue
        row, wrong = _read_row(line, cells, columns)
        faults += wrong
        if row is not None:
            rows.append(row)
    if not rows and not faults:
        faults.append(Fault(table[0][0], "", _("表头下面没有词语。")))
    return rows, faults


def headings_line() -> str:
    """All headings in one line, for messages."""
    return "、".join(HEADINGS.values())


def check_values(line: int, given: dict[str, str]) -> tuple[WordRow | None, list[Fault]]:
    """Check the texts ``given`` by field name; return the row, or None and the faults of all fields."""
    faults: list[Fault] = []
    values = {name: given.get(name, "").strip() for name in HEADINGS}
    for name, text in values.items():
        if any(unicodedata.category(character) in {"Cc", "Cs", "Cf", "Co", "Zl", "Zp"} for character in text):
            faults.append(_fault(line, name, _("含有换行、控制符或看不见的字符，请删去。")))
    length, form = len(values["word"]), comparable_word(values["word"])
    if not form:
        faults.append(_fault(line, "word", _("没有填写词语。")))
    elif length > WORD_LENGTHS[1] or len(form) < WORD_LENGTHS[0] or len(form) > 200:
        faults.append(
            _fault(
                line,
                "word",
                _("词语应为 %(least)d 至 %(most)d 个字符，现为 %(length)d 个。")
                % {"least": WORD_LENGTHS[0], "most": WORD_LENGTHS[1], "length": length},
            )
        )
    elif not any(unicodedata.category(character)[0] in "LN" for character in form):
        faults.append(_fault(line, "word", _("词语里没有文字或数字。")))
    for name, most in LENGTHS.items():
        if len(values[name]) > most:
            faults.append(
                _fault(
                    line,
                    name,
                    _("最多 %(most)d 个字符，现为 %(length)d 个。") % {"most": most, "length": len(values[name])},
                )
            )
    kind = _choice(line, "kind", values["kind"] or "wrong", _KINDS, KIND_WORDS.values(), faults)
    severity = _choice(line, "severity", values["severity"] or "warn", _SEVERITIES, SEVERITY_WORDS.values(), faults)
    if form and comparable_word(values["suggestion"]) == form:
        faults.append(_fault(line, "suggestion", _("建议与词语相同，请填写应当改用的表述，或留空。")))
    first = _day(line, "effective_from", values["effective_from"], faults)
    last = _day(line, "effective_until", values["effective_until"], faults)
    if first and last and last < first:
        faults.append(_fault(line, "effective_until", _("失效日期早于生效日期。")))
    if faults:
        return None, faults
    return WordRow(line, values["word"], kind, severity, values["suggestion"], first, last, values["note"]), []


def _read_headings(line: int, cells: Sequence[str]) -> tuple[dict[int, str], list[Fault]]:
    columns: dict[int, str] = {}
    faults: list[Fault] = []
    for index, cell in enumerate(cells):
        heading = "".join(unicodedata.normalize("NFKC", cell).split()).strip("*")
        if not heading:
            continue
        field = _HEADINGS_TO_FIELDS.get(heading)
        shown = heading[:20]
        if field is None:
            faults.append(
                Fault(line, shown, _("不认识的表头。可用的表头：%(headings)s。") % {"headings": headings_line()})
            )
        elif field in columns.values():
            faults.append(Fault(line, shown, _("这一列出现了两次，请只保留一列。")))
        else:
            columns[index] = field
    if "word" not in columns.values():
        faults.append(
            Fault(
                line,
                HEADINGS["word"],
                _("第一行没有“词语”这个表头。可用的表头：%(headings)s。") % {"headings": headings_line()},
            )
        )
    return columns, faults


def _read_row(line: int, cells: Sequence[str], columns: dict[int, str]) -> tuple[WordRow | None, list[Fault]]:
    outside = [index for index, cell in enumerate(cells) if cell.strip() and index not in columns]
    if outside:
        reason = _("第 %(number)d 列没有表头却有内容，可能是词语或建议里多了分隔符。") % {"number": outside[0] + 1}
        return None, [Fault(line, "", reason)]
    given = {field: unguarded(cells[index]) for index, field in columns.items() if index < len(cells)}
    return check_values(line, given)


def _choice(line: int, name: str, text: str, known: dict[str, str], labels: Iterable[str], faults: list[Fault]) -> str:
    if text not in known:
        faults.append(
            _fault(
                line,
                name,
                _("不认识“%(text)s”，应为：%(known)s。") % {"text": text[:20], "known": "、".join(labels)},
            )
        )
        return ""
    return known[text]


def _day(line: int, name: str, text: str, faults: list[Fault]) -> str:
    if not text:
        return ""
    match = _DAY.fullmatch(text)
    if match is not None:
        try:
            return datetime.date(*(int(part) for part in match.groups())).isoformat()
        except ValueError:
            pass
    faults.append(_fault(line, name, _("“%(text)s”不是日期，应写作 2026-01-31。") % {"text": text[:20]}))
    return ""


def _fault(line: int, name: str, reason: str) -> Fault:
    return Fault(line, HEADINGS[name], reason)
