"""Several long paragraphs that stand in a draft a second time, one after the other: found, and removed if asked to.

Forms, lists of names and enclosures say the same words twice by right. So nothing is ever removed by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from .extraction.recognition.duplicates import equal_runs
from .extraction.spacing import squeeze

#: A run is suggested from so many long paragraphs on, each of so many characters.
_PARAGRAPHS = 2
_LONG = 20
_OPENS = re.compile(r"<p(?: [^<>]{0,400})?>")
_ENDS = "</p>"


@dataclass(frozen=True)
class RepeatedRun:
    """Paragraphs that stand in a text again. first: the number of the paragraph where they stand first, from 1;
    again: of the one where they stand again. key: names the run as long as the text is what it was.
    """

    key: str
    first: int
    again: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """A paragraph or heading: its block and, of a paragraph, where in the block's HTML it stands."""

    block: int
    span: tuple[int, int] | None
    text: str


def repeated_runs(stream: list[dict[str, Any]]) -> list[RepeatedRun]:
    """Return the runs of a stored stream of blocks, in order."""
    places = _places(stream)
    texts = [squeeze(place.text) for place in places]
    runs: list[RepeatedRun] = []
    for first, again, length in equal_runs(texts):
        if sum(len(text) >= _LONG for text in texts[again : again + length]) >= _PARAGRAPHS:
            run = tuple(place.text for place in places[again : again + length])
            key = sha256("\n".join([str(first), str(again), *run]).encode()).hexdigest()[:16]
            runs.append(RepeatedRun(key, first + 1, again + 1, run))
    return runs


def without_runs(stream: list[dict[str, Any]], runs: list[RepeatedRun]) -> list[dict[str, Any]]:
    """Return the stream without the second copy of each of its runs; what was the first stays untouched."""
    places = _places(stream)
    gone = {number for run in runs for number in range(run.again - 1, run.again - 1 + len(run.texts))}
    cut: dict[int, list[tuple[int, int] | None]] = {}
    for number in sorted(gone):
        cut.setdefault(places[number].block, []).append(places[number].span)
    kept = []
    for index, block in enumerate(stream):
        if index not in cut:
            kept.append(block)
            continue
        spans = [span for span in cut[index] if span is not None]
        if not spans:
            continue
        html = block["value"]
        for start, end in reversed(spans):
            html = html[:start] + html[end:]
        if strip_tags(html).strip() or "<embed" in html or "<img" in html:
            kept.append({**block, "value": html})
    return kept


def _places(stream: list[dict[str, Any]]) -> list[_Place]:
    places: list[_Place] = []
    for index, block in enumerate(stream):
        if block["type"] == "heading":
            places.append(_Place(index, None, str(block["value"].get("text", ""))))
        elif block["type"] == "rich_text":
            end = 0
            for start, end_of_tag, stop in _paragraphs(block["value"]):
                # A list between two paragraphs ends a run.
                if block["value"][end:start].strip():
                    places.append(_Place(index, None, ""))
                words = block["value"][end_of_tag : stop - len(_ENDS)]
                places.append(_Place(index, (start, stop), unescape(strip_tags(words)).strip()))
                end = stop
        else:
            places.append(_Place(index, None, ""))
    return places


def _paragraphs(html: str) -> Iterator[tuple[int, int, int]]:
    """Yield where each paragraph begins, where its text does, and where it ends."""
    end = 0
    while (opened := _OPENS.search(html, end)) is not None:
        stop = html.find(_ENDS, opened.end())
        if stop < 0:
            return
        end = stop + len(_ENDS)
        yield opened.start(), opened.end(), end
