"""What is wrong with a row of a table, as screens and verbs tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Fault:
    """Why row ``line`` of a file cannot be taken; ``column``: its heading, '' for the row as a whole."""

    line: int
    column: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        told = {"line": self.line, "column": self.column, "reason": self.reason}
        if not self.column:
            return _("第 %(line)s 行：%(reason)s") % told
        return _("第 %(line)s 行“%(column)s”：%(reason)s") % told


def columns_twice(names: Sequence[str], headings: Mapping[str, str]) -> str:
    """Say which of ``headings`` (name of a column -> its words) stand twice in a first row with ``names``, '' for none.

    Nobody could know which of the two is meant.
    """
    twice = sorted({words for name, words in headings.items() if names.count(name) > 1})
    return _("表头有重复的列：%(names)s。") % {"names": "、".join(twice)} if twice else ""


def columns_unknown(cells: Sequence[str], known: Mapping[str, str]) -> str:
    """Say which headings in ``cells``, a first row, are none of ``known`` (as written -> as shown), '' for none.

    A heading that was written wrongly would otherwise be a column that nobody reads. One without a heading is left.
    """
    strange = [cell.strip() for cell in cells if cell.strip() and cell.strip() not in known]
    if not strange:
        return ""
    told = {"names": "、".join(name[:20] for name in strange[:10]), "known": "、".join(dict.fromkeys(known.values()))}
    return _("不认识的表头：%(names)s。可用的表头：%(known)s；没有表头的列不读取。") % told
