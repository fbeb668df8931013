import random

import pytest

from govplatform.confidentiality.scanning.engine import scan_pieces
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.rules.identity_numbers import is_credit_code
from govplatform.confidentiality.scanning.settings import ScanSettings
from tests.bench.scanning.corpus import credit_code, identity_number, with_check
from tests.confidentiality.rules.scanned import found, values

pytestmark = pytest.mark.unit

NUMBER = with_check("11010119900307775")
WITH_X = next(n for n in (with_check(f"15010519620415{serial:03d}") for serial in range(100)) if n.endswith("X"))
WIDE = {**{48 + digit: 0xFF10 + digit for digit in range(10)}, ord("X"): "Ｘ"}


@pytest.mark.parametrize("number", [NUMBER, WITH_X])
@pytest.mark.parametrize(
    "shown",
    [
        "{n}",
        "身份证号：{n}。",
        "ID{n}号",
        "张三{n}李四",
        "{a} {b} {c}",
        "{a}-{b}-{c}",
        "{a}\t{b}\t{c}",
        "{a}\n{b}{c}",
        "{a}{b}\r\n{c}",
        "{a}{b}\u3000{c}",
        "{a}\u200b{b}{c}",
        "1. {a} {b} {c} 13812345678",
        "13812345678\t{n}\t2023",
        "{a} — {b} — {c}",
        "订单 2023 {n}",
    ],
)
def test_a_valid_number_is_found_however_it_is_written(number: str, shown: str) -> None:
    text = shown.format(n=number, a=number[:6], b=number[6:14], c=number[14:])
    findings = found("id-card", text)
    assert len(findings) == 1
    assert text[findings[0].offset] == "1"
    assert findings[0].severity == "block"
    assert number not in findings[0].excerpt and number[6:14] not in findings[0].excerpt


@pytest.mark.parametrize(
    "shown", [" ".join(NUMBER), "\t".join(NUMBER), NUMBER.translate(WIDE), WITH_X.lower(), WITH_X.translate(WIDE)]
)
def test_digits_apart_and_wide_ones(shown: str) -> None:
    assert values("id-card", f"号码 {shown}，") == [shown]


def test_every_cut_in_two_lines_or_cells_is_joined() -> None:
    for cut in range(1, 18):
        for gap in ("\n", "\t", " \n "):
            assert len(found("id-card", f"身份证号：{NUMBER[:cut]}{gap}{NUMBER[cut:]}，")) == 1


@pytest.mark.parametrize(
    "row",
    [
        "{a}\t{b}\t{c}",
        "人口\t{a}\t{b}\t{c}\t亩",
        "2023\t{a}\t{b}{c}\t12.5",
        "{a}{b}\t{c}",
    ],
)
def test_the_numbers_of_neighbouring_cells_are_not_joined(row: str) -> None:
    text = row.format(a=NUMBER[:6], b=NUMBER[6:14], c=NUMBER[14:])
    assert found("id-card", text, table="统计") == []


@pytest.mark.parametrize("cut", range(1, 18))
def test_two_numbers_with_a_tab_between_them_are_two_without_a_word_for_a_person(cut: int) -> None:
    assert found("id-card", f"合计\t{NUMBER[:cut]}\t{NUMBER[cut:]}\t") == []


def test_the_rows_of_a_table_are_not_joined_and_the_lines_of_a_text_are() -> None:
    text = f"数量\n{NUMBER[:10]}\n{NUMBER[10:]}\n"
    assert found("id-card", text, table="统计") == []
    assert len(found("id-card", text)) == 1


#: 9, Yunnan, a country, a date of birth, a serial: by GA/T 2102.
RESIDENT = with_check("95384019850314017")


@pytest.mark.parametrize("shown", ["{n}", "永久居留身份证号码{n}。", "{a} {b} {c}", "外国人{n}已获奖"])
def test_the_number_of_a_foreigner_who_resides_permanently_is_found(shown: str) -> None:
    text = shown.format(n=RESIDENT, a=RESIDENT[:6], b=RESIDENT[6:14], c=RESIDENT[14:])
    assert [finding.severity for finding in found("id-card", text)] == ["block"]


@pytest.mark.parametrize(
    "number",
    [
        RESIDENT[:17] + ("0" if RESIDENT[17] != "0" else "1"),
        with_check("99984019850314017"),
        with_check("95399919850314017"),
        with_check("95384019851314017"),
        with_check("95384017850314017"),
    ],
)
def test_other_eighteen_digits_that_begin_with_nine_are_not(number: str) -> None:
    assert found("id-card", f"号码：{number}。") == []


@pytest.mark.parametrize(
    "number",
    [
        NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1"),
        with_check("11010119900230775"),
        with_check("11010119901301775"),
        with_check("11010121900101775"),
        with_check("99010119900307775"),
        with_check("11010117900307775"),
        NUMBER + "1",
        "1" + NUMBER,
        NUMBER[:17],
        "110101********" + NUMBER[14:],
        f"{NUMBER[:9]}.{NUMBER[9:]}",
        f"{NUMBER[:9]}     {NUMBER[9:]}",
    ],
)
def test_what_is_no_number_is_not_found(number: str) -> None:
    assert found("id-card", f"号码：{number}。") == []


def test_a_credit_code_is_nobodys() -> None:
    pick = random.Random(5)
    for _ in range(300):
        code = credit_code(pick)
        assert is_credit_code(code)
        assert found("id-card", f"统一社会信用代码：{code}") == []


def test_the_number_of_a_case_is_a_lesser_finding_and_a_person_in_front_of_it_not() -> None:
    assert [finding.severity for finding in found("id-card", f"受理编号：{NUMBER}")] == ["warn"]
    assert [finding.severity for finding in found("id-card", f"受理编号、身份证号：{NUMBER}")] == ["block"]


def test_a_number_is_nothing_else_as_well_and_two_places_are_two_findings() -> None:

    findings = scan_pieces([Piece(f"甲{NUMBER}。乙{NUMBER}。", "body")], ScanSettings())
    assert [finding.rule for finding in findings] == ["id-card", "id-card"]
    assert findings[0].key == findings[1].key


def test_two_thousand_random_persons_are_all_found() -> None:
    pick = random.Random(11)
    numbers = [identity_number(pick) for _ in range(2000)]
    assert all(len(found("id-card", f"证件{number}。")) == 1 for number in numbers)


@pytest.mark.parametrize("text", ["身份证 150105620415123", "号码：110101900307775。", "1.150105620415123 张某"])
def test_the_old_form_is_warned_of(text: str) -> None:
    assert [finding.severity for finding in found("id-card-15", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "150105621315123",
        "990105620415123",
        "注册登记号：150105620415123",
        "运单号 150105629915123",
        "0.150105620415123",
        "占比为12.150105620415123",
        "150105620415123.5",
        "150105620415123%",
        "序列号：150105620415123",
        "IMEI 150105620415123",
        "银行账号：150105620415123",
        "档案编号150105620415123",
        "S150105620415123",
    ],
)
def test_fifteen_other_digits_are_not(text: str) -> None:
    assert found("id-card-15", text) == []


def test_fifteen_digits_below_the_head_of_a_serial_number_are_not() -> None:
    rows = "{}\t名称\n150105620415123\t打印机"
    assert found("id-card-15", rows.format("序列号"), table="台账") == []
    assert len(found("id-card-15", rows.format("证件"), table="台账")) == 1
