import pytest

from tests.confidentiality.rules.scanned import found, values

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "护照号：E12345678",
        "护照 EA1234567",
        "持普通护照（G12345678）",
        "Passport No. E12345678",
        "港澳通行证：C12345678",
        "护照Ｅ１２３４５６７８",
    ],
)
def test_a_passport_is_blocked(text: str) -> None:
    assert [finding.severity for finding in found("passport", text)] == ["block"]


def test_without_the_word_it_is_warned_of() -> None:
    assert [finding.severity for finding in found("passport", "持有 E12345678 的人")] == ["warn"]


@pytest.mark.parametrize(
    "text", ["型号 C12345678", "AE12345678", "E123456789", "E12345678A", "/E12345678.html", "T1234567", "编号M12345678"]
)
def test_other_codes_are_no_passport(text: str) -> None:
    assert found("passport", text) == []


@pytest.mark.parametrize("text", ["邮箱：zhang.san@example.com。", "zhangsan＠example．com", "a_b+c@mail.gov.cn"])
def test_an_email_is_shown(text: str) -> None:
    assert [finding.severity for finding in found("email", text)] == ["info"]


@pytest.mark.parametrize("text", ["@某单位", "a@b", "a@@b.c", "@example.com", "单价@5.0元"])
def test_other_signs_are_no_email(text: str) -> None:
    assert found("email", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "幸福村3组",
        "张家村第二村民小组",
        "李家屯12号",
        "人民路5号3栋2单元501室",
        "阳光小区12号楼3单元401室",
        "锦绣花园5栋301室",
        "家庭住址：新华街88号",
        "东风巷12号院3号楼",
        "和平里小区3-2-501",
    ],
)
def test_a_door_is_warned_of(text: str) -> None:
    assert [finding.severity for finding in found("address", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "人民路5号",
        "办公地址：人民路5号办公楼3层301室",
        "驻村工作队",
        "加强村集体经济合作社建设",
        "新村建设3年",
        "道路2号线",
        "某某镇某某村",
        "园区企业12家",
    ],
)
def test_offices_and_other_words_are_no_address(text: str) -> None:
    assert found("address", text) == []


def test_the_whole_address_is_pointed_at() -> None:
    assert values("address", "住址：某市某区人民路5号3栋501室，") == ["某市某区人民路5号3栋501室"]
