"""The recognition of a document's head: masthead, number, title, dates, label lines, addressee."""

import re
from dataclasses import dataclass, field

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.recognition.dates import DATE
from sites.documents_in.extraction.recognition.document_numbers import normalise_number, number_of_line
from sites.documents_in.extraction.recognition.furniture import furniture_warning
from sites.documents_in.extraction.recognition.labels import LABELS, read_label_line, read_label_table
from sites.documents_in.extraction.recognition.numbering import read_numbering
from sites.documents_in.extraction.recognition.offices import is_office_line, join_offices
from sites.documents_in.extraction.recognition.titles import (
    MAX_TITLE,
    is_complete,
    may_be_title_line,
    may_follow_title,
    wants_more,
    without_left_overs,
)
from sites.documents_in.extraction.spacing import squeeze, unspread

HEAD_ELEMENTS = 40
STRAY = 4
BROKEN_LINE = 8
_MASTHEAD = re.compile(r"^(?P<office>[\u4e00-\u9fff \u3000]{4,40})(?:文件)$")
_TIMESTAMP = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ 　]+\d{1,2}:\d{2}(?::\d{2})?)?$")
_BARE_DATE = re.compile(rf"^[（(]?{DATE}[)）]?$")
_APPENDIX = re.compile(r"^附[ 　]*(?:件|表|录|錄)[ 　]*+[\d一二三四五六七八九十]*+[ 　]*+[:：]?$")
_ADDRESSED = re.compile("各|政府|部门|部門|单位|單位|厅|廳|局|委|公司|同志|处|院|中心|办|辦|企业|学校")
_SIGNER = re.compile(r"签发人[ 　]{0,4}[:：].{1,40}$")
_COPY_OR_SECRECY = re.compile(r"^(?:特急|加急|平急|特提|签发人[:：].*)$")


@dataclass
class FrontMatter:
    """What the head of a document says.

    fields: values of labels that fill a field of the document, by field name; labels: values of other labels;
    consumed: indexes of the elements that leave the body; timestamps: the bare date or time lines;
    dropped: labels of the page, such as 浏览次数, with their values; passed_over: marks above the text that fill no
    field (特急, 签发人); taken: words that the page shows in another form or not at all, since it has fields.
    """

    title: str = ""
    document_number: str = ""
    masthead_office: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    consumed: set[int] = field(default_factory=set)
    repeated_titles: int = 0
    dropped: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    timestamps: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_front_matter(elements: list[Element]) -> FrontMatter:
    """Read the head of a document, from the top until the text proper begins."""
    front = FrontMatter()
    parts: list[tuple[int, Element]] = []
    closed = False
    for index, element in enumerate(elements[:HEAD_ELEMENTS]):
        text = element.text
        if element.kind == "table":
            values = read_label_table(element.rows)
            if not values:
                break
            _take_labels(front, values)
            front.consumed.add(index)
        elif element.kind == "image":
            continue
        elif element.kind not in ("paragraph", "heading"):
            break
        elif _take_line(front, text):
            front.consumed.add(index)
        elif is_addressee(text) or _begins_text(text):
            break
        elif _APPENDIX.match(text):
            continue
        elif parts and squeeze(text) == squeeze(join_title(parts)):
            front.repeated_titles += 1
            front.taken.append(text)
            front.consumed.add(index)
            closed = True
        elif not closed and _continues_title(parts, element):
            parts.append((index, element))
        elif parts:
            # Below the title only fields may follow; anything else is text.
            if not _only_fields_follow(elements, index):
                break
            closed = True
        elif not _BARE_DATE.match(text) and len(text) > STRAY:
            # Text has begun, and a title never stands in the middle of it.
            break
    _settle_title(front, parts)
    return front


def is_addressee(text: str) -> bool:
    """Say whether a paragraph is the line of those to whom the document is addressed (主送机关)."""
    return (
        4 <= len(text) <= 300
        and text[-1] in "：:"
        and "。" not in text
        and bool(_ADDRESSED.search(text))
        and read_numbering(text) is None
        and not re.search("如下|通知[:：]$|以下", text[-8:])
    )


def join_title(parts: list[tuple[int, Element]]) -> str:
    """Return the lines of a title joined to one."""
    joined = ""
    for _, element in parts:
        line = without_left_overs(unspread(element.text))
        if joined and joined[-1].isascii() and line[:1].isascii():
            joined += " "
        joined += line
    return joined


def _take_line(front: FrontMatter, text: str) -> bool:
    values = read_label_line(text)
    if values:
        _take_labels(front, values)
        return True
    signer = _SIGNER.search(text)
    if signer and (number_of_line(text[: signer.start()].strip(" 　")) or signer.start() == 0):
        front.passed_over.append(signer[0])
        text = text[: signer.start()].strip(" 　")
        if not text:
            return True
    number = number_of_line(text)
    if number:
        if front.document_number == number:
            front.taken.append(text)
        front.document_number = front.document_number or number
        return True
    masthead = _MASTHEAD.match(text)
    if masthead and is_office_line(squeeze(masthead["office"])):
        front.masthead_office = join_offices(squeeze(masthead["office"]))
        front.passed_over.append(text)
        return True
    if _TIMESTAMP.match(text):
        front.timestamps.append(text)
        return True
    if _COPY_OR_SECRECY.match(text):
        front.passed_over.append(text)
        return True
    return False


def _take_labels(front: FrontMatter, values: dict[str, str]) -> None:
    for label, value in values.items():
        target = LABELS.get(label, "")
        front.taken.append(label)
        if target == "-" or not value:
            if value:
                front.taken.append(value)
                front.dropped.append(f"{label}：{value}")
            continue
        if target:
            front.fields.setdefault(target, value)
        else:
            front.labels.setdefault(label, value)


def _begins_text(text: str) -> bool:
    return read_numbering(text) is not None or text[-1:] in "。；;" or len(text) > MAX_TITLE


def _continues_title(parts: list[tuple[int, Element]], element: Element) -> bool:
    text = without_left_overs(element.text)
    if _BARE_DATE.match(text):
        return False
    if not parts:
        return may_be_title_line(text) or (element.level == 1 and len(text) <= MAX_TITLE)
    title = join_title(parts)
    previous = parts[-1][1]
    if not may_be_title_line(text) or len(title) + len(text) > MAX_TITLE:
        return False
    if wants_more(title):
        return len(parts) < 5
    if is_complete(title):
        return may_follow_title(text)
    if len(title) >= BROKEN_LINE and len(parts) < 3 and element.level == previous.level and is_complete(text):
        # "试验县二〇二五年度河道" above "巡护工作方案".
        return not is_office_line(squeeze(title)) and not is_office_line(squeeze(text))
    if previous.level == 1 and element.level == 1 and not is_complete(title):
        return True
    # "云江省人民政府" above "关于……的通知", or above "公告".
    return is_office_line(squeeze(title)) and (
        text.startswith(("关于", "關於", "转发", "轉發", "印发", "印發", "批转"))
        or (len(squeeze(text)) <= 4 and is_complete(squeeze(text)))
    )


def _only_fields_follow(elements: list[Element], index: int) -> bool:
    """Say whether fields follow within three elements, so that this line is a mere remark such as a subtitle."""
    return any(
        number_of_line(element.text) or read_label_line(element.text) or _TIMESTAMP.match(element.text)
        for element in elements[index + 1 : index + 4]
        if element.kind == "paragraph"
    )


def _settle_title(front: FrontMatter, parts: list[tuple[int, Element]]) -> None:
    front.warnings += furniture_warning(front.dropped)
    if front.passed_over:
        shown = "；".join(f"“{text[:30]}”" for text in front.passed_over)
        front.warnings.append(said(gettext_noop("版头的内容未放入正文：%(shown)s。"), shown=shown))
        front.taken += front.passed_over
    title = join_title(parts)
    if len(parts) > 1 and wants_more(title):
        # The lines below never finished it: they belong to the text.
        parts = parts[:1]
        title = join_title(parts)
    front.title = title
    front.consumed |= {index for index, _ in parts}
    if len(parts) > 1:
        front.warnings.append(
            said(gettext_noop("标题由 %(count)s 行合并而成，请核对：%(title)s。"), count=len(parts), title=title)
        )
    if front.repeated_titles:
        front.warnings.append(
            said(gettext_noop("标题在正文前重复出现 %(count)s 次，已去除。"), count=front.repeated_titles)
        )
    stated = front.fields.get("title", "")
    if title and squeeze(stated) == squeeze(title):
        front.taken.append(stated)
    if not title and stated:
        front.title = stated
    labelled = front.fields.get("document_number", "")
    if labelled:
        number = normalise_number(labelled)
        if front.document_number == number:
            front.taken.append(labelled)
        if front.document_number and front.document_number != number:
            front.warnings.append(
                said(
                    gettext_noop("发文字号有两种写法：%(first)s 与 %(second)s，已取前者，请核对。"),
                    first=front.document_number,
                    second=number,
                )
            )
        front.document_number = front.document_number or number
