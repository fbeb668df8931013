"""The plan of an import: what it would do to a dictionary, worked out before anything is written."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .models import Word
from .word_table import HEADINGS, Fault, WordRow


@dataclass(slots=True)
class ImportPlan:
    """What an import does to a dictionary, and which rows it cannot take.

    ``changed``: an existing word with the row that gives its new values; ``unchanged``: how many rows say what is there
    already; ``faults``: those of the file and those of rows that contradict each other or existing words.
    """

    added: list[WordRow] = field(default_factory=list)
    changed: list[tuple[Word, WordRow]] = field(default_factory=list)
    retired: list[Word] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """``{"added", "changed", "retired", "unchanged"}``: how many words of each."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "retired": len(self.retired),
            "unchanged": self.unchanged,
        }

    def as_result(self) -> dict[str, Any]:
        """``{"added","changed","retired","unchanged","skipped":[{"line","column","reason"}]}``."""
        return {**self.counts(), "skipped": [fault.as_dict() for fault in self.faults]}


def plan_import(
    rows: Sequence[WordRow], faults: Sequence[Fault], existing: Iterable[Word], *, replace: bool
) -> ImportPlan:
    """Compare ``rows`` with the active words ``existing`` of one dictionary.

    A row means an existing word when both have the same form and first day, or when the file has one row and the
    dictionary one word of that form. ``faults``: those that were found when the file was read. ``replace``: words that
    the file does not name are retired.
    """
    plan = ImportPlan(faults=list(faults))
    held: dict[str, list[Word]] = defaultdict(list)
    for word in existing:
        held[word.form].append(word)
    given: dict[str, list[WordRow]] = defaultdict(list)
    for row in rows:
        given[row.form].append(row)
    for form, group in given.items():
        _plan_one(plan, _without_overlaps(plan, group), held.pop(form, []), replace)
    if replace:
        plan.retired += [word for words in held.values() for word in words]
    plan.faults.sort(key=lambda fault: (fault.line, fault.column))
    return plan


def days_overlap(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Whether two spans of days, (first, last) each, have a day in common; ``YYYY-MM-DD``, '' for without limit."""
    return (not first[1] or not second[0] or second[0] <= first[1]) and (
        not second[1] or not first[0] or first[0] <= second[1]
    )


def _without_overlaps(plan: ImportPlan, group: list[WordRow]) -> list[WordRow]:
    kept: list[WordRow] = []
    for row in group:
        clash = next((other for other in kept if days_overlap(_days(row), _days(other))), None)
        if clash is None:
            kept.append(row)
        else:
            reason = _("与第 %(line)d 行重复，且生效日期重叠。") % {"line": clash.line}
            plan.faults.append(Fault(row.line, HEADINGS["word"], reason))
    return kept


def _plan_one(plan: ImportPlan, rows: list[WordRow], words: list[Word], replace: bool) -> None:
    pairs: list[tuple[Word, WordRow]] = []
    for row in rows:
        same = next((word for word in words if _text(word.effective_from) == row.effective_from), None)
        if same is None and len(rows) == len(words) == 1:
            same = words[0]
        if same is not None:
            words = [word for word in words if word is not same]
            pairs.append((same, row))
    matched = {id(row) for _word, row in pairs}
    # Words that stay in the dictionary must have no day in common with a row of the same form.
    left = [] if replace else words
    if replace:
        plan.retired += words
    for row in rows:
        clash = next(
            (w for w in left if days_overlap(_days(row), (_text(w.effective_from), _text(w.effective_until)))), None
        )
        if clash is not None:
            plan.faults.append(Fault(row.line, HEADINGS["word"], clash_reason(clash)))
        elif id(row) not in matched:
            plan.added.append(row)
        else:
            word = next(word for word, other in pairs if other is row)
            if differs(word, row):
                plan.changed.append((word, row))
            else:
                plan.unchanged += 1


def clash_reason(word: Word) -> str:
    """The sentence that ``word`` is in the dictionary already, with its days."""
    return _("词库里已有“%(word)s”（%(first)s 至 %(last)s），生效日期重叠。") % {
        "word": word.word,
        "first": _text(word.effective_from) or _("不限"),
        "last": _text(word.effective_until) or _("不限"),
    }


def differs(word: Word, row: WordRow) -> bool:
    """Whether ``row`` would change ``word``."""
    return any(getattr(word, name) != value for name, value in row.fields().items())


def _days(row: WordRow) -> tuple[str, str]:
    return row.effective_from, row.effective_until


def _text(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
