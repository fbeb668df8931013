"""What changed between two versions: metadata, text by paragraphs, files."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..models import ResourceFile, ResourceVersion
from .facts import metadata_words

#: Number of unchanged paragraphs that are shown before and after a change.
_CONTEXT = 2
_MOST_PARAGRAPHS = 4000
_LONGEST_BY_LETTERS = 3000
_SAME, _ADDED, _REMOVED = "same", "added", "removed"

Span = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """One line of a comparison of texts: a paragraph, or a passage left out.

    ``kind``: same, added, removed, changed, or skipped (then ``count`` paragraphs are left out).
    ``spans``: (same, added or removed; words).
    """

    kind: str
    spans: tuple[Span, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class Difference:
    """The difference of two versions. ``fields``: (label, before, after); ``files``: (added or removed, name)."""

    fields: list[tuple[str, str, str]]
    lines: list[Line]
    files: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.files or any(line.kind not in (_SAME, "skipped") for line in self.lines))


def difference(before: ResourceVersion, after: ResourceVersion) -> Difference:
    """Compare two versions of a resource: metadata, text and files."""
    return Difference(_fields(before, after), list(_shortened(_lines(before.text, after.text))), _files(before, after))


def _fields(before: ResourceVersion, after: ResourceVersion) -> list[tuple[str, str, str]]:
    old, new = metadata_words(before), metadata_words(after)
    codes = [*old, *(code for code in new if code not in old)]
    pairs = [
        ((old.get(code) or new[code])[0], old.get(code, ("", ""))[1], new.get(code, ("", ""))[1]) for code in codes
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _files(before: ResourceVersion, after: ResourceVersion) -> list[tuple[str, str]]:
    def named(version: ResourceVersion) -> dict[tuple[str, str], str]:
        found = ResourceFile.objects.filter(version=version).exclude(kind=ResourceFile.Kind.RENDITION)
        return {(file.blob_id, file.name): file.title or file.name for file in found}

    old, new = named(before), named(after)
    return [(_REMOVED, old[key]) for key in old if key not in new] + [
        (_ADDED, new[key]) for key in new if key not in old
    ]


def _lines(before: str, after: str) -> Iterator[Line]:
    old, new = before.split("\n")[:_MOST_PARAGRAPHS], after.split("\n")[:_MOST_PARAGRAPHS]
    for act, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            yield from (Line(_SAME, ((_SAME, text),)) for text in old[a1:a2])
            continue
        paired = min(a2 - a1, b2 - b1)
        for first, second in zip(old[a1 : a1 + paired], new[b1 : b1 + paired], strict=True):
            yield from _changed(first, second)
        yield from (Line(_REMOVED, ((_REMOVED, text),)) for text in old[a1 + paired : a2])
        yield from (Line(_ADDED, ((_ADDED, text),)) for text in new[b1 + paired : b2])


def _changed(first: str, second: str) -> Iterator[Line]:
    """Yield one paragraph with its changed letters marked, or two when they have too little in common."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if max(len(first), len(second)) > _LONGEST_BY_LETTERS or matcher.ratio() < 0.4:
        yield Line(_REMOVED, ((_REMOVED, first),))
        yield Line(_ADDED, ((_ADDED, second),))
        return
    spans: list[Span] = []
    for act, a1, a2, b1, b2 in matcher.get_opcodes():
        if act == "equal":
            spans.append((_SAME, first[a1:a2]))
            continue
        if a2 > a1:
            spans.append((_REMOVED, first[a1:a2]))
        if b2 > b1:
            spans.append((_ADDED, second[b1:b2]))
    yield Line("changed", tuple(spans))


def _shortened(lines: Iterator[Line]) -> Iterator[Line]:
    """Replace long unchanged passages by one line that says how many paragraphs were left out."""
    kept = list(lines)
    near = set[int]()
    for position, line in enumerate(kept):
        if line.kind != _SAME:
            near.update(range(position - _CONTEXT, position + _CONTEXT + 1))
    skipped = 0
    for position, line in enumerate(kept):
        if position not in near:
            skipped += 1
            continue
        if skipped:
            yield Line("skipped", count=skipped)
            skipped = 0
        yield line
    if skipped:
        yield Line("skipped", count=skipped)
