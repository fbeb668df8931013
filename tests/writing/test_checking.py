"""Check while writing: the scan's own rules and the dictionaries over paragraphs, fields and cells, at their places."""

import json

import pytest

from govplatform.confidentiality.scanning.engine import scan_pieces
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.dictionaries.actions import add_word, allow_value
from govplatform.refusals import Refused
from govplatform.review.gate.scans import scan_settings
from sites.writing.checking import MOST_CHARACTERS, WrittenText, check_texts
from tests.factories import user

TELEPHONE = "13812345678"


def check(text, *links):
    return check_texts([WrittenText("a", text, links)])["a"]


def shown(text, *links):
    return [(row["rule"], text[row["start"] : row["end"]], row["instead"]) for row in check(text, *links)]


def test_what_a_scan_finds_is_found_at_the_same_place(alpha):
    text = f"联系人张三，身份证号11010519491231002X，电话{TELEPHONE}，邮箱zhang@example.com。"
    scanned = scan_pieces([Piece(text, "body")], scan_settings())
    expected = {(one.rule, one.offset, one.offset + one.length) for one in scanned if one.rule != "aggregation"}
    assert {(row["rule"], row["start"], row["end"]) for row in check(text)} == expected
    assert {"id-card", "mobile"} <= {rule for rule, _start, _end in expected}


def test_a_number_is_offered_masked_as_a_reviewer_would_have_it(alpha):
    ((rule, words, instead),) = shown(f"电话{TELEPHONE}。")
    assert (rule, words) == ("mobile", TELEPHONE)
    assert instead and "*" in instead and instead != TELEPHONE


def test_a_word_of_the_dictionary_is_offered_its_better_one(alpha):
    add_word(
        alpha, acting_user=user("alpha_content"), word="截止目前", kind="wrong", severity="warn", suggestion="截至目前"
    )
    assert shown("截止目前，已完成九成。") == [("dictionary", "截止目前", "截至目前")]


def test_a_link_is_judged_as_links_are(alpha):
    text = "详见活动页面。"
    assert shown(text, (2, 6, "https://www.example.com/a")) == [("external-link", "活动页面", None)]
    assert shown(text, (2, 6, "https://www.gov.cn/")) == []
    assert check(text, (2, 6, "javascript:alert(1)"))[0]["severity"] == "block"


def test_a_typing_error_is_what_tidying_would_set_right(alpha):
    assert shown("请报送,谢谢。") == [("typing", ",", "，")]
    assert shown("两  个空格留给按钮。 ") == []


def test_places_count_as_the_browser_counts(alpha):
    text = f"😀电话{TELEPHONE}"
    (row,) = check(text)
    units = text.encode("utf-16-le")
    assert units[row["start"] * 2 : row["end"] * 2].decode("utf-16-le") == TELEPHONE


def test_more_than_anybody_types_at_once_is_refused(alpha):
    with pytest.raises(Refused):
        check_texts([WrittenText("a", "字" * (MOST_CHARACTERS + 1))])


def test_the_door_answers_editors_and_refuses_what_is_no_text(alpha, console):
    def post(who, body, kind="application/json"):
        return console(who, "alpha").post("/admin/writing/check/", body, content_type=kind)

    sent = {"texts": [{"key": "title", "text": f"电话{TELEPHONE}"}, {"key": "b", "text": "没有问题。", "links": []}]}
    found = post("alpha_editor", json.dumps(sent)).json()["found"]
    assert [row["rule"] for row in found["title"]] == ["mobile"] and found["b"] == []
    assert post("alpha_content", json.dumps(sent)).status_code == 403
    for bad in ("", "[]", "{}", '{"texts": [1]}', '{"texts": [{"key": "a", "text": 1}]}', '{"texts": 5}'):
        assert post("alpha_editor", bad).status_code == 400
    assert post("alpha_editor", "texts=1", "application/x-www-form-urlencoded").status_code == 400
    for place in ("a", float("inf")):
        broken = {"texts": [{"key": "a", "text": "x", "links": [[place, 2, "b"]]}]}
        assert post("alpha_editor", json.dumps(broken)).status_code == 400


def test_what_the_site_publishes_on_purpose_is_passed_over(alpha):
    assert shown("总机0871-63210000。")
    allow_value(alpha, "0871-63210000", kind="number", reason="总机。", acting_user=user("alpha_content"))
    assert shown("总机0871-63210000。") == []
