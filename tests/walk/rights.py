"""Reads ``rights.md``, the one table of who may do what, and answers from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("rights.md")
#: Code of a role -> the word of the table.
ROLES = {
    "editor": "editor",
    "content-reviewer": "content reviewer",
    "confidentiality-reviewer": "confidentiality reviewer",
    "site-admin": "administrator",
    "auditor": "auditor",
    "operator": "operator",
    "supervisor": "supervisor",
}
EVERYBODY = "everybody"
_CODES = {word: frozenset({code}) for code, word in ROLES.items()} | {
    "reviewers": frozenset({"content-reviewer", "confidentiality-reviewer"}),
    EVERYBODY: frozenset({EVERYBODY}),
}
_ANY = "any"


class State(StrEnum):
    """In which state a content page is; the words stand in ``rights.md``."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    LIVE = "live"
    LIVE_DRAFT = "live+draft"
    LIVE_REVIEW = "live+review"
    LIVE_APPROVED = "live+approved"
    DOWN = "down"


class UnknownWord(Exception):
    """The table says something that it does not explain, or is asked about something that it does not say."""


@dataclass(frozen=True)
class Line:
    """One way to an act. ``who``: codes of roles or EVERYBODY; ``states`` is empty where any will do."""

    act: str
    who: frozenset[str]
    states: frozenset[State]
    conditions: tuple[str, ...]


def read_page(text: str) -> dict[str, list[Line]]:
    """Act -> its lines. Raises UnknownWord for a role or a state that the page does not explain."""
    tables = list(_tables(text))
    rights, states, groups, longer = tables
    known = {state.value: frozenset({state}) for state in State}
    if {row[0] for row in states} != set(known):
        raise UnknownWord("states")
    for words, meaning in groups:
        known[words] = frozenset(State(word) for word in _parts(meaning))
    known[_ANY] = frozenset()
    meanings = {words: _parts(meaning) for words, meaning in longer}
    lines: dict[str, list[Line]] = {}
    for act, who, while_it_is, conditions in rights:
        codes = [_look_up(_CODES, word) for word in _parts(who)]
        lines.setdefault(act, []).append(
            Line(
                act,
                frozenset().union(*codes),
                _look_up(known, while_it_is),
                tuple(one for words in _parts(conditions) for one in meanings.get(words, [words])),
            )
        )
    return lines


def _tables(text: str) -> Iterator[list[list[str]]]:
    """Rows below the heading of each table."""
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif rows:
            yield rows[2:]
            rows = []


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _look_up(known: dict[str, Any], word: str) -> Any:
    if word not in known:
        raise UnknownWord(word)
    return known[word]


LINES = read_page(PAGE.read_text(encoding="utf-8"))


def why_not(act: str, roles: frozenset[str], state: State | None, holds: Callable[[str], bool]) -> str:
    """Empty when a line allows it, else what stands in the way. Raises UnknownWord for an act that has none.

    ``holds``: whether a condition, given by its words, is met.
    """
    found = ""
    for line in _look_up(LINES, act):
        if EVERYBODY not in line.who and not line.who & roles:
            found = found or "none of: " + ", ".join(sorted(line.who))
        elif line.states and state not in line.states:
            found = f"the page is {state}"
        elif (missing := next((words for words in line.conditions if not holds(words)), None)) is not None:
            found = f"not so: {missing}"
        else:
            return ""
    return found
