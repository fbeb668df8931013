"""Bar charts as SVG, drawn on the server; the templates put the numbers in a table beside each chart."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One bar of a column chart, in the units of the drawing. ``label``: the text under it, or '' for none."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: int


@dataclass(frozen=True)
class ColumnChart:
    """A column chart ready to be drawn. ``ticks``: (y, number) of each horizontal line of the scale."""

    width: int
    height: int
    base: float
    left: float
    columns: list[Column]
    ticks: list[tuple[float, int]]


_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 720, 240, 56, 12, 28


def column_chart(values: Sequence[tuple[str, int]]) -> ColumnChart | None:
    """Lay out ``values``, (label, number) from left to right; None when all numbers are 0."""
    top = _round_up(max((value for _label, value in values), default=0))
    if not top:
        return None
    base, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    step = (_WIDTH - _LEFT) / len(values)
    bar = min(step * 0.7, 44.0)
    # Labels would run into each other beyond a dozen.
    every = -(-len(values) // 12)
    columns = []
    for position, (label, value) in enumerate(values):
        height = room * value / top
        x = _LEFT + step * position + (step - bar) / 2
        shown = label if (len(values) - 1 - position) % every == 0 else ""
        columns.append(
            Column(
                round(x, 1),
                round(base - height, 1),
                round(bar, 1),
                round(height, 1),
                round(x + bar / 2, 1),
                shown,
                value,
            )
        )
    parts = next(parts for parts in (4, 5, 3, 2, 1) if top % parts == 0)
    ticks = [(round(base - room * part / parts, 1), top * part // parts) for part in range(parts + 1)]
    return ColumnChart(_WIDTH, _HEIGHT, base, _LEFT, columns, ticks)


def share_of(value: int, largest: int, room: int = 100) -> float:
    """Return the length of a bar, 0 to ``room``; anything above 0 gets at least 1, so that it is seen."""
    return round(max(room * value / largest, 1.0), 1) if value and largest else 0.0


def _round_up(value: int) -> int:
    """Return the smallest of 1, 2, 4, 5, 10, 20, 40, 50 … that is at least ``value``; 0 for 0."""
    scale = 1
    while value > 0:
        for step in (1, 2, 4, 5):
            if value <= step * scale:
                return step * scale
        scale *= 10
    return 0
