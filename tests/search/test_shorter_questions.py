"""What is tried for somebody who found nothing: nearer questions first, and never what was not wanted."""

import pytest

from search.asking.shortening import Shorter, shorter_questions

pytestmark = pytest.mark.unit


def tried(text: str) -> list[str]:
    return [one.text for one in shorter_questions(text)][:8]


@pytest.mark.parametrize(
    ("asked", "shorter"),
    [
        # What asks is left out first, wherever it stands.
        ("怎么办身份证", "身份证"),
        ("身份证丢了怎么办", "身份证"),
        ("孩子上小学怎么报名", "孩子上小学 报名"),
        ("请问在哪里办居住证？", "办居住证"),
        ("公积金的提取", "公积金 提取"),
        ("台风来了怎么办", "台风"),
        # The year is a word of its own.
        ("2026年政府工作报告", "2026年 政府工作报告"),
        # People type two words without a blank.
        ("社保转移", "社保 转移"),
        ("公积金提取", "公积金 提取"),
    ],
)
def test_a_question_without_blanks_is_tried_in_its_parts(asked, shorter):
    assert shorter in tried(asked)[:3]
    assert all(len(one.replace(" ", "")) >= 2 for one in tried(asked))


def test_what_stands_in_every_title_is_not_tried_alone():
    assert "停水" in tried("停水通知")[:4] and "通知" not in tried("停水通知")
    assert "低保" in tried("低保怎么申请")[:4] and "申请" not in tried("低保怎么申请")
    assert "通知" in tried("停水 通知"), "somebody typed it so"


def test_words_that_only_ask_are_left_out_first():
    assert tried("怎么办 身份证")[0] == "身份证"
    assert next(shorter_questions("身份证 怎么办")) == Shorter("身份证", ("怎么办",))


def test_what_was_excluded_stays_excluded_and_what_was_quoted_stays_quoted():
    assert all(one.endswith(" -“社会 保险” -企业") for one in tried("营业执照 注销 -企业 -“社会 保险”"))
    assert all(one.endswith("-企业") for one in tried("营业执照注销 -企业"))
    assert tried("“养老服务” 量子")[0] == "“养老服务”"
    assert tried("「养老“服务」 量子")[0] == "「养老“服务」"


def test_a_phrase_is_tried_without_its_quotes():
    assert tried("“营业执照注销”")[0] == "营业执照注销"
    assert tried("“社会 保险”")[0] == "社会 保险"


def test_of_a_document_number_issuer_serial_and_year_may_be_wrong():
    assert list(shorter_questions("云政办〔2026〕8号")) == [
        Shorter("〔2026〕8号", ("云政办",)),
        Shorter("云政办〔2026〕", ("8号",)),
        Shorter("云政办", ("〔2026〕8号",)),
    ]
    assert list(shorter_questions("〔2026〕8号")) == []


def test_signs_and_short_words_have_no_shorter_question():
    assert [tried(text) for text in ("", "???", "法", "养老", "怎么办", "-养老")] == [[]] * 6
