"""The tables of a Word document: from XML to rows of cells, and from these to a rectangle of plain text."""

from collections.abc import Callable, Iterator
from typing import Any

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.word.blocks import Block, Cell, Grid, LeftOut, Row
from sites.documents_in.extraction.word.drawings import choose
from sites.documents_in.extraction.word.names import attribute, child, flag, name_of, number, text_in, value

_MOST_ACROSS = 200
_INSIDE = frozenset({"w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo"})


def read_grid(table: Any, left_out: LeftOut, read_cell: Callable[[Any], list[Block]]) -> Grid:
    """Read a w:tbl; read_cell gives the blocks of a w:tc. Rows and cells that are deleted or hidden are counted."""
    rows = []
    for row in _within(table, "w:tr"):
        properties = child(row, "w:trPr")
        removed = "hidden" if flag(properties, "w:hidden") else ""
        if child(properties, "w:del") is not None:
            removed = "deleted"
        if removed:
            left_out.add(removed, text_in(row))
            continue
        cells: list[Cell] = []
        for cell in _within(row, "w:tc"):
            of_cell = child(cell, "w:tcPr")
            if child(of_cell, "w:cellDel") is not None:
                left_out.add("deleted", text_in(cell))
                continue
            if value(of_cell, "w:hMerge") == "continue" and cells:
                cells[-1].across += 1
                cells[-1].blocks += read_cell(cell)
                continue
            merge = child(of_cell, "w:vMerge")
            cells.append(
                Cell(
                    blocks=read_cell(cell),
                    across=min(max(number(value(of_cell, "w:gridSpan"), 1), 1), _MOST_ACROSS),
                    continues=merge is not None and attribute(merge, "w:val", "continue") != "restart",
                )
            )
        if cells:
            before = min(max(number(value(properties, "w:gridBefore")), 0), _MOST_ACROSS)
            rows.append(Row(cells, before=before, header=bool(flag(properties, "w:tblHeader"))))
    return Grid(rows)


def rectangle(
    grid: Grid, limits: ExtractionLimits, text_of: Callable[[list[Block]], str]
) -> tuple[list[list[str]], bool, list[tuple[int, int]]]:
    """Return (rows of texts, whether cells were merged, row and column of the cells that repeat one above).

    A cell over several rows is repeated in each, over several columns it stands in the first. Raises ExtractionRefused
    for too many cells.
    """
    filled: list[list[str]] = []
    repeats: list[tuple[int, int]] = []
    merged = False
    width = 0
    for row in grid.rows:
        texts = [""] * row.before
        for cell in row.cells:
            own = text_of(cell.blocks)
            above = filled[-1][len(texts)] if cell.continues and filled and len(texts) < len(filled[-1]) else ""
            merged = merged or cell.continues or cell.across > 1
            if cell.continues and above and not own:
                repeats.append((len(filled), len(texts)))
            # The lower part of a cell has no text of its own; one that has some keeps it.
            texts += [own or (above if cell.continues else ""), *[""] * (cell.across - 1)]
            width = max(width, len(texts))
            if width * (len(filled) + 1) > limits.table_cells:
                raise ExtractionRefused(
                    said(
                        gettext_noop("表格超过 %(most)s 个单元格。请把数据作为电子表格附件上传。"),
                        most=limits.table_cells,
                    )
                )
        filled.append(texts)
    return [texts + [""] * (width - len(texts)) for texts in filled], merged, repeats


def _within(parent: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, also those inside of controls and insertions."""
    for node in parent:
        found = name_of(node)
        if found == name:
            yield node
        elif found in _INSIDE:
            yield from _within(node, name)
        elif found == "mc:AlternateContent":
            chosen = choose(node)
            if len(chosen):
                yield from _within(chosen, name)
