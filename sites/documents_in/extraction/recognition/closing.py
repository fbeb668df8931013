"""The lines below the text of an official document (GB/T 9704): what it encloses, who signed it when, its note."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.recognition.dates import DATE
from sites.documents_in.extraction.recognition.numbering import read_numbering
from sites.documents_in.extraction.recognition.offices import OFFICES, is_office_line
from sites.documents_in.extraction.spacing import squeeze

#: The class of the paragraph that such a line becomes: signature or date, note, one line of 附件：.
ClosingKind = Literal["sign-off", "remark", "enclosures"]

MAX_OFFICES = 8
#: A bare date this near to the end is the document's own.
TAIL = 8
_LONGEST_NAME = 100
_BOTH = re.compile(rf"^(?P<office>{OFFICES})[ 　]*+(?P<date>{DATE})$")
_DATE_LINE = re.compile(rf"^[（(]?{DATE}[)）]?$")
_REMARK = re.compile(r"^[（(][ 　]*(?:此件|本件|此文件?|联系人|聯繫人|联系电话)[^（）()\n]{1,60}[）)]$")
#: The line that names the enclosures, whose numbers go on in the lines below.
_ENCLOSED = re.compile(r"^附[ 　]*件[ 　]*[:：]")
_APPENDIX = re.compile(r"^附[ 　]*(?:件|表|录|錄)[ 　]*\d*$")
_SERIAL = re.compile(r"(?:^|(?<=[ 　；;。]))[（(]?(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})[.．、)）][ 　]*")


@dataclass(frozen=True)
class SignedLines:
    """The lines of one signature: their places, who signed, the day as it is written."""

    places: tuple[int, ...]
    offices: list[str]
    day: str


@dataclass
class Closing:
    """What was found below a text.

    kinds: place of an element to the class of its paragraph; remark: the first note, without its brackets; enclosures:
    the names of what is enclosed, in order.
    """

    kinds: dict[int, ClosingKind] = field(default_factory=dict)
    remark: str = ""
    enclosures: list[str] = field(default_factory=list)


def read_closing(elements: Sequence[Element]) -> Closing:
    """Recognise the lines below the text of a document and of what it forwards or encloses."""
    texts = [element.text if element.kind == "paragraph" else "" for element in elements]
    closing = Closing()
    found = [signed.places for signed in signatures(texts)]
    alone = lonely_date(texts) if not found else None
    for places in [*found, *([(alone,)] if alone is not None else [])]:
        # A name and a day at the very top are a line below the title, not the end of anything.
        if places[0] > 0:
            closing.kinds |= dict.fromkeys(places, "sign-off")
    for place, text in enumerate(texts):
        if _REMARK.match(text):
            closing.kinds[place] = "remark"
            # How it is disclosed says more than whom to call.
            if not closing.remark or ("公开" in text and "公开" not in closing.remark):
                closing.remark = squeeze(text)[1:-1]
    _read_enclosures(elements, closing)
    return closing


def signatures(texts: Sequence[str]) -> Iterator[SignedLines]:
    """Yield the names above, or on, each line with a date; "" in ``texts`` is what is no paragraph."""
    for place, text in enumerate(texts):
        both = _BOTH.match(text)
        if both and is_office_line(both["office"]):
            yield SignedLines((place,), [both["office"]], both["date"])
            continue
        if not _DATE_LINE.match(text):
            continue
        offices: list[str] = []
        above = place - 1
        while above >= 0 and len(offices) < MAX_OFFICES and is_office_line(_compact(texts[above])):
            offices.insert(0, _compact(texts[above]))
            above -= 1
        if offices:
            yield SignedLines(tuple(range(above + 1, place + 1)), offices, text)


def lonely_date(texts: Sequence[str]) -> int | None:
    """Return the place of a bare date near the end (before enclosures); None without one."""
    end = next((place for place, text in enumerate(texts) if _APPENDIX.match(text)), len(texts))
    for place in range(end - 1, max(0, end - TAIL) - 1, -1):
        if _DATE_LINE.match(texts[place]):
            return place
    return None


def names_enclosures(text: str) -> bool:
    """Say whether a line begins the names of what is enclosed."""
    return bool(_ENCLOSED.match(text))


def _read_enclosures(elements: Sequence[Element], closing: Closing) -> None:
    """Take the first line 附件： and those below it that go on with its numbers."""
    start = next(
        (place for place, one in enumerate(elements) if one.kind == "paragraph" and _ENCLOSED.match(one.text)), None
    )
    if start is None:
        return
    closing.kinds[start] = "enclosures"
    told = [_ENCLOSED.sub("", elements[start].text)]
    place = start + 1
    while place < len(elements):
        element = elements[place]
        numbering = read_numbering(element.text) if element.kind == "paragraph" else None
        if element.kind == "list":
            # Numbered by the word processor: the names without their numbers.
            told += element.text.splitlines()
        elif numbering is not None and numbering.kind == "arabic" and place not in closing.kinds:
            closing.kinds[place] = "enclosures"
            told.append(element.text)
        else:
            break
        place += 1
    closing.enclosures = [name for line in told for name in _names(line)]


def _names(line: str) -> list[str]:
    parts = (
        [part.strip(" 　；;。") for part in _SERIAL.split(line)[::2]] if _SERIAL.search(line) else [line.strip(" 　。")]
    )
    return [part for part in parts if 0 < len(part) <= _LONGEST_NAME]


def _compact(text: str) -> str:
    """Return a name that is set wide ("云 江 省 财 政 厅") without spaces; names side by side keep their gap."""
    parts = re.split(r"[ 　]+", text)
    return "".join(parts) if all(len(part) <= 2 for part in parts) else text
