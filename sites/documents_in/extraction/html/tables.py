"""The reading of HTML tables as rectangles of plain text."""

from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import NavigableString, Tag

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.html.elements import BLOCKS
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.spacing import close_breaks, raised, tidy

MAX_SPAN = 200
TOO_MANY_CELLS = gettext_noop("表格超过 %(most)s 个单元格。请把数据作为电子表格附件上传。")
BREAKS = (BLOCKS - {"table"}) | {"br", "tr"}
_BREAK = "\x00"


def own_rows(table: Tag) -> list[Tag]:
    """Return the rows of this table, not those of tables inside it."""
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def own_cells(row: Tag) -> list[Tag]:
    """Return the cells of this row, not those of tables inside it."""
    return [cell for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row]


@dataclass
class Table:
    """A table as a rectangle. repeats, merged: as of an Element."""

    rows: list[list[str]]
    header: bool
    caption: str
    merged: list[tuple[int, int, int, int]]
    repeats: list[tuple[int, int]]


def read_table(table: Tag, limits: ExtractionLimits) -> Table:
    """Read a table.

    A cell over several rows is repeated in each, so that every row can be read alone; over several
    columns it stands in the first. A table inside a cell becomes lines of that cell's text. A first row of one
    cell over the whole width is the caption where there is none. Raises ExtractionRefused for too many cells.
    """
    grid: dict[tuple[int, int], str] = {}
    repeats: list[tuple[int, int]] = []
    merged: list[tuple[int, int, int, int]] = []
    rows = own_rows(table)
    width = 0
    for y, row in enumerate(rows):
        x = 0
        for cell in own_cells(row):
            while (y, x) in grid:
                x += 1
            across, down = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - y)
            text = cell_text(cell)
            if len(grid) + across * down > limits.table_cells:
                raise ExtractionRefused(said(TOO_MANY_CELLS, most=limits.table_cells))
            repeats += [(y + dy, x) for dy in range(1, down) if text]
            if across > 1 or down > 1:
                merged.append((y, x, down, across))
            for dy in range(down):
                for dx in range(across):
                    grid[(y + dy, x + dx)] = text if dx == 0 else ""
            x += across
            width = max(width, x)
    matrix = [[grid.get((y, x), "") for x in range(width)] for y in range(len(rows))]
    caption_tag = table.find("caption")
    caption = tidy(caption_tag.get_text(" ")) if isinstance(caption_tag, Tag) else ""
    header = _has_header(table, rows)
    full_width = bool(rows) and width > 1 and len(own_cells(rows[0])) == 1
    if full_width and not caption and len(matrix) > 1:
        caption, matrix = matrix[0][0], matrix[1:]
        repeats = [(y - 1, x) for y, x in repeats if y]
        merged = [(y - 1, x, down, across) for y, x, down, across in merged if y]
        header = _has_header(table, rows[1:])
    return Table(matrix, header, caption, merged, [place for place in repeats if place[0] < len(matrix)])


def cell_text(cell: Tag) -> str:
    """Return the plain text of a cell; its paragraphs and inner rows separated by a line feed."""
    lines = [close_breaks(line) for line in "".join(text_pieces(cell)).split(_BREAK)]
    return "\n".join(line for line in lines if line)


def text_pieces(tag: Tag) -> Iterator[str]:
    """Yield the texts in a tag, a break where a block begins or ends, a blank around an inner cell."""
    for node in tag.children:
        if isinstance(node, Tag):
            around = " " if node.name in ("td", "th") else _BREAK if node.name in BREAKS else ""
            yield around
            if node.name in ("sup", "sub"):
                yield raised(node.get_text(), node.name)
            else:
                yield from text_pieces(node)
            yield around
        elif type(node) is NavigableString:
            # Scripts, styles and comments are strings of their own kinds.
            yield str(node)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() else 1


def _has_header(table: Tag, rows: list[Tag]) -> bool:
    if not rows:
        return False
    cells = own_cells(rows[0])
    if not cells:
        return False
    if rows[0].find_parent("thead") is not None or all(cell.name == "th" for cell in cells):
        return True
    # Without a mark: a first row set in bold throughout, unlike the next one.
    return len(rows) > 1 and _all_bold(cells) and not _all_bold(own_cells(rows[1]))


def _all_bold(cells: list[Tag]) -> bool:
    return bool(cells) and all(
        tidy(cell.get_text())
        and tidy(cell.get_text()) == tidy("".join(b.get_text() for b in cell.find_all(["b", "strong"])))
        for cell in cells
    )
