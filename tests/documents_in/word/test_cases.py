"""Files made after public reports of faults: each comes out as a person reads it."""

from pathlib import Path

import pytest

from sites.documents_in.extraction import ExtractedDocument
from tests.documents_in.fictional import extract, outline, warned

pytestmark = pytest.mark.unit

CASES = Path(__file__).parents[1] / "cases"
ADDRESSEE = "各镇人民政府，县直各单位："
SIGNED = ["试验县人民政府", "2025年5月12日"]


def case(name: str) -> ExtractedDocument:
    return extract(CASES / f"{name}.docx")


def body(name: str) -> list[str]:
    """The lines between addressee and signature."""
    found = outline(case(name))
    assert found[-2:] == SIGNED
    return [line for line in found[:-2] if line != ADDRESSEE]


def test_articles_count_on_over_chapters() -> None:
    assert body("01-articles-over-chapters") == [
        "#2 第一章　总则",
        "第一条　为加强河道巡护，制定本办法。",
        "第二条　本办法适用于本县河道。",
        "#2 第二章　巡护职责",
        "第三条　水务部门负责组织巡护工作。",
        "第四条　各镇负责日常巡护。",
    ]


def test_a_list_begins_where_it_says() -> None:
    assert body("03-start-override")[1:] == [
        "第十二条　巡护人员每周至少巡河一次。",
        "第十三条　发现倾倒垃圾的应当立即报告。",
    ]


def test_number_formats() -> None:
    found = [line for line in body("04-number-formats") if not line.endswith("事项如下。")]
    assert [line.removesuffix("完成管网巡查任务。") for line in found[::2]] == [
        "壹、", "甲、", "①", "第一〇条　", "（A）", "(i) ", "I、", "１、", "子、"
    ]  # fmt: skip
    assert [line.removesuffix("完成水质检测任务。") for line in found[1::2]] == [
        "贰、", "乙、", "②", "第一一条　", "（B）", "(ii) ", "II、", "２、", "丑、"
    ]  # fmt: skip


def test_headings_keep_their_numbers() -> None:
    headings = [line for line in body("05-heading-numbers") if line.startswith("#")]
    assert headings == ["#2 1 工作目标", "#3 1.1 河道清淤", "#3 1.2 岸坡加固", "#2 2 保障措施"]


def test_the_fallback_of_a_text_box_is_not_counted() -> None:
    assert [line[:2] for line in body("06-textbox-numbers")] == ["一、", "二、", "三、", "四、"]


def test_a_text_box_without_a_fallback_is_read() -> None:
    assert "报送截止日期为2025年6月30日，逾期不再受理。" in body("06b-textbox-choice-only")


def test_fields_and_directed_runs_keep_their_text() -> None:
    assert body("08-fldsimple") == [
        "补助标准按附件3执行，补助总额为128.5万元。受助单位为城关镇水务站。",
        "编号规则以左起顺序为准。",
    ]


def test_symbols_are_characters() -> None:
    assert body("09-symbols") == [
        "是否同意公开：☑同意　□不同意。",
        "是否上报：☑是　□否。",
        "误差±5厘米，坡度≤30度。",
    ]


def test_a_prompt_is_no_text() -> None:
    assert body("10-placeholder") == ["联系单位：", "办理期限：二十个工作日"]
    assert warned(case("10-placeholder"), "1 处未填写的表单提示文字")


def test_the_table_of_contents_is_left_out() -> None:
    found = body("11-toc")
    assert [line for line in found if line.startswith("#")] == [
        "#2 第一章　总则",
        "#2 第二章　巡护职责",
        "#2 第三章　附则",
    ]
    assert "目录" not in "".join(found)
    assert warned(case("11-toc"), "目录（3 行）未导入")


def test_the_strict_edition_is_read() -> None:
    assert body("13-strict") == ["请各单位认真落实巡护责任。"]


def test_a_list_that_is_taken_up_again_counts_on() -> None:
    assert [line[:2] for line in body("16-resume-decimal")] == ["1.", "2.", "上述", "3.", "4.", "第3"]


def test_text_hidden_by_styles_is_left_out_and_counted() -> None:
    assert body("18-hidden-style") == ["请各单位认真落实。"]
    assert warned(case("18-hidden-style"), "2 处隐藏文字")
