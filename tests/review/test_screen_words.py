"""Places in Chinese words, marks in text and HTML, masking character by character. No database."""

import pytest

from govplatform.confidentiality.place_words import RULE_WORDS, where_words
from govplatform.confidentiality.property_words import property_words, read_property, value_words
from govplatform.confidentiality.scanning.rules import RULE_IDS
from govplatform.review.findings.highlighting import HtmlText, Span, find_all, mark_text
from govplatform.rule_packs.files import RulePackError
from govplatform.rule_packs.packs import Masking, load_rule_pack
from sites.pages.masked_values import masked_html, masked_text
from tests.rule_packs.stated import state_packs

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("body", "正文"), ("summary", "摘要"), ("footnote 2", "脚注 2"), ("comment 1", "批注 1"),
        ("tracked deletion", "修订中删除的文字"), ("header 1", "页眉 1"), ("document properties", "文档属性"),
        ("sheet 名单!C17", "工作表“名单”C17"), ("hidden sheet 名单!C17", "隐藏的工作表“名单”C17"),
        ("hidden row 名单!C17", "工作表“名单”C17（隐藏的行）"),
        ("hidden column 名单!C17", "工作表“名单”C17（隐藏的列）"), ("comment 名单!C17", "工作表“名单”C17 批注"),
        ("defined name 底数", "定义的名称“底数”"), ("slide 3", "第 3 张幻灯片"),
        ("notes of slide 2", "第 2 张幻灯片备注"), ("hidden slide 4", "第 4 张幻灯片（隐藏）"),
        ("page 3", "第 3 页"), ("annotation on page 3", "第 3 页批注"), ("EXIF GPS", "图片拍摄位置"),
        ("attachment x.docx: body", "其中的附件“x.docx”：正文"), ("inner.zip/a.docx: body", "“inner.zip/a.docx”：正文"),
        ("hidden text on slide 2", "第 2 张幻灯片：隐藏文字"), ("a place of tomorrow", "a place of tomorrow"),
    ],
)  # fmt: skip
def test_places_are_said_in_chinese(where, words):
    assert where_words(where) == words


def test_every_rule_has_a_name():
    assert RULE_WORDS.keys() >= RULE_IDS


def test_text_is_escaped_and_overlapping_findings_each_keep_their_id():
    marked = mark_text("甲<b>12345", [Span(4, 9, 7, 1, "warn"), Span(5, 7, 8, 2, "block")])
    assert marked.startswith("甲&lt;b")
    assert marked.count('id="finding-7"') == 1
    assert marked.count('id="finding-8"') == 1
    assert 'data-finding="8 7" data-severity="block"' in marked


def test_html_is_marked_across_tags_and_left_alone_elsewhere():
    source = (
        '<!DOCTYPE html><head><title>123</title></head><main class="a">\n<p>1<b>2</b>&#51; &amp; 4</p></main><p>123</p>'
    )
    text = HtmlText(source, within="main")
    assert text.text == "123&4"
    (place,) = text.occurrences("1 2 3")
    marked = text.marked([Span(place, place + 3, 5, 1, "block")])
    assert marked.count("<mark") == 3
    assert marked.count('id="finding-5"') == 1
    assert marked.replace("</mark>", "").count("</") == source.count("</")


def test_a_number_is_not_found_inside_of_a_longer_one():
    assert find_all("91234567", "1234567") == []
    assert find_all("电1234567话", "1234567") == [1]


@pytest.mark.parametrize(
    ("value", "first", "last", "masked"),
    [("530102199001011234", 6, 4, "530102********1234"), ("12345", 3, 4, "*****"), ("甲路1号", 0, 0, "****")],
)
def test_masks_keep_both_ends(value, first, last, masked):
    assert Masking(first, last).mask(value) == masked


def test_masking_follows_the_value_through_spaces_and_tags():
    values = {"13812345678": "138****5678"}
    assert masked_text("电话 138 1234 5678。", values) == "电话 138 **** 5678。"
    source = '<p>138<b>1234</b>5678<a href="/x?a=1&amp;b=2">甲</a></p>'
    assert masked_html(source, values) == source.replace("1234", "****")


def test_a_pack_with_a_mask_for_no_rule_is_refused(settings, tmp_path):
    cited = '[masking]\narticle = "平台约定"\n'
    state_packs(
        settings,
        tmp_path,
        odd=f"{cited}nothing = {{ keep_first = 1, keep_last = 1 }}\n",
        other=f"{cited}[masking.id-card]\nkeep_first = 3\nkeep_last = 2\n",
    )
    with pytest.raises(RulePackError, match="nothing"):
        load_rule_pack("odd")
    other, national = load_rule_pack("other"), load_rule_pack("national")
    assert other.masking["id-card"] == Masking(3, 2), "a place may mask otherwise"
    assert other.masking["mobile"] == national.masking["mobile"]


def test_a_property_is_read_and_named():
    assert read_property("creator: 甲科: 乙") == ("creator", "甲科: 乙")
    assert read_property("第二行") == ("", "第二行")
    assert (property_words("creator"), property_words("Creator")) == ("作者", "制作程序"), "of an office file, of a PDF"
    assert property_words("报送单位") == "报送单位", "a person's own"
    assert property_words("KSOReadingLayout") == "", "a program's own"
    assert value_words("true") == "是"


def test_marks_that_begin_together_show_all_their_numbers():
    marked = mark_text("12345", [Span(0, 5, 7, 1, "warn"), Span(0, 3, 8, 2, "block")])
    assert 'data-number="2、1"' in marked
