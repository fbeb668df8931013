"""Doubled paragraphs, found by exact comparison: removed or left, and always reported in a warning."""

import re

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.spacing import squeeze

LONG = 20
CONTAINED = 30
RUN = 30
_SENTENCE = re.compile(r"[^。！？]+[。！？][”’」』）]?")
TEXTUAL = ("paragraph", "heading", "list")


def remove_duplicates(elements: list[Element]) -> tuple[list[Element], list[str]]:
    """Return (elements with each doubled passage once, warnings). What stays keeps its place."""
    texts = [squeeze(element.text) if element.kind in TEXTUAL else "" for element in elements]
    gone: dict[int, int] = {}
    _find_concatenations(texts, gone)
    concatenated = len(gone)
    _find_runs(texts, gone)
    _find_contained(texts, gone)
    kept = [element for index, element in enumerate(elements) if index not in gone]
    warnings = []
    if gone:
        shown = "；".join(f"“{_short(elements[index].text)}”" for index in sorted(gone)[:8])
        more = gettext_noop("发现重复段落 %(count)s 处，已删除：%(shown)s等。")
        all_shown = gettext_noop("发现重复段落 %(count)s 处，已删除：%(shown)s。")
        warnings.append(said(more if len(gone) > 8 else all_shown, count=len(gone), shown=shown))
    if concatenated:
        warnings.append(said(gettext_noop("其中 %(count)s 处是后面若干段连在一起的重复。"), count=concatenated))
    far = sum(index - origin > 1 for index, origin in gone.items())
    if far > 0:
        warnings.append(
            said(
                gettext_noop("有 %(count)s 处重复内容与原处不相邻，原文顺序可能已被打乱；未调整顺序，请对照原件核对。"),
                count=far,
            )
        )
    warnings += _repeated_sentences(kept)
    return kept, warnings


def repeats_in(elements: list[Element]) -> list[str]:
    """Return warnings on passages that stand in a document more than once; nothing is removed."""
    texts = [squeeze(element.text) if element.kind in TEXTUAL else "" for element in elements]
    found: dict[int, int] = {}
    _find_runs(texts, found)
    if not found:
        return _repeated_sentences(elements)
    shown = "；".join(f"“{_short(elements[index].text)}”" for index in sorted(found)[:8])
    return [
        said(gettext_noop("有 %(count)s 段与前面的重复，未删除，请核对：%(shown)s。"), count=len(found), shown=shown)
    ]


def _find_concatenations(texts: list[str], gone: dict[int, int]) -> None:
    """Enter in `gone` each paragraph that is nothing but the next two or more in one: its index to where these end."""
    for index, text in enumerate(texts):
        if len(text) < LONG:
            continue
        end, joined = index + 1, ""
        while end < len(texts) and len(joined) < len(text) and text.startswith(joined):
            if not texts[end]:
                break
            joined += texts[end]
            end += 1
        if joined == text and end - index > 2:
            gone[index] = end


def _find_runs(texts: list[str], gone: dict[int, int]) -> None:
    """Enter in `gone` each paragraph, or row of short ones, that occurs a second time: its index to the first's."""
    first: dict[str, int] = {}
    for index, text in enumerate(texts):
        if not text or index in gone:
            continue
        origin = first.setdefault(text, index)
        if origin == index:
            continue
        length = 0
        while (
            index + length < len(texts)
            and origin + length < index
            and texts[index + length] == texts[origin + length] != ""
            and index + length not in gone
        ):
            length += 1
        run = texts[index : index + length]
        alone = length == 1
        # An addressee may rightly stand in a notice and again in the document it forwards.
        if (
            (alone and len(text) >= LONG and text[-1] not in "：:")
            or (alone and index - origin == 1 and len(text) >= 4)
            or (length > 1 and sum(map(len, run)) >= RUN and max(map(len, run)) >= 12)
        ):
            for offset in range(length):
                gone[index + offset] = origin + offset


def _find_contained(texts: list[str], gone: dict[int, int]) -> None:
    """Enter in `gone` each paragraph of whole sentences that is also part of a longer one: its index to that one's."""
    left = [(index, text) for index, text in enumerate(texts) if index not in gone and len(text) >= CONTAINED]
    # The first twelve characters of each sentence serve as its key: nothing compares all with all.
    starts: dict[str, list[tuple[int, int]]] = {}
    for index, text in left:
        for sentence in _SENTENCE.finditer(text):
            starts.setdefault(text[sentence.start() : sentence.start() + 12], []).append((index, sentence.start()))
    for index, text in left:
        if text[-1] not in "。！？”":
            continue
        for other, position in starts.get(text[:12], [])[:50]:
            longer = other != index and other not in gone and len(texts[other]) > len(text)
            if longer and texts[other].startswith(text, position):
                gone[index] = other
                break


def _repeated_sentences(elements: list[Element]) -> list[str]:
    seen: dict[str, int] = {}
    repeated: list[str] = []
    for index, element in enumerate(elements):
        if element.kind not in TEXTUAL:
            continue
        for sentence in _SENTENCE.findall(squeeze(element.text)):
            if len(sentence) >= CONTAINED and seen.setdefault(sentence, index) != index:
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
    text = text.replace("\n", " ")
    return text if len(text) <= 20 else text[:19] + "…"
