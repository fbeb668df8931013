"""What tidying would make of the blocks of a body that is being written; nothing is stored here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from sites.documents_in.extraction.recognition.dates import DATE
from sites.documents_in.extraction.recognition.numbering import LEVELS, read_numbering
from sites.documents_in.extraction.recognition.offices import is_office_line
from sites.pages.blocks import HEADING_LEVELS

from .difference import Piece, pieces_of
from .raw_content import Line, tidy_raw
from .words import Tidied, tidy_lines, tidy_words

MOST_CHARACTERS = 300_000
_DATE_LINE = re.compile(rf"^[ \t\u00a0\u3000]*{DATE}[ \t\u00a0\u3000]*$")
_CLOSING_LINES = 3
_REMARK = re.compile(r"^[（(][^（）()]*[）)]$")


#: The new value of a block, None where it stays, and what is changed.
Proposed = tuple[dict[str, Any] | None, list[dict[str, Any]]]


@dataclass
class Proposal:
    """A tidied body.

    ``blocks``: as many as were sent, None for one that stays, else its new value in the form it came in.
    ``changes``: ``{"where": words, "pieces": [["=" | "-" | "+", text]]}`` in order, for the preview.
    """

    blocks: list[Any] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


def propose(sent: list[dict[str, Any]]) -> Proposal:
    """Tidy the blocks ``{"type", "value"}`` of an editor: rich text as raw content, heading, quotation and table.

    Raises Refused for more text than anybody writes on one page; KeyError, TypeError, AttributeError or ValueError for
    what is no body.
    """
    proposal = Proposal()
    closing = _closing_lines(sent)
    if sum(_length(block) for block in sent) > MOST_CHARACTERS:
        raise Refused(_("正文超过 %(most)d 万字，请拆分后再排版。") % {"most": MOST_CHARACTERS // 10_000})
    for number, block in enumerate(sent):
        own = {line for place, line in closing if place == number}
        value, changes = _tidied(block, own.__contains__)
        where = _("第 %(number)d 块") % {"number": number + 1}
        proposal.blocks.append(value)
        proposal.changes += [{"where": where, **change} for change in changes]
    return proposal


def _tidied(block: dict[str, Any], is_closing: Callable[[int], bool]) -> Proposed:
    kind, value = block["type"], block.get("value")
    if not isinstance(value, dict):
        return None, []
    if kind == "rich_text":
        tidied, lines = tidy_raw(value, is_closing)
        changes = [change for line in lines if (change := _change(line)) is not None]
        return (tidied, changes) if changes else (None, [])
    by_kind = {"heading": _tidied_heading, "quotation": _tidied_quotation, "table": _tidied_table}
    return by_kind[kind](value) if kind in by_kind else (None, [])


def _tidied_heading(heading: dict[str, Any]) -> Proposed:
    text = str(heading["text"] or "")
    tidied = tidy_words(text)
    after = {**heading, "text": tidied.text}
    numbering = read_numbering(after["text"])
    if numbering is not None and numbering.kind in LEVELS:
        after["level"] = str(LEVELS[numbering.kind])
    return (after, [_shown(text, tidied, *_levels(heading, after))]) if after != heading else (None, [])


def _tidied_quotation(quotation: dict[str, Any]) -> Proposed:
    text = str(quotation["text"] or "")
    tidied = tidy_lines(text)
    return ({**quotation, "text": tidied.text}, [_shown(text, tidied)]) if tidied.text != text else (None, [])


def _tidied_table(table: dict[str, Any]) -> Proposed:
    rows = [[str(cell) for cell in row] for row in table["rows"]]
    tidied = [[tidy_words(cell, begins_paragraph=False) for cell in row] for row in rows]
    changes = [
        _shown(old, new)
        for before, after in zip(rows, tidied, strict=True)
        for old, new in zip(before, after, strict=True)
        if old != new.text
    ]
    after = [[cell.text for cell in row] for row in tidied]
    return ({**table, "rows": after}, changes) if changes else (None, [])


def _levels(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    if before.get("level") == after.get("level"):
        return []
    return [_("改为%(level)s") % {"level": HEADING_LEVELS[after["level"]]}]


def _change(line: Line) -> dict[str, Any] | None:
    if line.after is None:
        return _shown(line.before, Tidied("", ()), _("空段删去"))
    if line.sign_off:
        return _shown(line.before, line.after, _("落款、日期靠右"))
    return _shown(line.before, line.after) if line.before != line.after.text else None


def _shown(before: str, after: Tidied, *notes: str) -> dict[str, Any]:
    pieces: list[Piece] = pieces_of(before, after)
    return {"pieces": pieces, "notes": list(notes)}


def _closing_lines(sent: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """Return (block, line) of the signature and its date at the end of a body, nothing where there is no such date."""
    lines = [
        (number, place, str(line["text"]).strip(" \t\u00a0\u3000"), line["type"])
        for number, block in enumerate(sent)
        if block["type"] == "rich_text" and isinstance(block.get("value"), dict)
        for place, line in enumerate(block["value"]["blocks"])
    ]
    told = [line for line in lines if line[2]]
    while told and _REMARK.match(told[-1][2]):
        # （此件公开发布） and its like stand below the date.
        told.pop()
    if not told or not _DATE_LINE.match(told[-1][2]):
        return set()
    found = {told[-1][:2]}
    for number, place, text, _kind in reversed(told[-1 - _CLOSING_LINES : -1]):
        if not is_office_line("".join(text.split())):
            break
        found.add((number, place))
    return found


def _length(block: dict[str, Any]) -> int:
    value = block.get("value")
    if not isinstance(value, dict):
        return 0
    lines = sum(len(str(line["text"])) for line in value.get("blocks") or [])
    cells = sum(len(str(cell)) for row in value.get("rows") or [] for cell in row)
    return lines + cells + len(str(value.get("text") or ""))
