import pytest

from govplatform.confidentiality.scanning.settings import ScanSettings
from tests.confidentiality.rules.scanned import found

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "手机：138 1234 5678",
        "138-1234-5678",
        "+86 13812345678",
        "+8613812345678",
        "86-138-1234-5678",
        "１３８１２３４５６７８",
        "张三13812345678。",
        "李四\t19912345678\t男",
    ],
)
def test_a_mobile_is_warned_of(text: str) -> None:
    assert [finding.severity for finding in found("mobile", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "12812345678",
        "138123456789",
        "订单编号：13812345678",
        "t13812345678_1.html",
        "138****5678",
        "0.13812345678",
        "1381234567",
    ],
)
def test_other_digits_are_no_mobile(text: str) -> None:
    assert found("mobile", text) == []


def test_a_published_number_is_no_finding() -> None:
    assert found("mobile", "138 1234 5678", ScanSettings(allowed=frozenset(["13812345678"]))) == []


@pytest.mark.parametrize(
    "text",
    [
        "0471-6651234",
        "（0471）6651234",
        "(010) 66554433",
        "电话：66554433",
        "电话 01066554433",
        "010 6655 4433",
        "传真:0471—6651234",
    ],
)
def test_a_landline_is_shown(text: str) -> None:
    assert [finding.severity for finding in found("landline", text)] == ["info"]


@pytest.mark.parametrize(
    "text",
    ["12345", "400-123-4567", "热线：12345", "20240315", "邮编 010010 20240315", "2010-2015", "国发〔2020〕1234567号"],
)
def test_services_dates_and_other_digits_are_no_landline(text: str) -> None:
    assert found("landline", text) == []
