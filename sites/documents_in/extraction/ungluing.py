"""The separation of paragraphs that a copy from a web page ran together, at unmistakable seams."""

import re

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.dates import DATE
from sites.documents_in.extraction.document_numbers import NUMBER, free_numbers
from sites.documents_in.extraction.element import Element, paragraph
from sites.documents_in.extraction.offices import OFFICE
from sites.documents_in.extraction.spacing import squeeze, tidy
from sites.documents_in.extraction.titles import GLUED_TITLE

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


def unglue(elements: list[Element], *, deletes_repeats: bool = True) -> tuple[list[Element], list[str]]:
    """Return (elements with run-together paragraphs taken apart, warnings).

    No character is lost or moved, but of a paragraph that says the same passage twice one half is removed
    where `deletes_repeats` is on.
    """
    known = {found for element in elements for found in _QUOTED_TITLE.findall(element.text)}
    result: list[Element] = []
    seams = doubled = 0
    for index, element in enumerate(elements):
        if element.kind != "paragraph" or len(element.text) < 20 or "<a " in element.html:
            result.append(element)
            continue
        text, times = _halve(element.text) if deletes_repeats else (element.text, 0)
        doubled += times
        parts = _split(text, known, in_head=index < HEAD)
        seams += len(parts) - 1
        if len(parts) == 1:
            result.append(element.retext(text))
        else:
            result += [paragraph(part) for part in parts]
    warnings = []
    if doubled:
        warnings.append(said(gettext_noop("有 %(count)s 段的内容在段内整段重复了一遍，已各保留一遍。"), count=doubled))
    if seams:
        warnings.append(
            said(
                gettext_noop("原文有 %(count)s 处不同段落粘连在一起，已在标题、文号、称谓、落款、编号处分段，请核对。"),
                count=seams,
            )
        )
    return result, warnings


def _halve(text: str) -> tuple[str, int]:
    """Return (text, 1) with only the first half of a text that is the same passage twice in a row; else (text, 0)."""
    dense = squeeze(text)
    half, odd = divmod(len(dense), 2)
    if odd or half < 10 or dense[:half] != dense[half:]:
        return text, 0
    # Space may differ between the two; cut where half of the visible characters are passed.
    seen = 0
    for position, char in enumerate(text):
        if seen == half and squeeze(char):
            return text[:position].rstrip(" 　"), 1
        seen += bool(squeeze(char))
    return text, 0


def _split(text: str, known: set[str], *, in_head: bool) -> list[str]:
    parts = _split_fields(text, known, in_head=in_head)
    for pattern in (_SECTION, _CHAPTER, _ARTICLE):
        parts = [piece for part in parts for piece in pattern.split(part)]
    return [part for part in (tidy(part) for part in parts) if part]


def _split_fields(text: str, known: set[str], *, in_head: bool) -> list[str]:
    """Cut a text at title, number, publishing date, addressee and signature, from left to right; return its parts."""
    parts: list[str] = []
    rest = text
    after_field = False
    while rest:
        cut = _leading_field(rest, known, after_field=after_field, in_head=in_head)
        if cut:
            parts.append(rest[:cut])
            rest = tidy(rest[cut:])
            if in_head and cut >= 10:
                known = known | {parts[-1]}
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


def _leading_field(text: str, known: set[str], *, after_field: bool, in_head: bool) -> int:
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
        for title in sorted(known, key=len, reverse=True):
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
