"""Which column of the closing site goes where: as asked for, and what is proposed for all others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from govplatform.spreadsheets.faults import columns_twice, columns_unknown
from govplatform.spreadsheets.reading import read_table
from govplatform.spreadsheets.writing import unguarded

from .parts import ColumnFacts

#: Written for a column that is not moved, with all below it.
STAYS = "-"
HEADINGS = ("from", "to")
SHEET = "map"
_SLUG = re.compile(r"[\w-]{1,255}")
_MOST_LEVELS = 8


@dataclass(frozen=True)
class MapFault:
    """What is wrong with a line of the map. ``row``: its number in the file, from 1; ``column``: its heading."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Move:
    """Where a column goes. ``to``: '' for nowhere. ``is_new``: whether the destination has no such column yet.

    ``by``: "map" as asked for, "parent" with the column above it, "title" to the column of the same name and type,
    "channel" to a channel of its own.
    """

    column: ColumnFacts
    to: str
    is_new: bool
    by: str


def read_map(path: Path) -> tuple[dict[str, str], list[MapFault]]:
    """Read a table with the columns ``from`` and ``to``; return (path -> path, faults).

    Raises Refused for a file that cannot be read.
    """
    return wishes_of(read_table(path, path.name, sheet=SHEET))


def wishes_of(lines: Sequence[tuple[int, list[str]]]) -> tuple[dict[str, str], list[MapFault]]:
    """Return (path in the source -> path in the destination or STAYS, faults) of the lines of a table."""
    if not lines or [cell.strip().lower() for cell in lines[0][1][:2]] != list(HEADINGS):
        return {}, [MapFault(lines[0][0] if lines else 1, "", _("第一行须是表头：from,to。"))]
    names = [cell.strip().lower() for cell in lines[0][1]]
    known = {name: name for name in HEADINGS}
    if wrong := columns_twice(names, known) or columns_unknown(names, known):
        return {}, [MapFault(lines[0][0], "", wrong)]
    wishes: dict[str, str] = {}
    faults: list[MapFault] = []
    for number, cells in lines[1:]:
        origin, target = (tidy_path(unguarded(cell)) for cell in (*cells, "", "")[:2])
        if not origin and not target:
            continue
        if not origin or not target:
            heading = HEADINGS[bool(origin)]
            faults.append(MapFault(number, heading, _("不能为空；不迁移的栏目在 to 一列写“-”。")))
        elif origin in wishes:
            faults.append(MapFault(number, "from", _("栏目“%(path)s”前面已经写过。") % {"path": origin}))
        else:
            wishes[origin] = target
    return wishes, faults


def tidy_path(path: str) -> str:
    """Return a path as this package writes it: without slashes at its ends or two in a row."""
    return "/".join(part for part in path.strip().split("/") if part)


def reasons_against_wishes(
    wishes: Mapping[str, str], source: Sequence[ColumnFacts], code: str
) -> list[tuple[str, str, str]]:
    """Return (path in the source, heading, reason) of every wish that cannot be carried out."""
    known = {column.path for column in source}
    faults = []
    for origin, target in wishes.items():
        if origin not in known:
            faults.append((origin, "from", _("站点“%(code)s”没有栏目“%(path)s”。") % {"code": code, "path": origin}))
        parts = target.split("/")
        if target == STAYS:
            continue
        if len(parts) > _MOST_LEVELS or not all(_SLUG.fullmatch(part) for part in parts):
            reason = _("“%(path)s”不是栏目路径：每一级只含字母、数字、下划线和连字符，以 / 分开，最多 %(most)s 级。")
            faults.append((origin, "to", reason % {"path": target, "most": _MOST_LEVELS}))
    return faults


def moves(
    source: Sequence[ColumnFacts], destination: Sequence[ColumnFacts], wishes: Mapping[str, str], channel: str
) -> list[Move]:
    """Say for every column of the source where it goes, in the order of the tree.

    What is not asked for goes with the column above it; at the top to the column of the same name and type, else into
    the channel. So does a column that tells of the organ itself and holds something: nobody is to look for the leaders
    of one government among those of another. A column below one that stays, stays too, unless it is asked for.
    """
    there = {column.path: column for column in destination}
    targets: dict[str, str] = {}
    result: list[Move] = []
    for column in source:
        above, _slash, slug = column.path.rpartition("/")
        if column.path in wishes:
            to, by = ("" if wishes[column.path] == STAYS else wishes[column.path]), "map"
        elif above:
            to, by = (f"{targets[above]}/{slug}" if targets.get(above) else ""), "parent"
        else:
            same = next((one.path for one in destination if _is_same(one, column)), "")
            same = "" if tells_of_organ(column, source) else same
            to, by = (same, "title") if same else (f"{channel}/{slug}", "channel")
        targets[column.path] = to
        result.append(Move(column, to, bool(to) and to not in there, by))
    return result


def reasons_against_moves(
    found: Sequence[Move], destination: Sequence[ColumnFacts], channel: str
) -> list[tuple[str, str]]:
    """Return (path in the source, reason) of every new column whose columns above it will not be there.

    Only the channel is made by the merge itself.
    """
    there = {column.path for column in destination} | {move.to for move in found if move.to} | {"", channel}
    faults = []
    for move in found:
        above = move.to.rpartition("/")[0]
        if move.to and move.is_new and above not in there:
            reason = _("并入站点没有栏目“%(path)s”，不能在它下面新建；请先建好这个栏目，或改选其他去处。")
            faults.append((move.column.path, reason % {"path": above}))
    return faults


def tells_of_organ(column: ColumnFacts, source: Sequence[ColumnFacts]) -> bool:
    """Whether what stands in the column, or below it, tells of the closing site's own organ."""
    within = (one for one in source if one.path == column.path or one.path.startswith(f"{column.path}/"))
    return column.of_organ and any(one.pages for one in within)


def _is_same(one: ColumnFacts, other: ColumnFacts) -> bool:
    return "/" not in one.path and one.title == other.title and one.kind == other.kind
