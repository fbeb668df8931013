import pytest

from tests.confidentiality.rules.scanned import found

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "份号：000123",
        "份 号 12",
        "第 3 份 共 20 份",
        "第3份，共20份",
        "共20份 第3份",
        "000123\n机密★1年\n通知",
        "No.000123\n通知",
        "№ 000456",
        "编号：000123\n某某通知",
    ],
)
def test_a_copy_number_is_warned_of(text: str) -> None:
    assert [finding.severity for finding in found("copy-number", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "共印200份",
        "一式三份，共3份",
        "2023年1月份",
        "第3部分 共20条",
        "正文\n邮编 010010\n",
        "身份号码",
        "每股份额",
        "000123456789 是流水号",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert found("copy-number", "关于工作的通知，" + text if "邮编" not in text else text * 30) == []
