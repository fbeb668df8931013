"""No item stands twice on a home page, and lists of unequal length leave no hole: what is read is put in its places."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

Line = dict[str, Any]

#: Lists of lines -> how many of them are shown. What one list has no room for may stand in the next.
LENGTHS: Mapping[str, int] = MappingProxyType({"headline_more": 6, "notices": 7, "policy_pairs": 6, "topics": 4})
#: How many lines a box of a column has, and how many more are read in case that some stand elsewhere.
BOX_LINES, SPARE = 7, 14
MOST_BOXES = 6
#: The head of a box takes as much room as so many lines, and so does the item that stands there with its picture.
_HEAD, _LEAD = 2, 3
#: A difference of fewer lines is no hole.
_EVEN = 2
_FEWEST_LINES = 3


def each_once(blocks: dict[str, Any], order: Iterable[str], lists: Mapping[str, Sequence[str]]) -> None:
    """Leave every item in the first place where it stands, and lists at their lengths.

    ``order``: sections as they are shown; ``lists``: section -> names of what it shows.
    """
    shown: set[str] = set()
    for section in order:
        for name in lists.get(section, ()):
            if name == "headline":
                shown |= {blocks[name]["url"]} if blocks[name] else set()
            elif name == "slides":
                shown |= {row["url"] for row in blocks[name] if row.get("url")}
            elif name == "column_blocks":
                blocks[name] = _boxes(blocks[name], shown)
            elif name in LENGTHS:
                blocks[name] = _unseen(blocks[name], shown)[: LENGTHS[name]]
                shown |= {url for line in blocks[name] for url in _urls(line)}


def in_two(boxes: Sequence[Line]) -> dict[str, list[Line]]:
    """Return ``{"left", "right", "wide"}``: the boxes in two rows downwards that end about together.

    Each goes where there is more room. A last box that would stand beside nothing goes over both; a list that reaches
    below the other one is cut, and its column has the rest.
    """
    if len(boxes) == 1:
        return {"left": [], "right": [], "wide": list(boxes)}
    sides: list[list[Line]] = [[], []]
    for box in boxes:
        sides[_height(sides[1]) < _height(sides[0])].append(box)
    wide: list[Line] = []
    longer = int(_height(sides[1]) > _height(sides[0]))
    if sides[longer] and _height(sides[longer][:-1]) >= _height(sides[1 - longer]) - _EVEN and len(sides[longer]) > 1:
        wide = [sides[longer].pop()]
    longer = int(_height(sides[1]) > _height(sides[0]))
    too_much = _height(sides[longer]) - _height(sides[1 - longer])
    if sides[longer] and too_much > _EVEN:
        last = sides[longer][-1]
        kept = max(len(last["items"]) - too_much, min(_FEWEST_LINES, len(last["items"])))
        sides[longer][-1] = {**last, "items": last["items"][:kept]}
    return {"left": sides[0], "right": sides[1], "wide": wide}


def cells_in_a_row(count: int, most: int = 6) -> int:
    """Return into how many cells a row of a grid is divided, so that its last row has the fewest empty ones."""
    if count <= most:
        return max(count, 1)
    return min(range(most, 2, -1), key=lambda cells: -count % cells)


def _boxes(boxes: Sequence[Line], shown: set[str]) -> list[Line]:
    kept: list[Line] = []
    for box in boxes:
        items = _unseen(box["items"], shown)[:BOX_LINES]
        if items and len(kept) < MOST_BOXES:
            kept.append({**box, "items": items, "number": len(kept) + 1})
            shown |= {line["url"] for line in items}
    return kept


def _unseen(lines: Sequence[Line], shown: set[str]) -> list[Line]:
    return [line for line in lines if line["url"] not in shown]


def _urls(line: Line) -> list[str]:
    explained = line.get("interpretation")
    return [line["url"], explained["url"]] if explained else [line["url"]]


def _height(boxes: Sequence[Line]) -> int:
    return sum(_HEAD + (_LEAD if box.get("lead") else 0) + len(box["items"]) for box in boxes)
