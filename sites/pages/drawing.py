"""A chart as shapes: where its bars, lines, marks and words stand, for a template that writes them as SVG.

Nothing here knows colours: series are told apart by the number of their class, by the pattern of their line and by the
form of their marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from math import floor, log10

#: The picture in its own units; it is scaled to the width that there is.
WIDTH, HEIGHT = 640, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 24, 52
_STEPS = 5
#: Of how many characters a label under the axis may consist before it is cut.
_LONGEST_LABEL = 8
MOST_SERIES, MOST_POINTS = 4, 24


@dataclass(frozen=True)
class Lead:
    """Where a bar leads, and what it says."""

    url: str
    words: str


@dataclass(frozen=True)
class Series:
    """A row of values under one name; None where there is no figure. ``leads``: of its bars, none or one each."""

    name: str
    values: tuple[Decimal | None, ...]
    leads: tuple[Lead | None, ...] = ()


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    number: int
    lead: Lead | None = None


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    number: int


@dataclass(frozen=True)
class Curve:
    points: str
    number: int


@dataclass(frozen=True)
class Tick:
    """A line across with its value, or a label under the axis."""

    place: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """All shapes of a chart. ``legend``: (number, name); ``described``: the chart in words, for who does not see it."""

    kind: str
    unit: str
    legend: list[tuple[int, str]]
    described: str
    levels: list[Tick]
    labels: list[Tick]
    base: float
    bars: list[Bar] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT

    @property
    def leads_on(self) -> bool:
        """Whether something in it is a link: then it is a group, for what is inside a picture is read to nobody."""
        return any(bar.lead for bar in self.bars)


def read_figure(text: str) -> Decimal | None:
    """Return the number that a cell says, without separators and a percent sign; None when it says none."""
    plain = text.strip().replace(",", "").replace("，", "").removesuffix("%").removesuffix("％").replace("－", "-")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 15 else None


def read_rows(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Series]]:
    """Return (labels, series) of a table: its first row names the series, the first cell of the others the points."""
    if len(rows) < 2:
        return [], []
    head, *below = rows
    labels = [str(row[0]) for row in below]
    series = [
        Series(str(name), tuple(read_figure(str(row[place])) if place < len(row) else None for row in below))
        for place, name in enumerate(head)
        if place
    ]
    return labels, series


def draw(kind: str, unit: str, labels: Sequence[str], series: Sequence[Series], described: str) -> Drawing:
    """Return the shapes of a chart; ``kind``: ``columns`` or ``lines``."""
    values = [value for one in series for value in one.values if value is not None]
    low, high, step = _scale(
        min([*values, Decimal(0)]), max([*values, Decimal(0)]), bars=kind == "columns", given=values
    )
    span = high - low

    def height_of(value: Decimal) -> float:
        return round(_TOP + float((high - value) / span) * (HEIGHT - _TOP - _BOTTOM), 1)

    levels = [
        Tick(height_of(low + step * number), _written(low + step * number)) for number in range(int(span / step) + 1)
    ]
    slot = (WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    every = max(1, -(-len(labels) // 12))
    below = [
        Tick(round(_LEFT + slot * (number + 0.5), 1), _short(label))
        for number, label in enumerate(labels)
        if number % every == 0
    ]
    drawing = Drawing(
        kind, unit, [(number, one.name) for number, one in enumerate(series, 1)], described, levels, below,
        height_of(max(low, Decimal(0))),
    )  # fmt: skip
    for number, one in enumerate(series, 1):
        points = []
        for place, value in enumerate(one.values):
            if value is None:
                continue
            if kind == "columns":
                width = slot * 0.7 / len(series)
                x = _LEFT + slot * (place + 0.15) + width * (number - 1)
                top, end = sorted((height_of(value), drawing.base))
                lead = one.leads[place] if one.leads else None
                sides = round(width * 0.92, 1), round(max(end - top, 1), 1)
                drawing.bars.append(Bar(round(x, 1), top, *sides, number, lead))
            else:
                x, y = round(_LEFT + slot * (place + 0.5), 1), height_of(value)
                points.append(f"{x},{y}")
                drawing.marks.append(Mark(x, y, number))
        if points:
            drawing.curves.append(Curve(" ".join(points), number))
    return drawing


def _scale(low: Decimal, high: Decimal, *, bars: bool, given: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Return (lowest level, highest level, step). Bars begin at nought; lines leave out what lies far below."""
    if not bars and given:
        low, high = min(given), max(given)
        if low > 0 and low < (high - low) * 2:
            low = Decimal(0)
    if high == low:
        high, low = high + 1, min(low, Decimal(0)) if bars else low - 1
    rough = (high - low) / _STEPS
    power = Decimal(10) ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if rough <= power * factor)
    bottom = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    top = (high / step).to_integral_value(rounding="ROUND_CEILING") * step
    return bottom, top if top > bottom else bottom + step, step


def _written(value: Decimal) -> str:
    plain = f"{value.normalize():f}"
    return plain if plain not in ("-0", "") else "0"


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
