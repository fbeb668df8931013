"""Reading a table that somebody sent. It is parsed in a guarded process: the file may be anything."""

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from govplatform.guarded import GuardedFailure, guarded_target, run_guarded
from govplatform.refusals import Refused
from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.encodings import decode_strictly
from govplatform.untrusted_files.faults import FaultKind, FileFault
from govplatform.untrusted_files.xml_limits import WithoutDoctype
from govplatform.untrusted_files.zip_limits import (
    Total,
    ZipLimits,
    check_directory,
    check_names,
    open_member,
    open_zip,
)

from .columns import column_name
from .layout import Layout, Spreading, read_layout

FORMATS = ("csv", "xlsx")
FILE_BYTES = 10 * 1024 * 1024
LIMITS = ZipLimits(
    members=500,
    total_bytes=200 * 1024 * 1024,
    member_bytes=200 * 1024 * 1024,
    ratio=250,
    ratio_from_bytes=24 * 1024 * 1024,
)
ROWS = 50_000
COLUMNS = 50
CELL_CHARACTERS = 2_000
SECONDS, MEMORY_MB, OUTPUT_MB = 60, 500, 64
_DELIMITERS = (",", "\t", ";", "，", "|")
#: How a spreadsheet keeps a number's leading noughts as text: ="0871".
_TEXT_FORMULA = re.compile(r'=\s*+"((?:[^"]|"")*+)"\s*+')
#: Hidden rows named one by one, the others by their number.
_NAMED = 20
#: So many rows of a title may stand above the headings.
_TITLE_ROWS = 10
_TOO_LARGE = gettext_noop("这份表格解开后过大，请只保留要导入的这一张工作表，另存后重试。")
_BROKEN = gettext_noop("这不是 XLSX 文件，或者文件已损坏、加密。请用原软件打开并另存一份后重试。")
_FAULTS: dict[FaultKind, str] = {
    "bomb": _TOO_LARGE,
    "too many": _TOO_LARGE,
    "entities": gettext_noop("这份表格含有不允许的文档类型声明，无法导入。"),
}


# --- outside -----------------------------------------------------------------------------


class Table(list[tuple[int, list[str]]]):
    """(line, cells) of each row.

    ``notes``: what a person has to know of how they were read, in Chinese. ``bad``: line -> why the row there says
    nothing certain, in Chinese; without ``headings`` such a row refuses the whole table.
    """

    notes: tuple[str, ...] = ()
    bad: dict[int, str]


def plain_cell(cell: str) -> str:
    """The text of a cell that a spreadsheet wrote as a formula which is that text and nothing else: ="0871"."""
    found = _TEXT_FORMULA.fullmatch(cell)
    return cell if found is None else found[1].replace('""', '"')


def read_table(path: Path, filename: str, *, sheet: str, headings: Collection[str] = ()) -> Table:
    """(line, cells) of the CSV or XLSX file at ``path``, empty lines left out; ``filename`` tells which it is.

    ``sheet``: the worksheet of a workbook that has one of that name; else its first visible one. A cell that is merged
    over several rows counts for each of them; hidden rows and columns are read and named in ``notes``.
    ``headings``: words of which one at least stands alone in a cell of the row of headings. With them, rows above that
    row (a title) are left out and named in ``notes``, and a row with a formula or a cell over several columns is
    ``bad`` while the others are read.
    Raises Refused, in Chinese, for whatever cannot be read, cells merged over several columns among it.
    """
    # The guarded process imports this module too, and has no use for Django.
    from django.utils.translation import gettext as _

    suffix = Path(filename).suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise Refused(_("只能导入 CSV 或 XLSX 文件；旧格式的表格请另存为 XLSX。"))
    try:
        size = path.stat().st_size if path.is_file() else -1
    except (OSError, ValueError):
        size = -1
    if size < 0:
        raise Refused(_("无法读取文件，请核对路径和权限。"))
    if size > FILE_BYTES:
        raise Refused(_("文件超过 %(size)s MB，请拆分成几份后导入。") % {"size": FILE_BYTES // 1024 // 1024})
    arguments = {"path": str(path.resolve()), "format": suffix, "sheet": sheet, "headings": sorted(headings)}
    try:
        answer = run_guarded(
            "govplatform.spreadsheets.reading.parse_table",
            arguments,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
            output_mb=OUTPUT_MB,
        )
    except GuardedFailure as failure:
        raise Refused(_(failure.message)) from failure
    if refusal := answer.get("refused"):
        raise Refused(_(refusal) % answer["values"])
    table = Table((int(line), [str(cell) for cell in cells]) for line, cells in answer["rows"])
    table.notes = tuple(_(note) % values for note, values in answer["notes"])
    table.bad = {int(line): _(reason) % values for line, reason, values in answer["bad"]}
    return table


# --- inside the guarded process ------------------------------------------------------------


class Unreadable(Exception):
    """The reason is for the person who gave the file: a sentence of the catalogue, and what stands in it."""

    def __init__(self, sentence: str, **values: int | str) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values


@guarded_target
def parse_table(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return ``{"rows": [[line, [cell, ...]], ...], "notes", "bad"}``, or ``{"refused", "values"}``.

    ``arguments``: ``{"path", "format", "sheet", "headings"}``.
    """
    path, headings = Path(arguments["path"]), frozenset(arguments["headings"])
    layout, bad = Layout(), Bad()
    read = _xlsx_rows(path, arguments["sheet"], layout, bad) if arguments["format"] == "xlsx" else _csv_rows(path)
    rows: list[tuple[int, list[str]]] = []
    try:
        for line, cells in read:
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) > COLUMNS:
                raise Unreadable(
                    gettext_noop("第 %(line)s 行有 %(count)s 列，最多 %(most)s 列。"),
                    line=line,
                    count=len(cells),
                    most=COLUMNS,
                )
            if any(len(cell) > CELL_CHARACTERS for cell in cells):
                raise Unreadable(
                    gettext_noop("第 %(line)s 行有一格超过 %(most)s 个字符，太长了，请核对文件。"),
                    line=line,
                    most=CELL_CHARACTERS,
                )
            if cells:
                rows.append((line, cells))
            if len(rows) > ROWS + 1 + _TITLE_ROWS:
                raise Unreadable(gettext_noop("超过 %(most)s 行，请拆分成几份后导入。"), most=ROWS)
        above = _above_headings(rows, headings)
        del rows[: len(above)]
        if len(rows) > ROWS + 1:
            raise Unreadable(gettext_noop("超过 %(most)s 行，请拆分成几份后导入。"), most=ROWS)
        first = rows[0][0] if rows else 0
        for line, reason in sorted(bad.items()):
            # A title may be whatever it is. Headings of which nobody knows what they say are the whole table's fault.
            if not headings or line == first:
                raise reason
    except Unreadable as reason:
        return {"refused": reason.sentence, "values": reason.values}
    named = {line for line, _cells in rows}
    return {
        "rows": rows,
        "notes": [*_left_out(above), *_hidden(rows, layout)],
        "bad": [(line, one.sentence, one.values) for line, one in sorted(bad.items()) if line in named],
    }


class Bad(dict[int, Unreadable]):
    """Line -> why the row there says nothing certain; the first reason counts."""

    def note(self, line: int, sentence: str, **values: int | str) -> None:
        self.setdefault(line, Unreadable(sentence, line=line, **values))


def _above_headings(rows: list[tuple[int, list[str]]], headings: frozenset[str]) -> list[tuple[int, list[str]]]:
    """Return the rows above the one with the headings; none where no row has any, or it is the first."""
    for place, (_line, cells) in enumerate(rows[: _TITLE_ROWS + 1]):
        # As people write them: with a star for what must be filled in, with blanks between the characters.
        if headings & {"".join(unicodedata.normalize("NFKC", cell).split()).strip("*") for cell in cells}:
            return rows[:place]
    return []


def _left_out(above: list[tuple[int, list[str]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for line, cells in above:
        said = next((cell.strip() for cell in cells if cell.strip()), "")
        yield (
            gettext_noop("第 %(line)s 行在表头之上，是标题或说明，没有读入：%(said)s"),
            {"line": line, "said": said[:40]},
        )


def _hidden(rows: list[tuple[int, list[str]]], layout: Layout) -> Iterator[tuple[str, dict[str, Any]]]:
    """(sentence, values) on rows and columns that have something in them and that nobody sees."""
    lines = [line for line, _cells in rows if line in layout.hidden_rows]
    if lines:
        shown = "、".join(map(str, lines[:_NAMED])) + (" …" if len(lines) > _NAMED else "")
        sentence = gettext_noop("表格有 %(count)s 行是隐藏的，也已读入，请核对：第 %(lines)s 行。")
        yield sentence, {"count": len(lines), "lines": shown}
    filled = {at for _line, cells in rows for at, cell in enumerate(cells, 1) if cell.strip()}
    columns = [column_name(at) for at in sorted(filled) if layout.hides_column(at)]
    if columns:
        sentence = gettext_noop("表格有 %(count)s 列是隐藏的，也已读入，请核对：%(columns)s 列。")
        yield sentence, {"count": len(columns), "columns": "、".join(columns)}


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _decode(path.read_bytes())
    csv.field_size_limit(FILE_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [plain_cell(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(gettext_noop("第 %(line)s 行起的引号没有成对，无法分列，请改正后重试。"), line=line) from error


def _decode(raw: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM (a spreadsheet's “Unicode text”), GB18030."""
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        text = decode_strictly(raw, encoding)
        if text is not None and "\x00" not in text:
            return text
    raise Unreadable(gettext_noop("认不出文件的编码，请另存为 UTF-8 或 GB18030 编码的 CSV，或 XLSX。"))


def _delimiter(text: str) -> str:
    """The one that parts the headings; a comma when there is but one column."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda mark: (first.count(mark), mark == ","))


def _xlsx_rows(path: Path, wanted: str, layout: Layout, bad: "Bad") -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    _check_archive(path)
    try:
        # By stream: openpyxl judges a path by its ending, and an upload's copy has none. It closes with the process.
        book = load_workbook(path.open("rb"), read_only=True, data_only=False, keep_links=False)
        sheet = _sheet(book, wanted)
        with book._archive.open(sheet._worksheet_path) as part:
            seen = read_layout(part)
    except Unreadable:
        raise
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise Unreadable(
            gettext_noop("无法打开这份表格，文件可能已损坏或加密。请用原软件打开并另存一份后重试。")
        ) from error
    layout.hidden_rows, layout.hidden_columns = seen.hidden_rows, seen.hidden_columns
    spreading = _spreading(seen, bad)
    # What the file says of its own size is the file's word only.
    sheet.reset_dimensions()
    for line, cells in enumerate(sheet.iter_rows(max_col=COLUMNS + 1), start=1):
        texts = []
        for number, cell in enumerate(cells, start=1):
            text = plain_cell(str(cell.value)) if cell.data_type == "f" else _cell_text(cell.value)
            if cell.data_type == "f" and text == str(cell.value):
                bad.note(line, gettext_noop("第 %(line)s 行第 %(column)s 列是公式，请改为文字后重试。"), column=number)
            texts.append(text)
        spreading.spread(line, texts)
        yield line, texts


def _spreading(layout: Layout, bad: Bad) -> Spreading:
    """What spreads the merged cells. Over several columns nobody can say which of them the text is meant for."""
    if layout.too_many:
        raise Unreadable(_TOO_LARGE)
    wide = [one for one in layout.merged if one.first_column < one.last_column]
    for one in wide:
        for line in range(one.first_row, min(one.last_row, one.first_row + ROWS) + 1):
            sentence = gettext_noop("单元格 %(cells)s 横跨几列合并在一起，看不出内容属于哪一列，请取消合并后重试。")
            bad.note(line, sentence, cells=one.name)
            if len(bad) > ROWS:
                raise Unreadable(_TOO_LARGE)
    return Spreading([one for one in layout.merged if one.first_column == one.last_column])


def _sheet(book: Any, wanted: str) -> Any:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Unreadable(gettext_noop("这份表格没有可见的工作表。"))
    named = [sheet for sheet in visible if sheet.title == wanted]
    return (named or visible)[0]


def _check_archive(path: Path) -> None:
    spend = Total(LIMITS.total_bytes)
    try:
        with open_zip(path) as archive:
            parts = archive.infolist()
            check_directory(parts, LIMITS)
            check_names(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    stream = WithoutDoctype(open_member(archive, part, LIMITS, spend))
                    while stream.read():
                        pass
    except FileFault as fault:
        raise Unreadable(_FAULTS.get(fault.kind, _BROKEN)) from fault


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
