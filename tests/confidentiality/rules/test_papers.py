"""Papers whose numbers are known by their label alone."""

import pytest

from tests.confidentiality.rules.scanned import found, values

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("军官证号：12345678", "12345678"),
        ("军官证：军字第1234567号", "军字第1234567"),
        ("士兵证号码 1234567", "1234567"),
        ("警官证：012345", "012345"),
        ("人民警察证编号：012345", "012345"),
        ("台胞证：12345678", "12345678"),
        ("台胞证号码12345678", "12345678"),
        ("台湾居民来往大陆通行证：12345678", "12345678"),
        ("香港身份证：A123456(3)", "A123456(3)"),
        ("香港居民身份证号码AB123456（A）", "AB123456（A）"),
        ("澳门居民身份证：1234567(8)", "1234567(8)"),
        ("澳门身份证号 5123456/7", "5123456/7"),
        ("台湾身份证：A123456789", "A123456789"),
        ("台湾居民身份证字号：F223456789", "F223456789"),
    ],
)
def test_a_number_behind_its_label_is_blocked(text: str, number: str) -> None:
    assert values("passport", text) == [number]
    assert [finding.severity for finding in found("passport", text)] == ["block"]
    assert found("landline", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "12345678",
        "军官证遗失声明",
        "凭军官证优先，2024年办理12345678件",
        "A123456(3)",
        "A123456789",
        "澳门居民1234567人",
        "香港居民身份证办理指南",
        "台胞证办理数量：1234人",
        "警官证123456789",
    ],
)
def test_without_the_label_or_in_a_sentence_it_is_none(text: str) -> None:
    assert found("passport", text) == []


def test_the_head_of_a_column_is_a_label() -> None:
    text = "姓名\t军官证号\n赵明\t1234567\n李芳\t7654321\n"
    assert values("passport", text) == []
    assert len(found("passport", text, table="名单")) == 2
