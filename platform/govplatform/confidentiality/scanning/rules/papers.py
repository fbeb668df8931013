"""Papers of persons whose numbers have no form of their own: found by the label before them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .rule import Hit

if TYPE_CHECKING:
    from .reading import Reading

#: Between a label and its number.
_BETWEEN = "(?:(?:证件)?(?:号码|编号|字号|号))?[ \\t\u3000]{0,3}[:：为是]?[ \\t\u3000]{0,3}"
_NUMBERS = (
    # 军官证, 士兵证, 警官证 ...: “军字第1234567号”, “政字第 00123456 号” or the digits alone.
    (
        re.compile("(?:军官|士兵|士官|军人|文职(?:干部|人员)?|警官|人民警察|警察|义务兵|军官退休|离休干部)证"),
        re.compile(f"{_BETWEEN}((?:[一-龥]{{1,4}}?字?第?[ \u3000]?)?[0-9]{{6,8}})(?![0-9A-Za-z])"),
    ),
    # 台湾居民来往大陆通行证: eight digits, or ten of the older form.
    (
        re.compile("台胞证|臺胞證|台湾居民来往大陆通行证|臺灣居民來往大陸通行證"),
        re.compile(f"{_BETWEEN}([0-9]{{8}}(?:[0-9]{{2}}(?:[(（]?[A-Z][)）]?)?)?)(?![0-9A-Za-z])"),
    ),
    (
        re.compile("(?:香港|港)(?:特别行政区|居民|特区)?(?:永久性?居民)?(?:身份证|身份證|证件)|(?i:hkid)"),
        re.compile(f"{_BETWEEN}([A-Z]{{1,2}}[0-9]{{6}}[ ]?(?:[(（][0-9A]?[)）]|[0-9A]))(?![0-9A-Za-z])"),
    ),
    (
        re.compile("(?:澳门|澳門|澳)(?:特别行政区|居民|特区)?(?:永久性?居民)?(?:身份证|身份證|证件)"),
        re.compile(f"{_BETWEEN}([157][0-9]{{6}}[ /]?(?:[(（][0-9][)）]|[0-9]))(?![0-9A-Za-z])"),
    ),
    (
        re.compile("(?:台湾|臺灣|台灣|台)(?:地区|居民|地區)?(?:国民|國民)?(?:身份证|身份證|身分證|证件)"),
        re.compile(f"{_BETWEEN}([A-Z][1289A-D][0-9]{{8}})(?![0-9A-Za-z])"),
    ),
)
#: The last characters of the labels: one class first, which the search is quick for.
_LABEL_END = re.compile("[证證件Dd](?<=[官兵人部员职警察胞行份分证Ii].)")
#: No label is longer.
_REACH = 24


def find_papers(reading: "Reading") -> Iterator[Hit]:
    """Find numbers of cards of officers, soldiers and policemen, of Taiwan permits and of identity cards from outside.

    In a table the label is the head of the column.
    """
    text = reading.text
    seen: set[int] = set()
    for end in reading.find_near_codes(_LABEL_END):
        before = text[max(0, end.end() - _REACH) : end.end()]
        for label, number in _NUMBERS:
            match = number.match(text, end.end())
            if match is not None and match.start(1) not in seen and _ends_with(label, before):
                seen.add(match.start(1))
                yield Hit(match.start(1), match.end(1), re.sub(r"[ \u3000]", "", match[1]))
    if reading.is_table:
        yield from _in_columns(reading, seen)


def _ends_with(label: re.Pattern[str], words: str) -> bool:
    return any(match.end() == len(words) for match in label.finditer(words))


def _in_columns(reading: "Reading", seen: set[int]) -> Iterator[Hit]:
    """Cells below a head that is such a label."""
    text, header = reading.text, reading.piece.header
    heads = header or tuple(text[: max(0, text.find("\n"))][:2000].split("\t"))
    columns = [
        (at, number) for at, head in enumerate(heads) for label, number in _NUMBERS if label.search(head[:_REACH])
    ]
    if not columns:
        return
    offset = 0
    for line in text.splitlines(keepends=True):
        cells = line.split("\t")
        starts = [offset]
        for cell in cells:
            starts.append(starts[-1] + len(cell) + 1)
        offset += len(line)
        for at, number in columns:
            match = number.fullmatch(cells[at].strip()) if at < len(cells) else None
            if match is not None:
                start = starts[at] + cells[at].find(match[1])
                if start not in seen:
                    seen.add(start)
                    yield Hit(start, start + len(match[1]), re.sub(r"[ \u3000]", "", match[1]))
