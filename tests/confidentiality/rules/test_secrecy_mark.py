import pytest

from tests.confidentiality.rules.scanned import found, values

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "机密★10年",
        "绝密★长期",
        "★机密 10年",
        "★ 秘密",
        "秘密★",
        "机密★１０年",
        "机　密★１年",
        "秘 密 ★ 6 个 月",
        "絕密★長期",
        "絶密★",
        "機密★5年",
        "祕密★",
        "機 密",
        "秘\u200b密★",
        "关于工作的通知 机密★10年 某发一号",
        "工作秘密★3年",
        "机密★启用前",
        "绝密",
        "机密",
        "秘密",
        "秘　密",
        "  机密  ",
        "机\n密",
        "标题\n机密\n正文",
        "机密 10年",
        "秘密：5年",
        "【机密】",
        "[秘密]",
        "〔绝密〕",
        "关于【秘密】事项",
        "（机密）",
        "密级：秘密",
        "密级: 机密　特急",
        "密级：機密",
        "秘密级",
        "机密文件",
        "000012 机密 特急",
        "机密　　特急\n某政发〔2020〕1号",
        "姓名\t秘密\t年份",
        "机密★十年",
        "☆机密",
    ],
)
def test_a_mark_is_found_in_every_form(text: str) -> None:
    findings = found("secrecy-mark", text)
    assert len(findings) == 1
    assert findings[0].severity == "block"


@pytest.mark.parametrize(
    "text",
    [
        "涉及国家秘密、工作秘密的信息不得公开。",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "对标注“机密”字样的文件应当登记。",
        "保守国家秘密，人人有责。",
        "不得泄露商业秘密和个人隐私。",
        "机密级以上的文件由专人管理并按照规定传递。",
        "机要密码工作",
        "秘密级国家秘密载体的管理办法由保密部门制定并监督执行，各单位遵照执行。",
        "国家秘密",
        "工作秘密",
        "密级评定的程序如下：",
        "（一）秘密事项的范围由主管部门确定",
        "保密审查",
        "严密组织、周密部署",
        "秘密地进行",
        "涉及国家秘密。",
        "五星级★宾馆",
        "商业秘密",
    ],
)
def test_a_sentence_about_secrets_is_no_mark(text: str) -> None:
    assert found("secrecy-mark", f"第一条　{text}\n" if len(text) > 12 else text) == []


def test_every_mark_of_a_document_is_found_once_with_its_place() -> None:
    text = "机密★10年\n关于工作的通知\n各单位：\n　　【秘密】附件"
    assert values("secrecy-mark", text) == ["机密★10年", "【秘密】"]


def test_a_mark_in_a_table_is_found_in_its_cell() -> None:
    assert values("secrecy-mark", "文件\t密级\n某报告\t机密\n") == ["机密"]
