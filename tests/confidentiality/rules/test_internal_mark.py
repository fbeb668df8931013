import pytest

from tests.confidentiality.rules.scanned import found

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "内部资料",
        "内部资料　注意保存",
        "内部文件，严禁外传",
        "【内部资料】",
        "（内部文件）关于工作的通知",
        "本件不得公开",
        "此件不予公开",
        "（此件依申请公开）",
        "公开方式：不予公开",
        "公开方式：依申请公开",
        "公开属性: 不予公开",
        "依申请公开",
        "严禁外传！",
        "正文。\n（此件不公开）\n某办公室",
        "仅供内部使用",
        "內部資料 ",
        "公开方式：不公开",
        "内部参考，请勿外传",
        "不得翻印",
    ],
)
def test_a_mark_is_found(text: str) -> None:
    findings = found("internal-mark", text)
    assert [finding.severity for finding in findings] == ["block"]


@pytest.mark.parametrize(
    "text",
    [
        "对依申请公开的办理情况开展抽查。",
        "行政机关决定不予公开的，应当说明理由并告知申请人救济的途径和期限。",
        "单位内部资料的管理由办公室负责并定期检查落实情况。",
        "依申请公开工作平稳有序，全年受理二百件。",
        "公开方式：主动公开",
        "加强内部控制和内部文件流转管理，提高办文质量和效率，压实责任。",
        "收到和处理情况\n（三）不予公开\t1.属于国家秘密\t0",
        "此件公开发布",
    ],
)
def test_a_sentence_or_a_heading_is_no_mark(text: str) -> None:
    assert found("internal-mark", text) == []


def test_a_heading_in_the_middle_is_no_mark() -> None:
    body = "本机关通过门户网站公开政府信息。" * 20
    assert found("internal-mark", f"{body}\n依申请公开\n{body}") == []


def test_the_column_of_a_table_says_how_a_document_is_published() -> None:
    text = "文件名称\t公开方式\n某某意见\t不予公开\n"
    assert len(found("internal-mark", text, table="目录")) == 1
