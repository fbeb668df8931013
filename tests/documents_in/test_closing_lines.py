"""The lines below an official document's text: each is recognised as what it is, and nothing else is taken for one."""

from sites.documents_in.extraction.element import paragraph
from sites.documents_in.extraction.recognition.closing import read_closing

TEXT = "《河道巡护办法》已经县政府同意，现印发给你们，请认真贯彻执行。"


def closing_of(*lines: str):
    return read_closing([paragraph(line) for line in lines])


def test_enclosures_signature_date_and_note_each_have_their_kind():
    found = closing_of(
        TEXT, "附件：1．试验县河道名单", "2．巡护记录表（样式）", "试验县人民政府", "2025年5月12日", "（此件公开发布）"
    )
    kinds = [found.kinds.get(place, "") for place in range(6)]
    assert kinds == ["", "enclosures", "enclosures", "sign-off", "sign-off", "remark"]
    assert found.enclosures == ["试验县河道名单", "巡护记录表（样式）"]
    assert found.remark == "此件公开发布"


def test_enclosures_in_one_line_and_below_an_empty_one():
    assert closing_of(TEXT, "附件：1．甲表 2．乙表；3.2025年度丙表").enclosures == ["甲表", "乙表", "2025年度丙表"]
    assert closing_of(TEXT, "附件：", "1. 名单一", "2. 名单二").enclosures == ["名单一", "名单二"]
    assert closing_of(TEXT, "附件：试验县河道名单").enclosures == ["试验县河道名单"]


def test_several_offices_and_a_line_of_both():
    assert closing_of(TEXT, "试验县水务局", "试验县财政局", "2025年5月12日").kinds == dict.fromkeys(
        (1, 2, 3), "sign-off"
    )
    assert closing_of(TEXT, "试验县水务局　2025年5月12日").kinds == {1: "sign-off"}
    assert closing_of(TEXT, "2025年5月12日").kinds == {1: "sign-off"}


def test_how_it_is_disclosed_says_more_than_whom_to_call():
    found = closing_of(TEXT, "（联系人：某某，联系电话：0000-0000000）", "（此件依申请公开）")
    assert found.kinds == {1: "remark", 2: "remark"}
    assert found.remark == "此件依申请公开"


def test_what_looks_like_one_and_is_none():
    # A name and a day below the title, a numbered list of the text, a remark within it.
    assert closing_of("试验县统计局", "2025年5月12日", TEXT).kinds == {}
    assert closing_of("1. 名单一", "2. 名单二", f"（此件）{TEXT}").kinds == {}
    assert closing_of("附件1", "巡护工作方案", TEXT).enclosures == []
