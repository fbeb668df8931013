"""All terms in memory: pages ask for labels with every request, and there are only some hundred terms.

A process checks every five seconds whether something was changed elsewhere; its own changes show at once. In one state
of the database (``govplatform.rendering.state``) they are the terms of that state: what is rendered because a word was
changed shows the word.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from govplatform.rendering.state import current_state, shared

from .models import Term, TermChange

#: Seconds for which the snapshot is used without asking the database.
_TRUSTED = 5.0


@dataclass(frozen=True)
class TermRow:
    """A term as readers need it; ``parent`` and ``merged_into`` are codes or ''."""

    vocabulary: str
    code: str
    label: str
    parent: str
    aliases: tuple[str, ...]
    order: int
    active: bool
    merged_into: str
    note: str
    status: str


@dataclass
class Snapshot:
    """The terms as of a ``version``. ``terms``: vocabulary -> code -> row, in order (top, its children, next top).

    ``checked``: when the version was last compared, on the monotonic clock.
    """

    version: int
    checked: float
    terms: dict[str, dict[str, TermRow]] = field(default_factory=dict)


_current: Snapshot | None = None


def read_snapshot() -> Snapshot:
    """Return the terms as they are now, or were at most five seconds ago in another process."""
    return _read() if current_state() is None else shared("vocabularies", _read_of_state)


def _read_of_state() -> Snapshot:
    global _current
    held, version = _current, _version()
    if held is not None and held.version == version:
        return held
    fresh = Snapshot(version, time.monotonic(), _rows())
    if held is None or held.version < version:
        # Another thread may be in a later state: an older one is no news for it.
        _current = fresh
    return fresh


def _read() -> Snapshot:
    global _current
    now = time.monotonic()
    held = _current
    if held is not None and now - held.checked < _TRUSTED:
        return held
    version = _version()
    if held is not None and held.version == version:
        held.checked = now
        return held
    _current = fresh = Snapshot(version, now, _rows())
    return fresh


def forget_terms() -> None:
    """Make this process read the terms anew, after a change or its undoing."""
    global _current
    _current = None


def forget_changed_terms() -> None:
    """Make this process read its own change at once, and anew when the transaction ends: others may have read the old
    state until then.
    """
    forget_terms()
    transaction.on_commit(forget_terms)


def _version() -> int:
    return int(TermChange.objects.aggregate(last=Max("pk"))["last"] or 0)


def _rows() -> dict[str, dict[str, TermRow]]:
    below: dict[tuple[str, str], list[TermRow]] = defaultdict(list)
    for term in Term.objects.select_related("parent", "merged_into").order_by("order", "code"):
        row = TermRow(
            vocabulary=term.vocabulary,
            code=term.code,
            label=term.label,
            parent=term.parent.code if term.parent else "",
            aliases=tuple(term.aliases),
            order=term.order,
            active=term.is_active,
            merged_into=term.merged_into.code if term.merged_into else "",
            note=term.note,
            status=term.status,
        )
        below[term.vocabulary, row.parent].append(row)
    found: dict[str, dict[str, TermRow]] = defaultdict(dict)
    for vocabulary, parent in list(below):
        if parent:
            continue
        for top in below[vocabulary, ""]:
            found[vocabulary][top.code] = top
            found[vocabulary].update({row.code: row for row in below.get((vocabulary, top.code), [])})
    return dict(found)
