"""The table of sites: its columns with their Chinese and English headings, and reading and writing it.

Knows no database; whether a row can be opened is checked in ``checking``.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.spreadsheets.writing import unguarded, write_table

SHEET = "站点"
#: Rows of one table: what a province brings in one go, several times over.
ROWS = 5_000


@dataclass(frozen=True)
class Column:
    """A column of the table.

    ``field``: of ``NewSite``; ``heading``: as we write it; ``also``: headings also understood.
    """

    field: str
    heading: str
    also: tuple[str, ...] = ()
    required: bool = False
    width: int = 16
    example: str = ""


COLUMNS = (
    Column("full_name", "网站全称", ("name", "网站名称", "站点名称"), required=True, width=32),
    Column("short_name", "简称", ("short name", "网站简称")),
    Column("code", "站点代码", ("site code",), required=True, example="shili"),
    Column("identity_code", "网站标识码", ("identity code", "标识码"), example="5301000009"),
    Column("kind", "类别", ("网站类别",), required=True, example="门户网站"),
    Column("level", "层级", ("网站层级",), required=True, example="县级"),
    Column("parent_code", "上级站点", ("parent", "parent code", "上级站点代码")),
    Column("host", "公众访问域名", ("公众域名", "域名"), required=True, width=28, example="www.shili.example"),
    Column("console_host", "管理后台域名", ("console host", "后台域名"), width=28),
    Column("organiser", "主办单位", ("organizer",), width=28, example="示例县人民政府办公室"),
    Column("undertaker", "承办单位", width=28),
    Column("responsible_person", "负责人", ("responsible person",)),
    Column("contact", "联系方式", width=24, example="0000-0000000"),
    Column("icp_number", "ICP备案号", ("icp number", "icp"), width=24),
    Column("police_record_number", "公安备案号", ("police record number",), width=28),
    Column("theme", "主题"),
    Column("rule_pack", "规则包", ("rule pack",)),
    Column("words_reason", "文字的说明理由", ("words reason", "说明理由"), width=24),
)
HEADINGS = {column.field: column.heading for column in COLUMNS}
#: Headings of the file with the faulty rows: passed over when it comes back corrected.
LINE_HEADING, FAULT_HEADING = "原行号", "问题"
#: How the full name of a template's example begins; such a row is no site.
EXAMPLE_MARK = "（示例"
EXAMPLE_NAME = "（示例，填写时请删去本行）某省示例县人民政府"


def _comparable(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).split()).strip("*").lower().replace("_", "").replace("-", "")


_FIELDS = {
    _comparable(name): column.field for column in COLUMNS for name in (column.field, column.heading, *column.also)
}
_PASSED_OVER = {_comparable(LINE_HEADING), _comparable(FAULT_HEADING)}


@dataclass(frozen=True)
class Fault:
    """Why line ``row`` of the file cannot be taken; ``column``: its heading, "" for the line as a whole."""

    row: int
    column: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class TableRow:
    """A line of the table.

    ``given``: texts of its cells by field, without blanks at the ends; '' without such a column.
    """

    line: int
    given: Mapping[str, str]


@dataclass(frozen=True)
class SiteTable:
    """A table that was read. ``faults``: of its headings or its length; then it has no rows.

    ``examples``: numbers of the lines that were left out because they are our own example.
    ``notes``: what a person has to know of how the file was read.
    """

    rows: list[TableRow]
    faults: list[Fault]
    examples: list[int]
    notes: tuple[str, ...] = ()


def read_site_rows(lines: Sequence[tuple[int, Sequence[str]]]) -> SiteTable:
    """Read ``lines``, (line, cells) each with the headings first, into a table."""
    if not lines:
        text = _("文件是空的。第一行应为表头，例如：%(headings)s。")
        return SiteTable([], [Fault(1, "", text % {"headings": _headings_line()})], [])
    line, cells = lines[0]
    columns, faults = _read_headings(line, cells)
    if faults:
        return SiteTable([], faults, [])
    rows, examples = [], []
    for number, texts in lines[1:]:
        given = {field: _text(texts[index]) if index < len(texts) else "" for field, index in columns.items()}
        if not any(given.values()):
            continue
        if given["full_name"].startswith(EXAMPLE_MARK):
            examples.append(number)
            continue
        rows.append(TableRow(number, {field: given.get(field, "") for field in HEADINGS}))
    if not rows:
        faults = [Fault(line, "", _("表头下面没有站点。"))]
    elif len(rows) > ROWS:
        faults = [Fault(line, "", _("超过 %(most)d 行，请拆分成几份。") % {"most": ROWS})]
    return SiteTable([] if faults else rows, faults, examples)


def _read_headings(line: int, cells: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    columns: dict[str, int] = {}
    faults: list[Fault] = []
    for index, cell in enumerate(cells):
        heading = _comparable(cell)
        if not heading or heading in _PASSED_OVER:
            continue
        field = _FIELDS.get(heading)
        shown = cell.strip()[:20]
        if field is None:
            faults.append(Fault(line, shown, _("不认识的表头。可用的表头：%(known)s。") % {"known": _headings_line()}))
        elif field in columns:
            faults.append(Fault(line, shown, _("这一列出现了两次，请只保留一列。")))
        else:
            columns[field] = index
    for column in COLUMNS:
        if column.required and column.field not in columns:
            faults.append(Fault(line, column.heading, _("缺少这一列。可以下载空表，照着填写。")))
    return columns, faults


def _headings_line() -> str:
    return "、".join(HEADINGS.values())


def _text(cell: str) -> str:
    return unguarded(cell).strip().strip("\u3000\ufeff")


# --- written out ---------------------------------------------------------------------------


def template_file(kind: str) -> bytes:
    """Return an empty table with one example row, as ``kind`` (csv, xlsx)."""
    example = {column.field: column.example for column in COLUMNS} | {
        "full_name": EXAMPLE_NAME,
        "console_host": f"shili.{settings.CONSOLE_PARENT_DOMAIN}",
        "theme": _("县区"),
        "rule_pack": "national",
    }
    table = [list(HEADINGS.values()), [example[field] for field in HEADINGS]]
    return write_table(table, kind, sheet=SHEET, widths=[column.width for column in COLUMNS])


def faults_file(rows: Iterable[tuple[int, Mapping[str, str], Sequence[str]]], kind: str) -> bytes:
    """Return a table of ``rows``, (line, given, reasons) each, as ``kind``, to be corrected and uploaded again."""
    table = [[LINE_HEADING, *HEADINGS.values(), FAULT_HEADING]]
    for line, given, reasons in rows:
        table.append([str(line), *(given.get(field, "") for field in HEADINGS), "；".join(reasons)])
    return write_table(table, kind, sheet=SHEET, widths=[8, *(column.width for column in COLUMNS), 60])
