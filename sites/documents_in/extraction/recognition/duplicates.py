"""Passages that stand in a document more than once: named in a warning, never removed.

A form, a table of signatures or an enclosure says the same words twice by right; only a person can tell.
"""

import re
from collections.abc import Iterator, Sequence

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.spacing import shortened, squeeze

LONG = 20
SENTENCE = 30
RUN = 30
_STOPS = re.compile("[。！？]")
TEXTUAL = ("paragraph", "heading", "list")


def repeats_in(elements: list[Element]) -> list[str]:
    """Return warnings on passages that stand in a document more than once; nothing is removed."""
    texts = [squeeze(element.text) if element.kind in TEXTUAL else "" for element in elements]
    found = _repeated(texts)
    if not found:
        return _repeated_sentences(texts)
    shown = "；".join(f"“{_short(elements[index].text)}”" for index in found[:8])
    return [
        said(gettext_noop("有 %(count)s 段与前面的重复，未删除，请核对：%(shown)s。"), count=len(found), shown=shown)
    ]


def _repeated(texts: list[str]) -> list[int]:
    """Return the index of each paragraph, alone or in a row of short ones, that says what one above it says."""
    found: list[int] = []
    for origin, index, length in equal_runs(texts):
        text, run = texts[index], texts[index : index + length]
        # An addressee may rightly stand in a notice and again in the document it forwards.
        if (
            (length == 1 and len(text) >= LONG and text[-1] not in "：:")
            or (length == 1 and index - origin == 1 and len(text) >= 4)
            or (length > 1 and sum(map(len, run)) >= RUN and max(map(len, run)) >= 12)
        ):
            found += range(index, index + length)
    return found


def equal_runs(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield (first, again, length) of each longest run of texts that say again what those from ``first`` on say.

    Every text is looked at once: a run that was compared is not compared again from its middle. Empty texts end a run.
    """
    first: dict[str, int] = {}
    index = 0
    while index < len(texts):
        origin = first.setdefault(texts[index], index) if texts[index] else index
        length = 1
        if origin < index:
            while (
                index + length < len(texts)
                and origin + length < index
                and texts[index + length] == texts[origin + length] != ""
            ):
                length += 1
            yield origin, index, length
        index += length


def _repeated_sentences(texts: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    repeated: list[str] = []
    for index, text in enumerate(texts):
        for sentence in _STOPS.split(text)[:-1]:
            if len(sentence) >= SENTENCE and seen.setdefault(sentence, index) != index:
                repeated.append(sentence)
    if not repeated:
        return []
    shown = "；".join(f"“{_short(sentence)}”" for sentence in repeated[:5])
    return [
        said(
            gettext_noop("有 %(count)s 个较长的句子在不同段落中重复出现，未删除，请核对：%(shown)s。"),
            count=len(repeated),
            shown=shown,
        )
    ]


def _short(text: str) -> str:
    return shortened(text.replace("\n", " "), 20)
