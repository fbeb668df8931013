"""The writing out of Word's automatic numbers ("第一条"), which exist only in its numbering part, as text."""

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "japaneseCounting",
    "ideographDigital",
    "ideographTraditional",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "koreanCounting",
    "japaneseDigitalTenThousand",
}
_DIGITS = "零一二三四五六七八九"
LEVELS = 9


@dataclass
class Level:
    """One level of a numbering: Word's number format, its text such as "（%1）", the first number."""

    form: str
    text: str
    start: int


def write_numbers_out(document: Document) -> int:
    """Put the number of each automatically numbered paragraph in front of its text; return how many there were.

    Bullets and plain "1." lists stay lists. The document is changed in memory only.
    """
    definitions = _definitions(document)
    counters: dict[str, list[int]] = {}
    written = 0
    for paragraph in document.element.body.iter(qn("w:p")):
        number_id, level = _reference(document, paragraph)
        levels = definitions.get(number_id)
        if levels is None or level not in levels:
            continue
        counter = counters.setdefault(number_id, [0] * LEVELS)
        counter[level] = counter[level] + 1 if counter[level] else levels[level].start
        counter[level + 1 :] = [0] * (LEVELS - level - 1)
        if not _is_literal(levels[level]):
            continue
        _prepend(paragraph, _label(levels, counter, level))
        written += 1
    return written


def chinese(number: int) -> str:
    """Return a number in Chinese: 21 as 二十一, 110 as 一百一十; above 999 and below 0 in digits."""
    if number > 999 or number < 0:
        return str(number)
    if number < 10:
        return _DIGITS[number]
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _definitions(document: Document) -> dict[str, dict[int, Level]]:
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    abstract = {
        node.get(qn("w:abstractNumId")): {
            int(level.get(qn("w:ilvl"), "0")): Level(
                form=_value(level, "w:numFmt") or "decimal",
                text=_value(level, "w:lvlText"),
                start=int(_value(level, "w:start") or 1),
            )
            for level in node.iterchildren(qn("w:lvl"))
        }
        for node in root.iterchildren(qn("w:abstractNum"))
    }
    return {
        number.get(qn("w:numId")): abstract.get(_value(number, "w:abstractNumId"), {})
        for number in root.iterchildren(qn("w:num"))
    }


def _reference(document: Document, paragraph: Any) -> tuple[str, int]:
    """Return (numId, level) of a paragraph's numbering, from itself or its style; ("", 0) if it is not numbered."""
    properties = paragraph.pPr
    reference = properties.numPr if properties is not None else None
    if reference is None and properties is not None and properties.pStyle is not None:
        styles = {style.style_id: style for style in document.styles if style.type == 1}
        style: Any = styles.get(properties.pStyle.val)
        for _ in range(10):
            if style is None:
                break
            found = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if found is not None:
                reference = found
                break
            style = style.base_style
    if reference is None:
        return "", 0
    number, level = _value(reference, "w:numId"), _value(reference, "w:ilvl")
    return number, min(int(level or 0), LEVELS - 1)


def _is_literal(level: Level) -> bool:
    return level.form in CHINESE or any(mark in level.text for mark in "第（(章条節节、")


def _label(levels: dict[int, Level], counter: list[int], level: int) -> str:
    text = levels[level].text
    for index in range(level + 1):
        form = levels[index].form if index in levels else "decimal"
        number = counter[index] or 1
        text = text.replace(f"%{index + 1}", chinese(number) if form in CHINESE else str(number))
    return text + "　" if text.endswith(("章", "节", "節", "条", "條", "编")) else text


def _prepend(paragraph: Any, label: str) -> None:
    properties = paragraph.get_or_add_pPr()
    if properties.numPr is not None:
        properties.remove(properties.numPr)
    # numId 0 switches off the numbering that the style would bring.
    properties.get_or_add_numPr().get_or_add_numId().val = 0
    run = paragraph.add_r()
    run.text = label
    paragraph.remove(run)
    properties.addnext(run)


def _value(node: Any, name: str) -> str:
    child = node.find(qn(name))
    return "" if child is None else str(child.get(qn("w:val"), ""))
