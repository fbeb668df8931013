"""What a file shows and what became of it, compared character by character."""

import pytest

from sites.documents_in.comparison import Comparison, compare
from sites.documents_in.extraction.second_reading import Passage, numbered

pytestmark = pytest.mark.unit

FIRST = "各镇人民政府要按月报送河道巡护情况，逾期不报的，由县水务局予以通报。"
SECOND = "巡护经费由县财政按每公里1200元拨付，年底前完成清算，结余上缴。"
THIRD = "本办法自2026年3月1日起施行，原有规定同时废止，由县水务局负责解释。"
FILE = numbered("paragraph", [FIRST, SECOND, THIRD])


def named(found: Comparison) -> list[tuple[str, int, str]]:
    return [(one.kind, one.number, one.text) for one in found.differences]


def test_the_same_words_in_other_blocks_are_the_same():
    found = compare(FILE, [f"{FIRST}{SECOND[:9]}", SECOND[9:], "", f"“{THIRD}”"])
    assert (found.missing, found.added, found.moved, found.must_look) == (0, 0, 0, False)
    assert found.differences == []


def test_other_forms_of_the_same_characters_are_the_same():
    file = numbered("line", ["总　额：１２００元（含税）", "⺠政部门办理"])
    assert compare(file, ["总额: 1200 元(含税)", "民政部门办理"]).differences == []


def test_a_paragraph_that_is_gone_is_named_with_its_place_and_must_be_looked_at():
    found = compare(FILE, [FIRST, THIRD])
    assert named(found) == [("missing", 2, SECOND)]
    assert found.must_look and found.missing == len(SECOND) - 3


def test_one_digit_that_changed_is_named_and_only_that():
    found = compare(FILE, [FIRST, SECOND.replace("1200", "1300"), THIRD])
    assert [(one.kind, one.number, one.count) for one in found.differences] == [("missing", 2, 1), ("added", 0, 1)]
    assert "1200" in found.differences[0].text and "1300" in found.differences[1].text
    assert not found.must_look


def test_digits_in_another_order_are_named():
    found = compare(numbered("line", ["共12项"]), ["共21项"])
    assert (found.missing, found.added) == (2, 2)


def test_a_decimal_point_and_a_sign_count():
    found = compare(numbered("line", ["误差±1.5%"]), ["误差15"])
    assert (found.missing, found.added) == (5, 2)


def test_more_than_a_fiftieth_must_be_looked_at():
    long = "".join(chr(0x5000 + number) for number in range(1000))
    assert not compare(numbered("line", [long]), [long[:500] + long[520:]]).must_look
    assert compare(numbered("line", [long]), [long[:500] + long[521:]]).must_look


def test_a_second_copy_that_is_gone_is_missing():
    found = compare(numbered("paragraph", [FIRST, SECOND, FIRST]), [FIRST, SECOND])
    assert found.missing == len(FIRST) - 3 and found.must_look


def test_what_nobody_wrote_is_added():
    found = compare(FILE, [FIRST, SECOND, "网站首页与当前位置的导航文字", THIRD])
    assert named(found) == [("added", 0, "网站首页与当前位置的导航文字")]
    assert found.must_look


def test_a_paragraph_in_another_place_is_moved_and_not_missing():
    found = compare(FILE, [SECOND, THIRD, FIRST])
    assert named(found) == [("moved", 1, FIRST)] and found.missing == found.added == 0


def test_what_was_told_of_is_no_difference():
    file = numbered("paragraph", ["第 3 页", FIRST, "索引号：K12/3"])
    found = compare(file, ["一、" + FIRST], left_out=["第 3 页", "索引号", "K12/3"], put_in=["一、"])
    assert found.differences == []


def test_numbers_of_lists_are_no_difference_even_before_short_items():
    file = numbered("paragraph", ["甲", "乙乙", "甲", "丙丙丙"])
    assert compare(file, ["1. 甲", "2. 乙乙", "1. 甲", "2. 丙丙丙"], put_in=["1. ", "2. "] * 2).differences == []
    assert compare(file, ["1. 甲", "2. 乙乙", "1. 甲", "7. 丙丙丙"], put_in=["1. ", "2. "] * 2).added == 1


def test_many_differences_are_counted_and_the_first_are_named():
    lines = [f"{chr(0x5000 + number) * 5}{number}" for number in range(100)]
    found = compare([Passage("line", number, line) for number, line in enumerate(lines, 1)], [])
    assert found.missing == found.characters
    assert (len(found.differences), found.more) == (40, 60)
    # The largest, which are those with a number of two digits, in the order of the file.
    assert [one.number for one in found.differences] == list(range(11, 51))


def test_an_empty_file_and_an_empty_page():
    assert compare([], []).differences == []
    assert not compare([], []).must_look


HEAD = ["云江省应急厅关于加强安全生产工作的通知", "云应急〔2025〕3号", "各市人民政府，省政府各部门："]
SIGNED = ["云江省应急厅", "2025年3月1日"]


def test_a_lost_number_addressee_signature_and_date_are_named():
    file = numbered("paragraph", [*HEAD, FIRST, *SIGNED])
    found = compare(file, [HEAD[0], FIRST], left_out=["2025年3月1日"])
    assert [one.number for one in found.differences] == [2, 3, 5] and found.must_look


def test_an_excuse_covers_one_whole_occurrence_and_no_pieces():
    file = numbered(
        "paragraph", ["每件收费500元，自3月1日起收取。", "请于2025年3月1日前报省政府办公厅。", "2025年3月1日"]
    )
    found = compare(file, ["每件收费元，自起收取。"], left_out=["2025年3月1日", "索引号", "000500"])
    assert {one.number for one in found.differences if one.kind == "missing"} == {1, 2} and found.must_look
    assert found.missing > 15


def test_numbers_that_stand_apart_are_not_one_number():
    assert compare(numbered("line", ["水量 101", "2025-01-03"]), ["水量 1012025-01-03"]).missing == 1
    assert compare(numbered("line", ["12 34"]), ["1234"]).missing == 1
    assert compare(numbered("line", ["甲 12", "34 乙"]), ["甲 12", "34 乙"]).differences == []


def test_a_minus_is_part_of_its_number():
    assert compare(numbered("line", ["同比 -5.3%"]), ["同比 5.3%"]).missing == 1
    assert compare(numbered("line", ["同比 －5.3%"]), ["同比 -5.3%"]).differences == []


def test_marks_made_to_be_slow_and_to_swell_are_read_in_one_pass():
    marks = "a" + "\u0301\u0323" * 50_000
    assert compare(numbered("line", [marks]), ["a"]).differences == []
    assert compare(numbered("line", ["\ufdfa" * 1000]), []).characters == 1000


def test_what_begins_like_a_label_and_was_put_in_whole_is_taken_whole():
    title = "评论|关于河道巡护的通报"
    assert compare(numbered("line", [FIRST]), [title, FIRST], put_in=["评论", title]).differences == []


def test_passages_that_meet_where_something_was_left_out_are_no_difference():
    file = numbered("line", ["跟帖210", "分享到好友", "61人参与"])
    assert compare(file, ["跟帖210", "61人参与"], left_out=["分享到好友"]).differences == []
