"""一键排版: each rule by what it changes and what it leaves alone, and where marks of the text go."""

from typing import Any

import pytest

from govplatform.refusals import Refused
from sites.writing.tidying.proposal import MOST_CHARACTERS, propose
from sites.writing.tidying.words import tidy_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("　　各单位:请于3月1日前报送(见附件),联系人:张三;", "各单位：请于3月1日前报送（见附件），联系人：张三；"),
        ("２０２６年ＡＢＣ，  增长３．５％", "2026年ABC，增长3.5％"),
        ("一.总体要求", "一、总体要求"),
        ("一、 总体要求", "一、总体要求"),
        ("(二)、主要任务", "（二）主要任务"),
        ("3、 做好防汛", "3.做好防汛"),
        ("( 4 ) 其他", "（4）其他"),
        ("他说\"明天开会,带上'通知'\".", "他说“明天开会，带上‘通知’”。"),
        ("等等...", "等等……"),
        ("价格为(abc)元", "价格为（abc）元"),
        ("11:00,共30分钟", "11:00，共30分钟"),
    ],
)
def test_set_right(before: str, after: str) -> None:
    assert tidy_words(before).text == after
    assert tidy_words(after).text == after


def test_a_chinese_number_is_no_sentence_in_a_list_either() -> None:
    assert tidy_words("二.工作任务", begins_paragraph=False).text == "二、工作任务"
    assert tidy_words("3. 做好防汛", begins_paragraph=False).text == "3. 做好防汛"


@pytest.mark.parametrize(
    "text",
    [
        "请登录 http://a.gov.example/x?a=1,b;c 查看",
        "写信到 zhang.san@gov.example 联系",
        "1.5万人参加",
        "hello, world (abc)",
        "会议10:30开始",
        "第一条　为了规范",
        "北京 上海 天津",
        '他说"只有一半',
    ],
)
def test_left_alone(text: str) -> None:
    assert tidy_words(text).text == text


def raw(*lines: str, **first: Any) -> dict[str, Any]:
    blocks = [{"key": str(n), "type": "unstyled", "text": line} for n, line in enumerate(lines)]
    blocks[0] |= first
    return {"entityMap": {}, "blocks": blocks}


def test_marks_stay_on_their_words_also_beyond_the_basic_plane() -> None:
    # Draft.js counts in UTF-16: 𠮷 takes two places.
    ranges = {"inlineStyleRanges": [{"offset": 4, "length": 4, "style": "BOLD"}], "entityRanges": []}
    (block,) = propose([{"type": "rich_text", "value": raw("　　𠮷(重要),请看。", **ranges)}]).blocks
    assert block["blocks"][0]["text"] == "𠮷（重要），请看。"
    assert block["blocks"][0]["inlineStyleRanges"] == [{"offset": 2, "length": 4, "style": "BOLD"}]


def test_blank_paragraphs_go_and_signature_and_date_stand_to_the_right() -> None:
    sent = raw("请遵照执行。", "  ", "北川县人民政府", "2026年3月2日", "（此件公开发布）")
    proposal = propose([{"type": "rich_text", "value": sent}])
    told = [(block["type"], block["text"]) for block in proposal.blocks[0]["blocks"]]
    assert told == [
        ("unstyled", "请遵照执行。"),
        ("sign-off", "北川县人民政府"),
        ("sign-off", "2026年3月2日"),
        ("unstyled", "（此件公开发布）"),
    ]
    assert [change["notes"] for change in proposal.changes] == [["空段删去"], ["落款、日期靠右"], ["落款、日期靠右"]]


def test_a_heading_gets_the_level_of_its_number() -> None:
    (heading,) = propose([{"type": "heading", "value": {"level": "2", "text": "(一)目标"}}]).blocks
    assert heading == {"level": "3", "text": "（一）目标"}


def test_cells_of_a_table_and_what_merges_them_stays() -> None:
    table = {"caption": "", "rows": [["金额:", " 12 "], ["a", ""]], "merged": [[1, 0, 1, 2]]}
    (tidied,) = propose([{"type": "table", "value": table}]).blocks
    assert tidied == {**table, "rows": [["金额：", "12"], ["a", ""]]}


def test_a_tidy_text_and_what_is_no_text_have_no_proposal() -> None:
    proposal = propose([{"type": "rich_text", "value": raw("已经整齐。")}, {"type": "image", "value": {"image": 1}}])
    assert proposal.blocks == [None, None] and proposal.changes == []


def test_the_preview_names_what_goes_and_what_comes() -> None:
    (change,) = propose([{"type": "quotation", "value": {"text": "好,好", "attribution": ""}}]).changes
    assert change["pieces"] == [["=", "好"], ["-", ","], ["+", "，"], ["=", "好"]]


def test_more_than_a_page_holds_is_refused() -> None:
    with pytest.raises(Refused):
        propose([{"type": "quotation", "value": {"text": "字" * (MOST_CHARACTERS + 1)}}])
