"""Which columns of a table hold numbers: these stand to the right, so that their places are under each other."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[+\-−－±]?[¥￥$]?\d[\d,，]*(?:\.\d+)?[%％‰]?")
_NOTHING = frozenset({"", "-", "—", "－", "/", "无"})


def columns_of_numbers(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return "right" for each column whose cells below the first row are numbers, "" for others; [] without any."""
    columns = list(zip(*rows[1:], strict=False))
    how = ["right" if _are_numbers([cell.strip() for cell in column]) else "" for column in columns]
    return how if any(how) else []


def _are_numbers(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if cell not in _NOTHING]
    # A head of two rows has words in its second one.
    numbers = [cell for cell in told if _NUMBER.fullmatch(cell)]
    return bool(numbers) and len(told) - len(numbers) <= 1 and (len(told) == len(numbers) or len(numbers) > 1)
