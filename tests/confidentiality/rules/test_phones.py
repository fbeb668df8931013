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
        "李四/13812345678",
        "李四／13812345678",
        "0871-65101234/13812345678",
        "John/13812345678",
        "手机/13812345678",
        "tel13812345678",
        "Mobile:13812345678",
        "QQ13812345678微信同号",
        "lisi13812345678",
        "13812345678wx同号",
        "wx_13812345678",
        "李四_13812345678",
        "李四_13812345678.docx",
        "13812345678_李四",
        "手机号=13812345678",
        "https://a.example/apply?name=x&phone=13812345678&t=1",
        "https://a.example/apply?sjh=13812345678",
        "tel:13812345678",
        "电话.13812345678",
        "+86.13812345678",
        "+86.138.1234.5678",
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
        "案号：13812345678",
        "（2024）云01民初13812345678号",
        "快递单号：13812345678",
        "运单号13812345678",
        "orderid=13812345678",
        "https://a.example/show?id=13812345678",
        "https://a.example/13812345678.html",
        "/uploads/13812345678.jpg",
        "图片img_13812345678.png",
        "SN13812345678",
        "13812345678abc",
        "3.13812345678",
        "1/13812345678",
    ],
)
def test_other_digits_are_no_mobile(text: str) -> None:
    assert found("mobile", text) == []


def test_the_number_of_an_order_below_its_head_is_no_mobile() -> None:
    rows = "{}\t状态\n13812345678\t已完成"
    assert found("mobile", rows.format("订单号"), table="台账") == []
    assert len(found("mobile", rows.format("联系方式"), table="台账")) == 1


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
        "phone66554433",
    ],
)
def test_a_landline_is_shown(text: str) -> None:
    assert [finding.severity for finding in found("landline", text)] == ["info"]


def test_every_number_of_a_row_of_landlines_is_shown() -> None:
    assert len(found("landline", "联系电话：0471-6651234/6651235、6651236")) == 3
    assert len(found("landline", "面积为66554433，66554434平方米")) == 0


@pytest.mark.parametrize(
    "text",
    ["12345", "400-123-4567", "热线：12345", "20240315", "邮编 010010 20240315", "2010-2015", "国发〔2020〕1234567号"],
)
def test_services_dates_and_other_digits_are_no_landline(text: str) -> None:
    assert found("landline", text) == []
