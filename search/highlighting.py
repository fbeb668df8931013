"""Marking the words that were asked for, in the characters of the original."""

from collections.abc import Sequence
from typing import NamedTuple

from .text.folding import fold, fold_with_places, place_of

#: Characters of a snippet, and how many of them stand before the first word that was found.
SNIPPET, BEFORE = 140, 40
#: A long text is searched piece by piece.
_PIECE = 2_000


class Segment(NamedTuple):
    """A stretch of text. ``marked``: it is one of the words that were asked for."""

    text: str
    marked: bool


def mark(text: str, runs: Sequence[str]) -> tuple[Segment, ...]:
    """Cut ``text`` into segments, those that fold to one of ``runs`` marked; together they are ``text``."""
    folded = fold_with_places(text)
    marks: list[tuple[int, int]] = []
    for run in runs:
        place = folded.text.find(run)
        while place >= 0:
            marks.append(folded.original(place, place + len(run)))
            place = folded.text.find(run, place + len(run))
    segments: list[Segment] = []
    done = 0
    for begins, end in sorted(marks):
        start = max(begins, done)
        if end <= start:
            continue
        if start > done:
            segments.append(Segment(text[done:start], False))
        segments.append(Segment(text[start:end], True))
        done = end
    if done < len(text):
        segments.append(Segment(text[done:], False))
    return _joined(segments)


def snippet(text: str, runs: Sequence[str]) -> tuple[Segment, ...]:
    """Return the stretch of ``text`` around the first of ``runs`` that stands in it, marked; () when none does."""
    place = _first_place(text, runs)
    if place < 0:
        return ()
    start = max(0, place - BEFORE)
    part = " ".join(text[start : start + SNIPPET].split())
    before = "…" if start else ""
    after = "…" if start + SNIPPET < len(text) else ""
    return _joined([Segment(before, False), *mark(part, runs), Segment(after, False)])


def beginning(text: str) -> tuple[Segment, ...]:
    """Return how ``text`` begins, for a hit that was met by something else."""
    part = " ".join(text[: SNIPPET + 60].split())
    return _joined([Segment(part[:SNIPPET], False), Segment("…" if len(part) > SNIPPET else "", False)])


def _first_place(text: str, runs: Sequence[str]) -> int:
    """Return where in ``text`` the first run begins that is found in the order of ``runs``; -1 for none."""
    overlap = max((len(run) for run in runs), default=0) * 3
    for run in runs:
        for start in range(0, max(1, len(text)), _PIECE):
            piece = text[start : start + _PIECE + overlap]
            found = fold(piece).find(run)
            if found >= 0:
                return start + place_of(piece, found)
    return -1


def _joined(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    for segment in segments:
        if not segment.text:
            continue
        if found and found[-1].marked == segment.marked:
            found[-1] = Segment(found[-1].text + segment.text, segment.marked)
        else:
            found.append(segment)
    return tuple(found)
