"""The reading of numbers as official documents write them: 第一章, 第一条, 一、, （一）, 1."""

import re
from dataclasses import dataclass

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.spacing import shortened, tidy, unspread

_C = "〇○零一二三四五六七八九十百千"
_GAP = "[ 　]*"
_RULES = (
    ("part", rf"第{_GAP}(?P<n>[{_C}\d]+){_GAP}[编編]"),
    ("chapter", rf"第{_GAP}(?P<n>[{_C}\d]+){_GAP}章"),
    ("section", rf"第{_GAP}(?P<n>[{_C}\d]+){_GAP}[节節]"),
    ("article", rf"第{_GAP}(?P<n>[{_C}\d]+){_GAP}[条條]"),
    ("ideographic", rf"(?P<n>[{_C}]{{1,4}}){_GAP}、"),
    ("bracketed", rf"[（(]{_GAP}(?P<n>[{_C}]{{1,4}}){_GAP}[）)]"),
    ("arabic", r"(?P<n>\d{1,3})(?:[.．](?!\d)|、)"),
)
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _RULES]
_END = re.compile(r"[。；;，,：:！!？?、…]$")
HEADING_LENGTH = {"part": 40, "chapter": 40, "section": 40, "ideographic": 45, "bracketed": 30, "arabic": 25}
LEVELS = {"part": 2, "chapter": 2, "section": 3, "ideographic": 2, "bracketed": 3, "arabic": 4}
# The kinds whose count begins anew after a number of the kind that is the key.
RESETS = {
    "part": ("section", "ideographic", "bracketed", "arabic"),
    "chapter": ("section", "ideographic", "bracketed", "arabic"),
    "section": ("ideographic", "bracketed", "arabic"),
    "article": ("ideographic", "bracketed", "arabic"),
    "ideographic": ("bracketed", "arabic"),
    "bracketed": ("arabic",),
    "arabic": (),
}
_VALUES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}


@dataclass(frozen=True)
class Numbering:
    """The number at the beginning of a paragraph.

    kind: one of LEVELS or "article". value: the number, 0 if unreadable. label: as printed, without spaces.
    rest: the text after it.
    """

    kind: str
    value: int
    label: str
    rest: str

    def is_heading(self) -> bool:
        """Say whether the line is short enough, and without a stop at its end, to be a heading."""
        return (
            self.kind in LEVELS
            and 0 < len(self.rest) <= HEADING_LENGTH[self.kind]
            and not _END.search(self.rest)
            and "。" not in self.rest
        )


def read_numbering(text: str) -> Numbering | None:
    """Return the numbering at the beginning of a paragraph, or None."""
    for kind, pattern in _PATTERNS:
        found = pattern.match(text)
        if found is None:
            continue
        rest = text[found.end() :]
        # "第三章规定的……" and "第二条第一款" are sentences about a chapter, not the chapter.
        if kind in ("part", "chapter", "section") and re.match(r"[的至到和、，第]", rest):
            return None
        if kind == "article" and re.match(r"[的至到和、，第规規款项項]", rest):
            return None
        value = chinese_number(found["n"])
        return Numbering(kind, value, re.sub(r"[ 　]", "", found[0]), tidy(rest))
    return None


def heading_text(text: str) -> str:
    """Return a heading as it should be printed: "第一章 總 則" as "第一章　總則"."""
    found = read_numbering(text)
    if found is None:
        return unspread(text)
    gap = "　" if found.kind in ("part", "chapter", "section") else ""
    return f"{found.label}{gap}{unspread(found.rest)}"


def chinese_number(text: str) -> int:
    """Return the number written as "二十一" or "21", here 21; 0 when the text is not a number."""
    if text.isdigit() and text.isascii():
        return int(text)
    total, current = 0, 0
    for char in text:
        if char in ("十", "百", "千"):
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            current = 0
        elif char in _VALUES:
            current = _VALUES[char] if total or current == 0 else current * 10 + _VALUES[char]
        else:
            return 0
    return total + current


def order_warnings(paragraphs: list[str]) -> list[str]:
    """Return a warning for each paragraph whose number does not follow the one before. Nothing is moved."""
    last: dict[str, tuple[int, str]] = {}
    warnings = []
    for place, text in enumerate(paragraphs, start=1):
        found = read_numbering(text)
        if found is None or found.value == 0:
            continue
        before = last.get(found.kind)
        if before is not None and found.value not in (before[0] + 1, 1):
            warnings.append(
                said(
                    gettext_noop("编号次序可疑：第 %(place)s 段“%(text)s”出现在“%(before)s”之后，未调整，请核对。"),
                    place=place,
                    text=shortened(text, 16),
                    before=shortened(before[1], 16),
                )
            )
        elif before is None and found.value != 1 and found.kind != "arabic":
            warnings.append(
                said(
                    gettext_noop("编号次序可疑：第 %(place)s 段“%(text)s”之前没有前面的编号，请核对。"),
                    place=place,
                    text=shortened(text, 16),
                )
            )
        last[found.kind] = (found.value, text)
        for kind in RESETS[found.kind]:
            last.pop(kind, None)
    return warnings
