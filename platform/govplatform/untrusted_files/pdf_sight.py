"""What a person sees of the text of a PDF page: one definition for whoever imports and whoever scans."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: x0, y0, x1, y1 in points; either end of the page may be its beginning, the same one for all boxes of a page.
Box = tuple[float, float, float, float]
#: Red, green and blue from 0 to 1.
Colour = tuple[float, float, float]
Unseen = Literal["outside", "tiny", "not painted", "covered", "colour of its ground"]

#: Text render modes that paint nothing, and those that draw the outline of letters (ISO 32000-1, 9.3.6).
UNPAINTED = (3, 7)
OUTLINED = (1, 2, 5, 6)
#: Type below this many points is no reading matter.
TINY = 1.5
#: Ink that is less opaque than this is not seen; an area that is less opaque than ``OPAQUE`` covers nothing.
FAINT = 0.05
OPAQUE = 0.9
_ALIKE = 0.035
_WHITE: Colour = (1.0, 1.0, 1.0)
_CELL = 12.0
_LARGE = 400
_MOST_LARGE = 30
_MOST_ENTRIES = 200_000
_COMPONENTS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3, "DeviceCMYK": 4}


def colour_of(space: str, parts: Sequence[object]) -> Colour | None:
    """Return the colour that components (0 to 1) of a colour space give; None when that cannot be told.

    space: the name in a PDF. The tint of an ink (Separation, DeviceN) and the number of a palette say nothing of it.
    """
    numbers = [float(part) for part in parts if isinstance(part, (int, float))]
    if len(numbers) != len(parts) or (space != "ICCBased" and _COMPONENTS.get(space) != len(numbers)):
        return None
    if len(numbers) == 1:
        return numbers[0], numbers[0], numbers[0]
    if len(numbers) == 3:
        return numbers[0], numbers[1], numbers[2]
    if len(numbers) == 4:
        cyan, magenta, yellow, black = numbers
        return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    return None


@dataclass(frozen=True)
class _Area:
    box: Box
    order: float
    colour: Colour | None
    covers: bool


class Paintings:
    """The areas that a page paints: rectangles, figures and pictures. Asking takes time in proportion to few of them.

    page: the box of the page that is shown.
    """

    def __init__(self, page: Box) -> None:
        self.page = page
        self._cells: dict[tuple[int, int], list[_Area]] = {}
        self._large: list[_Area] = []
        self._entries = 0

    def add(self, box: Box, order: float, colour: Colour | None = None, *, covers: bool = False) -> None:
        """Add an area. Give them in the order of painting, of which ``order`` is the number.

        colour: None for pictures, patterns and what is seen through. covers: whether what lies below is not seen.
        """
        left, right = max(box[0], self.page[0]), min(box[2], self.page[2])
        low, high = max(box[1], self.page[1]), min(box[3], self.page[3])
        if left >= right or low >= high:
            return
        area = _Area((left, low, right, high), order, colour, covers)
        columns = range(int(left // _CELL), int(right // _CELL) + 1)
        rows = range(int(low // _CELL), int(high // _CELL) + 1)
        count = len(columns) * len(rows)
        if count > _LARGE and len(self._large) < _MOST_LARGE:
            self._large.append(area)
            return
        self._entries += count
        if self._entries > _MOST_ENTRIES:
            return
        for x in columns:
            for y in rows:
                self._cells.setdefault((x, y), []).append(area)

    def unseen(
        self, box: Box, size: float, order: float, colour: Colour | None, *, painted: bool = True
    ) -> Unseen | None:
        """Return why a letter is not seen, None when it is.

        box: its own; size: of its type, in points; order: its number in the order of painting; colour: None when it
        cannot be told, and then it is no reason; painted: whether it is painted at all.
        """
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not (self.page[0] <= x <= self.page[2] and self.page[1] <= y <= self.page[3]):
            return "outside"
        if size < TINY:
            return "tiny"
        if not painted:
            return "not painted"
        areas = self._cells.get((int(x // _CELL), int(y // _CELL)), [])
        if self._large:
            areas = sorted([*self._large, *areas], key=lambda area: area.order)
        ground: Colour | None = _WHITE
        # Half of a letter's height and width: a rule along its foot covers nothing.
        across, up = (box[2] - box[0]) / 4, (box[3] - box[1]) / 4
        for area in areas:
            x0, y0, x1, y1 = area.box
            if area.order > order:
                if area.covers and x0 <= x - across and x + across <= x1 and y0 <= y - up and y + up <= y1:
                    return "covered"
            elif x0 <= x <= x1 and y0 <= y <= y1:
                ground = area.colour
        if colour is not None and ground is not None and _is_alike(colour, ground):
            return "colour of its ground"
        return None


def _is_alike(one: Colour, other: Colour) -> bool:
    return abs(one[0] - other[0]) <= _ALIKE and abs(one[1] - other[1]) <= _ALIKE and abs(one[2] - other[2]) <= _ALIKE
