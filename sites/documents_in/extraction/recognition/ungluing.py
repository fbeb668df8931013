"""The separation of paragraphs that a copy from a web page ran together, at unmistakable seams."""

import re

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element, paragraph
from sites.documents_in.extraction.recognition.dates import DATE
from sites.documents_in.extraction.recognition.document_numbers import NUMBER, free_numbers
from sites.documents_in.extraction.recognition.offices import OFFICE
from sites.documents_in.extraction.recognition.titles import GLUED_TITLE
from sites.documents_in.extraction.spacing import tidy

_N = "[一二三四五六七八九十]{1,3}"
_C = "[一二三四五六七八九十百]{1,5}"
_ACTS = "[印发施執执起前后以之，,、的至到]"
_SIGNATURE = re.compile(rf"(?:^|(?<=。))(?P<office>{OFFICE})[ 　]*(?P<date>{DATE})(?!{_ACTS})")
_PUBLISHED = re.compile(
    rf"(?:发布日期|发布时间|發布日期|發布時間)[:：]\s*{DATE}(?:[ 　]*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?"
)
_SECTION = re.compile(rf"(?<=[。：；])(?={_N}、(?!{_N}[、和及]))")
_CHAPTER = re.compile(rf"(?<=[。；])[ 　]*(?=第{_C}[章节節][ 　]+[^。，；：]{{1,30}}$)")
_ARTICLE = re.compile(rf"(?<=。)[ 　]*(?=第{_C}[条條][ 　]+\S)")
_ADDRESSEE = re.compile(r"^各[^。：:]{4,200}(?:政府|部门|部門|单位|單位|机构|機構|厅|局|委)[^。：:]{0,20}[：:](?=.)")
_QUOTED_TITLE = re.compile(r"《([^《》]{8,100})》")
_AFTER_NUMBER = "，、。；）)》”和及与等的文号件通规精要"
HEAD = 4
#: Fields that one paragraph is cut at; what has more is no copy of a document.
MOST_FIELDS = 50
KEY = 8
#: What a cut would lose: links, and figures above or below the line.
_MARKED = re.compile(r"<(?:a |su[bp]>)")


def unglue(elements: list[Element]) -> tuple[list[Element], list[str]]:
    """Return (elements with run-together paragraphs taken apart, warnings). No character is lost or moved."""
    # By their first characters: nothing compares every title with every paragraph.
    known: dict[str, set[str]] = {}
    for element in elements:
        for found in _QUOTED_TITLE.findall(element.text):
            known.setdefault(found[:KEY], set()).add(found)
    result: list[Element] = []
    seams = 0
    for index, element in enumerate(elements):
        if element.kind != "paragraph" or len(element.text) < 20 or _MARKED.search(element.html):
            result.append(element)
            continue
        parts = _split(element.text, known, in_head=index < HEAD)
        seams += len(parts) - 1
        if len(parts) == 1:
            result.append(element)
        else:
            result += [paragraph(part) for part in parts]
    warnings = []
    if seams:
        warnings.append(
            said(
                gettext_noop("原文有 %(count)s 处不同段落粘连在一起，已在标题、文号、称谓、落款、编号处分段，请核对。"),
                count=seams,
            )
        )
    return result, warnings


def _split(text: str, known: dict[str, set[str]], *, in_head: bool) -> list[str]:
    parts = _split_fields(text, known, in_head=in_head)
    for pattern in (_SECTION, _CHAPTER, _ARTICLE):
        parts = [piece for part in parts for piece in pattern.split(part)]
    return [part for part in (tidy(part) for part in parts) if part]


def _split_fields(text: str, known: dict[str, set[str]], *, in_head: bool) -> list[str]:
    """Cut a text at title, number, publishing date, addressee and signature, from left to right; return its parts."""
    parts: list[str] = []
    rest = text
    after_field = False
    while rest:
        if len(parts) >= MOST_FIELDS:
            parts.append(rest)
            break
        cut = _leading_field(rest, known, after_field=after_field, in_head=in_head)
        if cut:
            parts.append(rest[:cut])
            rest = tidy(rest[cut:])
            if in_head and cut >= 10:
                known.setdefault(parts[-1][:KEY], set()).add(parts[-1])
            after_field = True
            continue
        signature = _SIGNATURE.search(rest)
        if signature is None:
            parts.append(rest)
            break
        parts += [rest[: signature.start()], signature["office"], signature["date"]]
        rest = tidy(rest[signature.end() :])
        after_field = True
    return [part for part in parts if part]


def _leading_field(text: str, known: dict[str, set[str]], *, after_field: bool, in_head: bool) -> int:
    """Return how many characters at the beginning are a field with other text glued to it; 0 for none."""
    published = _PUBLISHED.search(text) if in_head else None
    if published is not None and published.start() == 0:
        return published.end() if published.end() < len(text) else 0
    number = next(iter(free_numbers(text[:300])), None)
    starts_with_number = re.match(NUMBER, text)
    if starts_with_number and (after_field or in_head):
        following = text[starts_with_number.end() :].lstrip()
        if following and following[0] not in _AFTER_NUMBER:
            return starts_with_number.end()
    if after_field or in_head:
        for title in sorted(known.get(text[:KEY], ()), key=len, reverse=True):
            if text.startswith(title) and len(text) > len(title):
                return len(title)
        glued = re.match(rf"(?P<title>{GLUED_TITLE})(?={NUMBER})", text)
        if glued and number is not None:
            return glued.end()
    if published is not None and published.start() <= 100 and "。" not in text[: published.start()]:
        return published.start()
    if after_field:
        addressee = _ADDRESSEE.match(text)
        if addressee:
            return addressee.end()
    return 0
