"""Searching near letters, digits and words alone finds what searching the whole text finds."""

import random

import pytest

from govplatform.confidentiality.scanning.disguises import _PARTED
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.rules import marks, numbers, papers, plates
from govplatform.confidentiality.scanning.rules.documents import _PASSPORT
from govplatform.confidentiality.scanning.rules.reading import Reading
from govplatform.confidentiality.scanning.settings import ScanSettings
from govplatform.confidentiality.scanning.stretches import around, find_in, near_codes, near_word

pytestmark = pytest.mark.unit

_FILLING = "本办法所称事项由各级人民政府负责实施。\n"
_PLANTED = (
    "份号：000123",
    "第 12 份，共 30 份",
    "共30份（第 2 份",
    "士兵证号码 ： 政字第 00123456",
    "台胞证 12345678",
    "香港永久性居民身份证号码为A123456(7)",
    "云A·D12345",
    "京 A 1 2 3 4 5",
    "WJ·云·1234X",
    "使 100 200",
    "军 A B 12345",
    "护照 E12345678",
    "110101.19900307.5134",
    "110101 19900307 51 34",
    "138 0013\n8000",
    "★　绝 \n 密",
    "机密★启用前",
    "秘　密 ★ 10 个 月",
    "（商密）☆",
    "绝密级文件",
    "机 密 ：长　期",
)
_CODES = (
    _PARTED, _PASSPORT, marks._COPY, numbers._RUN, papers._LABEL_END, plates._PLATE, plates._SERVICE, plates._LETTERED,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_lost_between_the_stretches(seed: int) -> None:
    pick = random.Random(seed)
    text = "".join(
        _FILLING[: pick.randrange(len(_FILLING))] * pick.choice((0, 1, 9, 60)) + pick.choice((*_PLANTED, "", "。", " "))
        for _ in range(60)
    )
    reading = Reading(Piece(text, "body"), ScanSettings(), True)
    assert len(near_codes(text)) > 1
    for pattern in _CODES:
        found = [match.span() for match in reading.find_near_codes(pattern)]
        whole = [match.span() for match in pattern.finditer(text)]
        if pattern is papers._LABEL_END:
            # A label without a number behind it may be left out.
            numbered = {span for span in whole if any(number.match(text, span[1]) for _, number in papers._NUMBERS)}
            assert numbered <= set(found) <= set(whole)
        elif pattern is numbers._RUN:
            # The blanks at the end of a run may be cut.
            assert [text[slice(*span)].rstrip() for span in found] == [text[slice(*span)].rstrip() for span in whole]
        else:
            assert found == whole, pattern.pattern
    near = near_word(text, "密", marks._BEFORE, marks._BEHIND)
    for pattern in (marks._STARRED, marks._ALONE):
        assert [match.span() for match in find_in(text, pattern, near)] == [m.span() for m in pattern.finditer(text)]


def test_stretches_that_touch_are_one() -> None:
    assert around(100, [(10, 12), (20, 21), (60, 61), (99, 100)], 5, 4) == [(5, 25), (55, 65), (94, 100)]
    assert around(100, [], 5, 5) == []


def test_a_dense_text_and_one_without_codes() -> None:
    assert near_codes("一1" * 1000) == [(0, 2000)]
    assert near_codes("一" * 1000) == []
    assert near_codes("") == [(0, 0)]
    assert near_codes("一" * 1000 + "A") == [(952, 1001)]
