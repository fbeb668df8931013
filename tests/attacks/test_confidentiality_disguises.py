"""A value that is hidden from the eye of a program is found all the same, at its place, and masked."""

import pytest

from govplatform.confidentiality.scanning.engine import scan_document
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.settings import ScanSettings

pytestmark = pytest.mark.unit

#: Valid, of nobody.
NUMBER = "110105194912310097"


def in_digits(*digits: str) -> str:
    return NUMBER.translate(str.maketrans("0123456789", "".join(digits)))


def found(text: str) -> list:
    return scan_document([Piece(text, "body")], ScanSettings()).findings


UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\u2062\u00ad\u034f\u0336\ufe0f\u180e\u2800\u3164\ufeff\U000e0061"
SCRIPTS = (
    "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "⓪①②③④⑤⑥⑦⑧⑨", "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "₀₁₂₃₄₅₆₇₈₉", "०१२३४५६७८९", "⓿❶❷❸❹❺❻❼❽❾", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "O123456789", "0l23456789",
)  # fmt: skip


@pytest.mark.parametrize("character", list(UNSEEN), ids=lambda c: f"U+{ord(c):04X}")
def test_unseen_characters_between_the_digits(character):
    (finding,) = found("号码：" + character.join(NUMBER) + "。")
    assert (finding.rule, finding.offset) == ("id-card", 3)
    assert finding.length == 2 * len(NUMBER) - 1
    assert NUMBER[6:14] not in finding.excerpt


@pytest.mark.parametrize("digits", SCRIPTS)
def test_digits_of_other_scripts(digits):
    (finding,) = found("号码：" + in_digits(digits) + "。")
    assert (finding.rule, finding.offset, finding.length) == ("id-card", 3, 18)
    assert NUMBER[6:14] not in finding.excerpt


@pytest.mark.parametrize("sign", [".", "·", "_", "/", "，", "*", "（", "     "])
def test_signs_between_the_parts(sign):
    (finding,) = found(sign.join((NUMBER[:6], NUMBER[6:14], NUMBER[14:])))
    assert finding.rule == "id-card"
    assert found(".".join(NUMBER))[0].rule == "id-card"


def test_directions_turned_round_inside():
    text = f"{NUMBER[:6]}\u202d{NUMBER[6:14]}\u202c{NUMBER[14:]}"
    assert [finding.rule for finding in found(text)] == ["id-card"]


@pytest.mark.parametrize("last", ["Х", "Χ", "Ⅹ", "×", "ｘ", "x"])
def test_what_is_drawn_like_the_check_character(last):
    assert [finding.rule for finding in found("11010519491231002" + last)] == ["id-card"]


@pytest.mark.parametrize("telephone", ["\u200e".join("13812345678"), "一三八一二三四五六七八", "138.1234.5678"])
def test_telephones(telephone):
    assert "mobile" in {finding.rule for finding in found("联系人手机 " + telephone)}


@pytest.mark.parametrize(
    "mark", ["机\u200e密★10年", "机\u202e密", "机̶密̶", "机\ufe00密★", "机·密", "机.密★10年", "機\u3164密"]
)
def test_secrecy_marks(mark):
    assert [finding.rule for finding in found(f"某市文件\n{mark}\n关于开展工作的通知")] == ["secrecy-mark"]


def test_internal_marks():
    assert [finding.rule for finding in found("内\u200b部资料\n通知")] == ["internal-mark"]


def test_what_is_seen_is_not_told_twice():
    assert len(found(f"{NUMBER}\u200b，机\u200b密★，①{NUMBER}")) == 3


def test_what_honest_texts_have_is_no_disguise():
    text = "①第一项 ②第二项 ③第三项 ④第四项。一二三四五六七八九十，二〇二六年三月二日；"
    text += "第110105·1949号、1.2.3.4.5.6.7.8.9。\u200b"
    assert found(text) == []


def test_a_value_on_the_allow_list_stays_allowed():
    settings = ScanSettings(allowed=frozenset({"13812345678"}))
    assert scan_document([Piece("热线 \u200e".join(["", "一三八一二三四五六七八"]), "body")], settings).findings == []
