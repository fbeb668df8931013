"""The table of a body: cells of plain text in rows, some of which go over several rows or columns."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

MOST_CELLS = 20_000
MOST_IN_A_CELL = 2000
#: How the cells of a column stand; "" is the usual way, to the left.
ALIGNMENTS = ("", "center", "right")
#: [row, column, rows, columns] of a cell that goes over several.
Merged = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown. rows, columns: over how many it goes; align: one of ``ALIGNMENTS``."""

    text: str
    rows: int = 1
    columns: int = 1
    align: str = ""


class TableValue(blocks.StructValue):
    """The value of a table, with its cells laid out for a template."""

    def laid_out(self) -> list[list[Cell]]:
        """Return the rows of cells that are shown; those under a merged one are not."""
        rows = [[str(cell or "") for cell in row] for row in self.get("rows") or []]
        spans = {(y, x): (down, across) for y, x, down, across in fitting(self.get("merged") or [], rows)}
        covered = set(covered_by(((y, x, *span) for (y, x), span in spans.items())))
        alignment = list(self.get("alignment") or [])
        return [
            [
                Cell(text, *spans.get((y, x), (1, 1)), align=alignment[x] if x < len(alignment) else "")
                for x, text in enumerate(row)
                if (y, x) not in covered
            ]
            for y, row in enumerate(rows)
        ]

    def head(self) -> list[list[Cell]]:
        """Return the rows that name the columns: the first, and those that its cells reach into."""
        return self.laid_out()[: self._rows_of_head()]

    def body(self) -> list[list[Cell]]:
        """Return the rows below the head."""
        return self.laid_out()[self._rows_of_head() :]

    def _rows_of_head(self) -> int:
        if not self.get("header_row"):
            return 0
        first = self.laid_out()[:1]
        return max((cell.rows for row in first for cell in row), default=len(first))


def fitting(merged: Merged, rows: Sequence[Sequence[Any]]) -> list[tuple[int, int, int, int]]:
    """Return those of ``merged`` that lie within ``rows`` and not over each other; others say nothing."""
    taken: set[tuple[int, int]] = set()
    kept: list[tuple[int, int, int, int]] = []
    width = max((len(row) for row in rows), default=0)
    for cell in merged:
        if len(cell) != 4 or not all(isinstance(number, int) for number in cell):
            continue
        y, x, down, across = cell
        inside = y >= 0 and x >= 0 and down >= 1 and across >= 1 and y + down <= len(rows) and x + across <= width
        if not inside or down * across == 1:
            continue
        places = {(y + dy, x + dx) for dy in range(down) for dx in range(across)}
        if not places & taken:
            taken |= places
            kept.append((y, x, down, across))
    return kept


def spread(rows: Sequence[Sequence[tuple[str, int, int]]]) -> tuple[list[list[str]], list[list[int]]]:
    """Return (full rows, merged cells) of rows of (text, rows, columns) as HTML writes them, without covered places."""
    places: dict[tuple[int, int], str] = {}
    merged: list[list[int]] = []
    for y, row in enumerate(rows):
        x = 0
        for text, wanted, across in row:
            while (y, x) in places:
                x += 1
            down = min(wanted, len(rows) - y)
            places |= {(y + dy, x + dx): "" for dy in range(down) for dx in range(across)}
            places[y, x] = text
            if down > 1 or across > 1:
                merged.append([y, x, down, across])
            x += across
    width = max((x + 1 for _y, x in places), default=0)
    return [[places.get((y, x), "") for x in range(width)] for y in range(len(rows))], merged


def covered_by(merged: Any) -> Iterator[tuple[int, int]]:
    """Yield (row, column) of the places that lie under merged cells, without the cells themselves."""
    for y, x, down, across in merged:
        yield from ((y + dy, x + dx) for dy in range(down) for dx in range(across) if dy or dx)


class TableBlock(blocks.StructBlock):
    """A table whose cells are plain text: without HTML nothing can hide in a cell.

    The rows are a full rectangle of texts, whatever is merged, so whoever reads the text of a table reads its rows
    alone; nothing stands under a merged cell. In the editor it is one grid (``sites.writing``), which sends all of it
    as one field.
    """

    #: Tables were cleared before these were there; ``review.gate.canonical`` leaves them out where they say nothing.
    digest_defaults: ClassVar[dict[str, Any]] = {"merged": [], "alignment": []}

    caption = blocks.CharBlock(label=_("表题"), required=False, max_length=200)
    header_row = blocks.BooleanBlock(label=_("首行是表头"), required=False, default=True)
    rows = blocks.ListBlock(
        blocks.ListBlock(blocks.CharBlock(label=_("单元格"), required=False, max_length=MOST_IN_A_CELL), label=_("行")),
        label=_("内容"),
    )
    merged = blocks.ListBlock(
        blocks.ListBlock(blocks.IntegerBlock(min_value=0)), label=_("合并的单元格"), default=[], required=False
    )
    alignment = blocks.ListBlock(
        blocks.CharBlock(required=False, max_length=6), label=_("各列对齐"), default=[], required=False
    )

    #: Rows without a word at the end of a table may be there to be filled in on paper.
    drops_blank_rows: ClassVar[bool] = False

    class Meta:
        label = _("表格")
        icon = "table"
        template = "blocks/table.html"
        value_class = TableValue

    def get_form_state(self, value: Any) -> dict[str, Any]:
        """Return the table as plain JSON, which the grid edits and sends back."""
        return {
            "caption": value.get("caption") or "",
            "header_row": bool(value.get("header_row")),
            "rows": [[str(cell or "") for cell in row] for row in value.get("rows") or []],
            "merged": [list(cell) for cell in value.get("merged") or []],
            "alignment": list(value.get("alignment") or []),
        }

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        try:
            sent = json.loads(data.get(f"{prefix}-grid") or "{}")
        except (ValueError, RecursionError):
            sent = {}
        table = as_table(sent if isinstance(sent, dict) else {})
        return self.normalize(without_blank_end(table, rows=self.drops_blank_rows))

    def value_omitted_from_data(self, data: Any, files: Any, prefix: str) -> bool:
        return f"{prefix}-grid" not in data

    def clean(self, value: Any) -> Any:
        rows = [[str(cell or "") for cell in row] for row in value.get("rows") or []]
        if sum(len(row) for row in rows) > MOST_CELLS:
            raise _refused(_t("表格超过 %(most)d 个单元格。请把数据作为电子表格附件上传。") % {"most": MOST_CELLS})
        for y, row in enumerate(rows, 1):
            for x, cell in enumerate(row, 1):
                if len(cell) > MOST_IN_A_CELL:
                    told = {"row": y, "column": x, "count": len(cell), "most": MOST_IN_A_CELL}
                    raise _refused(
                        _t("第 %(row)d 行第 %(column)d 列有 %(count)d 字，一个单元格最多 %(most)d 字，请拆分。") % told
                    )
        return super().clean(value)


def as_table(sent: dict[str, Any]) -> dict[str, Any]:
    """Return what a grid sent (or a pasted table) as the value of a table: a full rectangle, nothing under a merged
    cell, nothing merged that does not fit. Whatever is of another kind than it should be counts as empty.
    """
    rows = [[_text(cell) for cell in row] for row in _list(sent.get("rows")) if isinstance(row, list)]
    width = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    merged = fitting([cell for cell in _list(sent.get("merged")) if isinstance(cell, list)], rows)
    for y, x in covered_by(merged):
        rows[y][x] = ""
    alignment = [how if how in ALIGNMENTS else "" for how in map(_text, _list(sent.get("alignment")))][:width]
    return {
        "caption": _text(sent.get("caption")).strip(),
        "header_row": sent.get("header_row") is True,
        "rows": rows,
        "merged": [list(cell) for cell in merged],
        "alignment": alignment if any(alignment) else [],
    }


def without_blank_end(table: dict[str, Any], *, rows: bool) -> dict[str, Any]:
    """Return ``table`` without the columns at its right end that have neither name nor word: a new grid has more of
    them than anybody fills in. With ``rows``, blank ones at its lower end go too. A blank table stays as it is.
    """
    cells = table["rows"]
    said = [(y, x) for y, row in enumerate(cells) for x, cell in enumerate(row) if cell.strip()]
    said += [(y + down - 1, x + across - 1) for y, x, down, across in table["merged"]]
    if not said or not table["header_row"]:
        return table
    height = max(y for y, _x in said) + 1 if rows else len(cells)
    width = max(x for _y, x in said) + 1
    alignment = table["alignment"][:width]
    kept = [row[:width] for row in cells[:height]]
    return {**table, "rows": kept, "alignment": alignment if any(alignment) else []}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _refused(message: str) -> blocks.StructBlockValidationError:
    return blocks.StructBlockValidationError(non_block_errors=[ValidationError(message)])
