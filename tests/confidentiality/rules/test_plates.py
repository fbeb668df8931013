"""Number plates of every kind, and what only looks like one."""

import pytest

from tests.confidentiality.rules.scanned import found

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("text", ["京A12345", "蒙A·F1234", "粤B12345F", "京Ａ１２３４５", "苏A1234警", "豫a 12345"])
def test_an_ordinary_plate_is_warned_of(text: str) -> None:
    assert [finding.severity for finding in found("plate", f"车辆{text}，")] == ["warn"]


@pytest.mark.parametrize("letter", "ABCDEFGHJK")
def test_a_plate_of_a_new_energy_car_is_warned_of_with_each_of_its_letters(letter: str) -> None:
    assert len(found("plate", f"车辆沪A{letter}12345，")) == 1
    assert len(found("plate", f"车辆沪A{letter}Q1234，")) == 1
    assert len(found("plate", f"车辆沪A12345{letter}，")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "京 A 12345",
        "京A 12345",
        "京A-12345",
        "京 A·12345",
        "京 A 1 2 3 4 5",
        "使014578",
        "使 014·578",
        "104578使",
        "沪A0023领",
        "粤Z1234港",
        "军A 12345",
        "海B12345",
        "空C·12345",
        "VA 12345",
        "WJ京12345",
        "WJ·粤 1234X",
        "WJ01-12345",
        "WJ云1234警",
    ],
)
def test_a_spaced_plate_and_those_of_embassies_army_and_armed_police_are_warned_of(text: str) -> None:
    assert [finding.severity for finding in found("plate", f"车牌号：{text}，")] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "京A123",
        "京ABCDEF",
        "京I12345",
        "京A1234567",
        "A12345",
        "云计算AI12345",
        "使100000余人受益",
        "使123456户农民增收",
        "VA12345",
        "空调机B12345678",
        "京 A 1 2 3",
        "沪AL123456",
    ],
)
def test_other_letters_and_sentences_are_no_plate(text: str) -> None:
    assert found("plate", text) == []
