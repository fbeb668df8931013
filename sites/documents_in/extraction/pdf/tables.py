"""The tables of a PDF page: with all their rules, with some, or with horizontal ones only."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfplumber.page import Page
from pdfplumber.table import TableFinder

from sites.documents_in.extraction.pdf.chars import Char, PageChars, upright
from sites.documents_in.extraction.pdf.lines import Line, lines_of, rows_of
from sites.documents_in.extraction.spacing import join_lines

Box = tuple[float, float, float, float]
NEAR = 3.0
#: Rules beyond this many (a third of it where each counts once), or at so many crossings, belong to a drawing.
MOST_RULES = 20_000
MOST_CROSSINGS = 4_000
_WORD = re.compile(r"[!-~]+")
_GAP = 0.9


@dataclass
class FoundTable:
    """A table. box: x0, top, x1, bottom in points; rows: cells as text, with a line feed between their paragraphs."""

    box: Box
    rows: list[list[str]]


def find_tables(page: Page, found: PageChars) -> tuple[list[FoundTable], bool]:
    """Return (tables with at least two rows and two columns, from the top down; whether the rules were too many)."""
    rules = _rules(page)
    if not rules:
        return [], rules is TOO_MANY
    chars = [char for turned in found.raw.values() for char in turned]
    finder = TableFinder(page, _settings(rules, chars)) if any(rule.vertical for rule in rules) else None
    tables = []
    for table in finder.tables if finder else ():
        rows = _cells(page, found, [row.cells for row in table.rows], table.bbox)
        if len(rows) >= 2 and len(rows[0]) >= 2:
            tables.append(FoundTable(table.bbox, rows))
    tables += _without_verticals(page, found, rules, [table.box for table in tables])
    return sorted(tables, key=lambda table: (table.box[1], table.box[0])), False


@dataclass
class _Rule:
    vertical: bool
    place: float
    first: float
    last: float


#: Instead of rules.
TOO_MANY: list[_Rule] = []


def _rules(page: Page) -> list[_Rule]:
    if not (page.lines or page.rects or page.curves):
        return []
    edges = page.edges
    if len(edges) > MOST_RULES:
        return TOO_MANY
    # The sides of neighbouring cells are drawn twice.
    found: dict[tuple[bool, float, float, float], _Rule] = {}
    for edge in edges:
        vertical = edge["orientation"] == "v"
        place, first, last = ("x0", "top", "bottom") if vertical else ("top", "x0", "x1")
        if edge["orientation"] in ("v", "h") and edge[last] - edge[first] >= 1:
            key = vertical, round(edge[place]), round(edge[first]), round(edge[last])
            found.setdefault(key, _Rule(vertical, edge[place], edge[first], edge[last]))
    rules = list(found.values())
    if len(rules) > MOST_RULES // 3:
        return TOO_MANY
    places = {(rule.vertical, round(rule.place / NEAR)) for rule in rules}
    upright = sum(vertical for vertical, _ in places)
    return rules if upright * (len(places) - upright) <= MOST_CROSSINGS else TOO_MANY


def _settings(rules: list[_Rule], chars: list[Char]) -> dict[str, Any]:
    """Return the finder's settings, with the outer rules that a table lacks although text stands there."""
    added: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for group in _connected(rules):
        for vertical in (True, False):
            along = [rule for rule in group if rule.vertical == vertical]
            across = [rule for rule in group if rule.vertical != vertical]
            if not along or len({round(rule.place / NEAR) for rule in across}) < 2:
                continue
            for end in (min(rule.first for rule in across), max(rule.last for rule in across)):
                reaching = [rule for rule in across if min(abs(rule.first - end), abs(rule.last - end)) <= NEAR]
                nearest = min((rule.place for rule in along), key=lambda place: abs(place - end))
                if abs(nearest - end) <= NEAR or len({round(rule.place / NEAR) for rule in reaching}) < 2:
                    continue
                # The rules along it may stand out over the last that cross them: that outer rule is missing too.
                low = min(*(rule.place for rule in reaching), *(rule.first for rule in along))
                high = max(*(rule.place for rule in reaching), *(rule.last for rule in along))
                strip = (min(end, nearest), max(end, nearest))
                if any(_is_within(char, vertical, strip, (low, high)) for char in chars):
                    added[vertical].append(_line(vertical, end, low, high))
    return {"explicit_vertical_lines": added[True], "explicit_horizontal_lines": added[False]}


def _is_within(char: Char, vertical: bool, strip: tuple[float, float], reach: tuple[float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    along, across = (x, y) if vertical else (y, x)
    return strip[0] < along < strip[1] and reach[0] < across < reach[1] and bool(char["text"].strip())


def _line(vertical: bool, place: float, low: float, high: float) -> dict[str, Any]:
    x0, x1, top, bottom = (place, place, low, high) if vertical else (low, high, place, place)
    return {
        "object_type": "line",
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "v" if vertical else "h",
    }


def _connected(rules: list[_Rule]) -> list[list[_Rule]]:
    """Return the rules in groups of those that cross or touch, the large groups of a page with few rules only."""
    verticals = sorted((rule for rule in rules if rule.vertical), key=lambda rule: rule.place)
    places = [rule.place for rule in verticals]
    heads = {id(rule): rule for rule in rules}

    def head(rule: _Rule) -> _Rule:
        while heads[id(rule)] is not rule:
            heads[id(rule)] = heads[id(heads[id(rule)])]
            rule = heads[id(rule)]
        return rule

    for rule in rules:
        if rule.vertical:
            continue
        first, last = bisect_right(places, rule.first - NEAR), bisect_right(places, rule.last + NEAR)
        for other in verticals[first:last]:
            if other.first - NEAR <= rule.place <= other.last + NEAR:
                heads[id(head(other))] = head(rule)
    groups: dict[int, list[_Rule]] = {}
    for rule in rules:
        groups.setdefault(id(head(rule)), []).append(rule)
    return list(groups.values())


def _cells(page: Page, found: PageChars, rows: list[list[Box | None]], box: Box) -> list[list[str]]:
    """Return the text of cells, rows without any left out; what a merge covers (None) is empty."""
    inside: dict[tuple[int, int], dict[int, list[Char]]] = {}
    tops = [min((cell[1] for cell in row if cell), default=box[3]) for row in rows]
    columns = [[(cell[0], index) for index, cell in enumerate(row) if cell] for row in rows]
    for turned, chars in found.raw.items():
        for char in chars:
            x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
            if not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
                continue
            # A cell over several rows begins in one of those above.
            for at in range(bisect_right(tops, y) - 1, -1, -1):
                place = bisect_right(columns[at], (x, len(rows[at]))) - 1
                held = rows[at][columns[at][place][1]] if place >= 0 else None
                if held and held[0] <= x <= held[2] and held[1] <= y <= held[3]:
                    inside.setdefault((at, columns[at][place][1]), {}).setdefault(turned, []).append(char)
                    break
    result = []
    for number, row in enumerate(rows):
        texts = [
            _cell_text(page, inside.get((number, index), {}), cell) if cell else "" for index, cell in enumerate(row)
        ]
        if any(texts):
            result.append(texts)
    return result


def _cell_text(page: Page, chars: dict[int, list[Char]], cell: Box) -> str:
    parts = []
    for turned, own in sorted(chars.items()):
        lines = lines_of([upright(char, turned, page) for char in own], 0, 0.0)
        width = cell[3] - cell[1] if turned % 2 else cell[2] - cell[0]
        parts.append(paragraphs_in_cell(lines, width))
    return "\n".join(part for part in parts if part)


def paragraphs_in_cell(lines: list[Line], width: float) -> str:
    """Return the lines of a cell, joined where one is full or all hold a single character, otherwise apart.

    width: of the cell, in points.
    """
    text = ""
    stacked = len(lines) > 1 and all(len(line.text) == 1 for line in lines)
    for previous, line in pairwise([None, *lines]):
        assert line is not None
        word = _WORD.match(line.text)
        needed = max(2.2, len(word[0]) * 0.55 if word else 0.0) * line.size
        if previous is None or stacked or width - (previous.x1 - previous.x0) < needed:
            text = join_lines(text, line.text)
        else:
            text += "\n" + line.text
    return text


def _without_verticals(page: Page, found: PageChars, rules: list[_Rule], taken: list[Box]) -> list[FoundTable]:
    """Return tables that have only horizontal rules, three at least, of one width (above, below the head, below)."""
    groups: dict[tuple[int, int], list[_Rule]] = {}
    for rule in rules:
        if not rule.vertical and rule.last - rule.first > 50:
            groups.setdefault((round(rule.first / NEAR), round(rule.last / NEAR)), []).append(rule)
    tables = []
    for group in groups.values():
        places = sorted({round(rule.place, 1) for rule in group})
        places = [place for index, place in enumerate(places) if index == 0 or place - places[index - 1] > NEAR]
        if len(places) < 3:
            continue
        box = min(rule.first for rule in group), places[0], max(rule.last for rule in group), places[-1]
        if any(box[0] < x1 and x0 < box[2] and box[1] < y1 and y0 < box[3] for x0, y0, x1, y1 in taken):
            continue
        chars = [char for char in found.raw.get(0, ()) if _is_in(char, box)]
        rows = _rows_between(chars, places)
        if len(rows) >= 2 and len(rows[0]) >= 2:
            tables.append(FoundTable(box, rows))
    return tables


def _rows_between(chars: list[Char], places: list[float]) -> list[list[str]]:
    """Return rows of cells by the rules at `places`; by lines of text below the head where it has one rule only."""
    bands: list[list[Char]] = [[] for _ in places]
    for char in chars:
        bands[min(bisect_right(places, (char["top"] + char["bottom"]) / 2), len(places) - 1)].append(char)
    bands = [band for band in bands[1:] if band]
    if len(bands) < 2:
        return []
    edges = _column_edges(chars)
    if len(edges) < 1:
        return []
    if len(places) == 3:
        bands = bands[:1] + [row for band in bands[1:] for row in rows_of(band)]
    result = []
    for band in bands:
        cells: list[list[Char]] = [[] for _ in range(len(edges) + 1)]
        for char in band:
            cells[bisect_right(edges, (char["x0"] + char["x1"]) / 2)].append(char)
        texts = []
        for cell in cells:
            lines = lines_of(cell, 0, 0.0)
            texts.append(paragraphs_in_cell(lines, max((line.x1 - line.x0 for line in lines), default=0.0)))
        if any(texts):
            result.append(texts)
    filled = [sum(bool(text) for text in row) for row in result]
    # Paragraphs between rules are no table: most rows of one have several cells.
    return result if sum(count > 1 for count in filled) >= max(2, len(filled) * 0.6) else []


def _column_edges(chars: list[Char]) -> list[float]:
    """Return the middles of the strips, wider than a character, that no text crosses."""
    spans = sorted((char["x0"], char["x1"], char["size"]) for char in chars if char["text"].strip())
    edges = []
    right = None
    for x0, x1, size in spans:
        if right is not None and x0 - right > size * _GAP:
            edges.append((x0 + right) / 2)
        right = max(right or x1, x1)
    return edges


def _is_in(char: Char, box: Box) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def outside(chars: Iterable[Char], boxes: list[Box]) -> list[Char]:
    """Return the characters that stand in none of the boxes."""
    return [char for char in chars if not any(_is_in(char, box) for box in boxes)]
