"""The columns of a PDF page: found before its characters are put into lines."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

Char = dict[str, Any]
MIN_LINES = 3
MIN_LENGTH = 8
MIN_GAP = 9.0
_BIN = 3.0
_DEEPEST = 2


@dataclass
class Flow:
    """Characters that are read on their own, from the top down. column: its place and how many stand side by side."""

    chars: list[Char]
    column: tuple[int, int] = (0, 1)


@dataclass
class _Segment:
    """Characters of one line without a wide gap."""

    chars: list[Char]
    x0: float
    x1: float
    top: float
    bottom: float


def flows_of(chars: list[Char], rows: Callable[[list[Char]], list[list[Char]]]) -> list[Flow]:
    """Return the characters of a page as flows in reading order: a column from top to bottom, then the next one.

    rows: puts characters into lines, each sorted from left to right. What goes over the columns, such as a title, is a
    flow of its own above or below them.
    """
    return _split(chars, rows, depth=0)


def _split(chars: list[Char], rows: Callable[[list[Char]], list[list[Char]]], *, depth: int) -> list[Flow]:
    segments = [segment for row in rows(chars) for segment in _segments(row)]
    for gutter in _gutters(segments) if depth < _DEEPEST else ():
        bands = _bands(segments, gutter)
        if not any(is_columns for is_columns, _ in bands):
            continue
        result: list[Flow] = []
        for is_columns, band in bands:
            if not is_columns:
                result.append(Flow([char for segment in band for char in segment.chars]))
                continue
            before = [char for segment in band if segment.x1 <= gutter for char in segment.chars]
            behind = [char for segment in band if segment.x1 > gutter for char in segment.chars]
            sides = [_split(side, rows, depth=depth + 1) for side in (before, behind)]
            found = [flow for side in sides for flow in side]
            result += [Flow(flow.chars, (number, len(found))) for number, flow in enumerate(found)]
        return result
    return [Flow(chars)]


def _segments(row: list[Char]) -> list[_Segment]:
    segments: list[_Segment] = []
    for char in row:
        if not char["text"].strip():
            continue
        if segments and char["x0"] - segments[-1].x1 < max(char["size"] * 1.2, MIN_GAP):
            last = segments[-1]
            last.chars.append(char)
            last.x1 = max(last.x1, char["x1"])
            last.top, last.bottom = min(last.top, char["top"]), max(last.bottom, char["bottom"])
        else:
            segments.append(_Segment([char], char["x0"], char["x1"], char["top"], char["bottom"]))
    # Spaces belong to the segment that they follow, or a line of words would be one word.
    if segments and len(segments) == 1:
        segments[0].chars = row
        return segments
    spaces = [char for char in row if not char["text"].strip()]
    place = 0
    for space in spaces:
        while place + 1 < len(segments) and segments[place + 1].x0 <= space["x0"]:
            place += 1
        if segments and segments[place].x0 <= space["x0"] <= segments[place].x1:
            segments[place].chars.append(space)
    return segments


def _gutters(segments: list[_Segment]) -> list[float]:
    """Return the positions, in points from the left, at which columns may meet, the likeliest first."""
    if len(segments) < 2 * MIN_LINES:
        return []
    left = min(segment.x0 for segment in segments)
    right = max(segment.x1 for segment in segments)
    bins = int((right - left) / _BIN) + 1
    crossing = _over(segments, left, bins, lambda s: (s.x0, s.x1))
    ends = sorted(segments, key=lambda s: (s.top, s.x0))
    gaps = [
        _Segment([], before.x1, after.x0, 0, 0)
        for before, after in pairwise(ends)
        if after.top < before.bottom and after.x0 - before.x1 >= MIN_GAP
    ]
    between = _over(gaps, left, bins, lambda s: (s.x0 + _BIN, s.x1 - _BIN))
    middle = range(int(bins * 0.15), int(bins * 0.85) + 1)
    found = []
    aligned = max(middle, key=lambda b: (between[b], -crossing[b]), default=-1)
    if aligned >= 0 and between[aligned] >= MIN_LINES:
        found.append(left + _middle(between, aligned) * _BIN)
    empty = min(middle, key=lambda b: crossing[b], default=-1)
    if empty >= 0:
        found.append(left + _middle([-count for count in crossing], empty) * _BIN)
    return found


def _over(
    segments: list[_Segment], left: float, bins: int, ends: Callable[[_Segment], tuple[float, float]]
) -> list[int]:
    """Return how many of the segments lie over each bin."""
    steps = [0] * (bins + 2)
    for segment in segments:
        x0, x1 = ends(segment)
        first, last = max(0, int((x0 - left) / _BIN)), min(bins, int((x1 - left) / _BIN) + 1)
        if first < last:
            steps[first] += 1
            steps[last] -= 1
    counts = []
    count = 0
    for step in steps[:-1]:
        count += step
        counts.append(count)
    return counts


def _middle(counts: list[int], place: int) -> float:
    first = last = place
    while first > 0 and counts[first - 1] == counts[place]:
        first -= 1
    while last + 1 < len(counts) and counts[last + 1] == counts[place]:
        last += 1
    return (first + last + 1) / 2


def _bands(segments: list[_Segment], gutter: float) -> list[tuple[bool, list[_Segment]]]:
    """Return the segments from the top down in bands, each with whether it is columns on both sides of the gutter."""
    bands: list[tuple[bool, list[_Segment]]] = []
    for segment in sorted(segments, key=lambda s: (s.top, s.x0)):
        crosses = segment.x0 < gutter < segment.x1
        if not bands or bands[-1][0] == crosses:
            bands.append((not crosses, []))
        bands[-1][1].append(segment)
    result: list[tuple[bool, list[_Segment]]] = []
    for beside, band in bands:
        is_columns = beside and _is_columns(band, gutter)
        if result and not is_columns and not result[-1][0]:
            result[-1][1].extend(band)
        else:
            result.append((is_columns, list(band)))
    return result


def _is_columns(band: list[_Segment], gutter: float) -> bool:
    sides = [s for s in band if s.x1 <= gutter], [s for s in band if s.x1 > gutter]
    if any(len(side) < MIN_LINES for side in sides):
        return False
    # Lines of text, not the short entries of a table without rules.
    if any(median(len(segment.chars) for segment in side) < MIN_LENGTH for side in sides):
        return False
    if min(s.x0 for s in sides[1]) - max(s.x1 for s in sides[0]) < MIN_GAP:
        return False
    top = max(min(s.top for s in side) for side in sides)
    bottom = min(max(s.bottom for s in side) for side in sides)
    return bottom > top
