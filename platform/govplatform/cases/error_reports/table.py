"""Error reports as a table of the national platform (我为政府网站找错): its columns, and one row read with its faults.

The columns stand in docs/features/error-reports.md. Nothing here writes anything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.spreadsheets.faults import Fault, columns_twice
from govplatform.spreadsheets.reading import plain_cell
from govplatform.spreadsheets.writing import unguarded

from ..models import Case, ErrorKind, ErrorReport
from ..models.error_report import NATIONAL_WORDS
from .intake import ErrorLetter, read_error

SHEET = "网民找错"
#: Name -> heading, in the order in which they are written; the first five are read.
HEADINGS = MappingProxyType(
    {
        "national_number": "编号",
        "url": "问题网址",
        "kind": "问题类型",
        "text": "问题描述",
        "submitted": "提交时间",
        "site": "网站名称",
        "identity_code": "网站标识码",
        "state": "办理状态",
        "forwarded": "转办时间",
        "due": "答复期限",
        "late": "是否超期",
        "organisation": "答复单位",
        "answered": "答复时间",
        "answer": "答复内容",
        "number": "本平台编号",
    }
)
NEEDED = ("national_number", "url", "kind", "text", "submitted")
#: Other headings that are read as one of ours.
_ALSO = MappingProxyType(
    {
        "留言编号": "national_number",
        "问题页面网址": "url",
        "网址": "url",
        "问题内容": "text",
        "留言内容": "text",
        "留言时间": "submitted",
    }
)
_FIELDS = MappingProxyType({**{heading: name for name, heading in HEADINGS.items()}, **_ALSO})
KNOWN_HEADINGS = tuple(_FIELDS)
WIDTHS = (20, 50, 12, 60, 18, 24, 14, 14, 18, 18, 10, 24, 18, 60, 14)
_KINDS = MappingProxyType({**{str(kind.label): kind for kind in ErrorKind}, **NATIONAL_WORDS})
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,40}")
_ROUNDED = re.compile(r"[0-9.]+[eE]\+?[0-9]+")
_TIME = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.0+)?)?")
#: What no cell of a workbook holds.
_NO_CELL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Characters; a spreadsheet has no longer cells.
_CELL = 32_000


@dataclass(frozen=True)
class Row:
    """A row that can be taken. ``submitted_at``: when it came in at the national platform."""

    line: int
    national_number: str
    letter: ErrorLetter
    submitted_at: datetime


def known_kinds() -> list[str]:
    """Return every word that a table may have for what is wrong."""
    return list(_KINDS)


def read_headings(table: Sequence[tuple[int, list[str]]]) -> list[str]:
    """Return the name of each column, '' for one that is not read. Raises Refused where one is missing or twice."""
    names = [_FIELDS.get(cell.strip(), "") for cell in table[0][1]] if table else []
    missing = [HEADINGS[name] for name in NEEDED if name not in names]
    if missing:
        raise Refused(_("表头缺少这些列：%(names)s。") % {"names": "、".join(missing)})
    if twice := columns_twice(names, {name: HEADINGS[name] for name in NEEDED}):
        raise Refused(twice)
    return names


def read_row(line: int, names: Sequence[str], cells: Sequence[str]) -> Row | list[Fault]:
    """Return the row, or everything that is wrong with it."""
    given = {name: unguarded(plain_cell(cell.strip())) for name, cell in zip(names, cells, strict=False) if name}
    number, kind = given.get("national_number", ""), given.get("kind", "")
    faults = []
    if reason := _reason_against_number(number):
        faults.append(Fault(line, HEADINGS["national_number"], reason))
    if kind not in _KINDS:
        told = {"kind": kind[:20], "kinds": "、".join(_KINDS)}
        faults.append(Fault(line, HEADINGS["kind"], _("“%(kind)s”不认识，可以写：%(kinds)s。") % told))
    submitted_at = _moment(given.get("submitted", ""))
    if submitted_at is None:
        faults.append(Fault(line, HEADINGS["submitted"], _("请写成 2026-03-02 09:30 的样子。")))
    elif submitted_at > timezone.now():
        faults.append(Fault(line, HEADINGS["submitted"], _("晚于现在，请核对。")))
    letter: ErrorLetter | None = None
    try:
        error_kind = _KINDS.get(kind, ErrorKind.OTHER)
        letter = read_error(error_kind, given.get("url", ""), given.get("text", ""), any_host=True)
    except Refused as refusal:
        places = {"page": HEADINGS["url"], "text": HEADINGS["text"]}
        faults += [Fault(line, places.get(getattr(one, "at", ""), ""), _said(one)) for one in refusal.reasons]
    if faults or letter is None or submitted_at is None:
        return faults
    return Row(line, number, letter, submitted_at)


def as_cells(report: ErrorReport) -> list[str]:
    """Return the row that is written of ``report``: what was reported, how far it is, and its answer."""
    case = report.case
    said: dict[str, str] = {
        "national_number": report.national_number or "",
        "url": report.url,
        "kind": report.get_error_kind_display(),
        "text": case.text,
        "submitted": _told(report.national_at or case.submitted_at),
        "site": report.site.full_name if report.site is not None else "",
        "identity_code": (report.site.identity_code or "") if report.site is not None else "",
        "state": case.get_state_display(),
        "forwarded": _told(case.accepted_at),
        "due": _told(case.due_at if case.accepted_at is not None else case.accept_due),
        "late": _("是") if case.is_late else _("否"),
        "organisation": case.organisation.full_name if case.organisation is not None else "",
        "answered": _told(case.ended_at),
        "answer": case.answer if case.state == Case.State.REPLIED else case.closing_reason,
        "number": case.number,
    }
    return [_NO_CELL.sub("", said[name])[:_CELL] for name in HEADINGS]


# --- inside ------------------------------------------------------------------------------


def _reason_against_number(number: str) -> str:
    if not number:
        return _("请填写。")
    if _ROUNDED.fullmatch(number):
        return _("“%(number)s”已被表格软件改成科学计数，后面的数字丢了：请把这一列设为文本后重新填写。") % {
            "number": number
        }
    if not _NUMBER.fullmatch(number):
        return _("只含字母、数字和横线，最多 40 个字。")
    return ""


def _said(reason: str) -> str:
    """A reason of the form without the name of the field, which the column names."""
    return reason.partition("：")[2] or reason


def _moment(text: str) -> datetime | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone.get_current_timezone())
    except (ValueError, OverflowError):
        return None


def _told(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d H:i") if moment is not None else ""
