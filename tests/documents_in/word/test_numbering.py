"""Word's automatic numbers: counters, restarts, overrides, styles, and what is not counted."""

from pathlib import Path

import pytest

from tests.documents_in.fictional import warned
from tests.documents_in.word.writing import (
    abstract,
    field,
    level,
    lines,
    num,
    numbered,
    override,
    p,
    read,
    style,
    text,
    text_box,
)

pytestmark = pytest.mark.unit

WORK = "完成管网巡查任务。"
CHAPTERS = (level(0, "chineseCountingThousand", "第%1章"), level(1, "chineseCountingThousand", "第%2条"))
IDEOGRAPHIC = abstract(0, level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"))


def labels(tmp_path: Path, body: str, **parts: object) -> list[str]:
    """What stands before WORK on each line that has it."""
    return [line.removesuffix(WORK) for line in lines(tmp_path, body, **parts) if line.endswith(WORK)]


def test_lists_of_one_abstract_list_share_its_counter(tmp_path: Path) -> None:
    numbering = IDEOGRAPHIC + num(1, 0) + num(2, 0)
    body = numbered(WORK, 1) + numbered(WORK, 2) + numbered(WORK, 1)
    assert labels(tmp_path, body, numbering=numbering) == ["一、", "二、", "三、"]


def test_a_list_with_a_start_of_its_own_begins_anew_once(tmp_path: Path) -> None:
    numbering = IDEOGRAPHIC + num(1, 0) + num(2, 0, override(0, '<w:startOverride w:val="1"/>'))
    body = numbered(WORK, 1) + numbered(WORK, 1) + numbered(WORK, 2) + numbered(WORK, 2) + numbered(WORK, 1)
    assert labels(tmp_path, body, numbering=numbering) == ["一、", "二、", "一、", "二、", "三、"]


def test_a_deeper_level_begins_anew_behind_a_higher_one(tmp_path: Path) -> None:
    numbering = IDEOGRAPHIC + num(1, 0)
    body = "".join(numbered(WORK, 1, deep) for deep in (0, 1, 1, 0, 1))
    assert labels(tmp_path, body, numbering=numbering) == ["一、", "（一）", "（二）", "二、", "（一）"]


def test_restart_names_the_level_after_which_to_begin_anew(tmp_path: Path) -> None:
    levels = [
        level(0, "decimal", "%1、"),
        level(1, "decimal", "%1-%2、"),
        level(2, "decimal", "（%3）", '<w:lvlRestart w:val="1"/>'),
    ]
    body = "".join(numbered(WORK, 1, deep) for deep in (0, 1, 2, 1, 2, 0, 1, 2))
    found = labels(tmp_path, body, numbering=abstract(0, *levels) + num(1, 0))
    assert found == ["1、", "1-1、", "（1）", "1-2、", "（2）", "2、", "2-1、", "（1）"]


def test_restart_zero_is_never(tmp_path: Path) -> None:
    levels = (CHAPTERS[0], level(1, "chineseCountingThousand", "第%2条", '<w:lvlRestart w:val="0"/>'))
    body = "".join(numbered(WORK, 1, deep) for deep in (1, 1, 0, 1))
    found = labels(tmp_path, body, numbering=abstract(0, *levels) + num(1, 0))
    assert [found[0], found[1], found[3]] == ["第一条　", "第二条　", "第三条　"]


def test_a_legal_level_writes_all_numbers_in_digits(tmp_path: Path) -> None:
    levels = [level(0, "chineseCounting", "第%1部分"), level(1, "decimal", "%1.%2", "<w:isLgl/>")]
    body = numbered(WORK, 1, 0) + numbered(WORK, 1, 1)
    assert labels(tmp_path, body, numbering=abstract(0, *levels) + num(1, 0)) == ["第一部分　", "1.1 "]


def test_legal_switched_off_is_no_legal_level(tmp_path: Path) -> None:
    levels = [level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", '<w:isLgl w:val="0"/>')]
    body = numbered(WORK, 1, 0) + numbered(WORK, 1, 1)
    assert labels(tmp_path, body, numbering=abstract(0, *levels) + num(1, 0)) == ["一、", "一.1 "]


def test_a_list_may_replace_a_level(tmp_path: Path) -> None:
    numbering = IDEOGRAPHIC + num(1, 0) + num(2, 0, override(0, level(0, "upperRoman", "%1、")))
    body = numbered(WORK, 1) + numbered(WORK, 2) + numbered(WORK, 1)
    assert labels(tmp_path, body, numbering=numbering) == ["一、", "II、", "三、"]


def test_a_numbering_style_leads_to_the_list_with_the_levels(tmp_path: Path) -> None:
    numbering = (
        abstract(0, more='<w:numStyleLink w:val="Clauses"/>')
        + abstract(1, level(0, "chineseCounting", "第%1款"), more='<w:styleLink w:val="Clauses"/>')
        + num(1, 0)
        + num(2, 1)
    )
    styles = style("Clauses", kind="numbering", content='<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>')
    body = numbered(WORK, 1) + numbered(WORK, 2)
    assert labels(tmp_path, body, numbering=numbering, styles=styles) == ["第一款　", "第二款　"]


def test_numbering_styles_in_a_circle_end(tmp_path: Path) -> None:
    numbering = (
        abstract(0, more='<w:numStyleLink w:val="A"/><w:styleLink w:val="B"/>')
        + abstract(1, more='<w:numStyleLink w:val="B"/><w:styleLink w:val="A"/>')
        + num(1, 0)
    )
    assert labels(tmp_path, numbered(WORK), numbering=numbering) == [""]


def test_a_paragraph_has_the_number_of_its_style(tmp_path: Path) -> None:
    numbering = abstract(
        0,
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="First"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="Second"/>'),
    ) + num(1, 0)  # fmt: skip
    of_list = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        style("First", content=of_list)
        + style("Second", content=of_list)
        + style("Own", based_on="Second")
        + style("Without", based_on="First", content='<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>')
    )
    body = "".join(p(WORK, f'<w:pStyle w:val="{name}"/>') for name in ("First", "Second", "Own", "Without", "First"))
    assert labels(tmp_path, body, numbering=numbering, styles=styles) == ["一、", "（一）", "（二）", "", "二、"]


def test_number_zero_takes_the_number_of_the_style_away(tmp_path: Path) -> None:
    styles = style("First", content='<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    body = p(WORK, '<w:pStyle w:val="First"/>') + numbered(WORK, 0, properties='<w:pStyle w:val="First"/>')
    assert labels(tmp_path, body, numbering=IDEOGRAPHIC + num(1, 0), styles=styles) == ["一、", ""]


def test_a_higher_level_that_never_stood_counts_as_its_first(tmp_path: Path) -> None:
    levels = [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2")]
    body = numbered(WORK, 1, 1) + numbered(WORK, 1, 1)
    assert labels(tmp_path, body, numbering=abstract(0, *levels) + num(1, 0)) == ["1.1 ", "1.2 "]


def test_the_first_number_of_a_level(tmp_path: Path) -> None:
    numbering = abstract(0, level(0, "chineseCounting", "%1、", start=5)) + num(1, 0)
    assert labels(tmp_path, numbered(WORK) * 2, numbering=numbering) == ["五、", "六、"]


def test_a_deleted_paragraph_is_not_counted(tmp_path: Path) -> None:
    mark = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    gone = p('<w:del w:id="2" w:author="a"><w:r><w:delText>旧的一项。</w:delText></w:r></w:del>', mark)
    body = numbered(WORK) + gone + numbered(WORK)
    assert labels(tmp_path, body, numbering=IDEOGRAPHIC + num(1, 0)) == ["一、", "二、"]


def test_a_hidden_paragraph_is_not_counted(tmp_path: Path) -> None:
    mark = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:vanish/></w:rPr>'
    body = numbered(WORK) + p(text("内部事项。", "<w:vanish/>"), mark) + numbered(WORK)
    assert labels(tmp_path, body, numbering=IDEOGRAPHIC + num(1, 0)) == ["一、", "二、"]


def test_a_text_box_counts_once(tmp_path: Path) -> None:
    body = numbered(WORK) + p(text_box(numbered(WORK) + numbered(WORK))) + numbered(WORK)
    assert labels(tmp_path, body, numbering=IDEOGRAPHIC + num(1, 0)) == ["一、", "二、", "三、", "四、"]


def test_numbers_in_a_table_count_and_stand_in_its_cells(tmp_path: Path) -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{numbered(words)}</w:tc>" for words in ("甲", "乙")) + "</w:tr>"
    numbering = abstract(0, level(0, "decimal", "%1.")) + num(1, 0)
    body = f"<w:tbl>{row}</w:tbl>" + numbered(WORK)
    assert lines(tmp_path, body, numbering=numbering) == ["1. 甲|2. 乙", f"3. {WORK}"]


@pytest.mark.parametrize(
    ("suffix", "printed"), [("", "1 工作"), ("tab", "1 工作"), ("space", "1 工作"), ("nothing", "1工作")]
)
def test_what_stands_between_a_number_and_its_text(tmp_path: Path, suffix: str, printed: str) -> None:
    told = f'<w:suff w:val="{suffix}"/>' if suffix else ""
    numbering = abstract(0, level(0, "decimal", "%1", told)) + num(1, 0)
    assert lines(tmp_path, numbered("工作"), numbering=numbering) == [printed]


def test_a_format_only_newer_versions_know_stands_in_a_choice(tmp_path: Path) -> None:
    form = (
        '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
        '</mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>{form}'
        '<w:lvlText w:val="第%1号"/></w:lvl></w:abstractNum>' + num(1, 0)
    )
    assert labels(tmp_path, numbered(WORK), numbering=numbering) == ["第001号　"]


def test_an_unknown_format_is_named(tmp_path: Path) -> None:
    numbering = abstract(0, level(0, "bahtText", "（%1）")) + num(1, 0)
    document = read(tmp_path, numbered(WORK), numbering=numbering)
    assert warned(document, "编号的格式", "bahtText")
    assert labels(tmp_path, numbered(WORK), numbering=numbering) == ["（1）"]


def test_old_numbers_made_by_fields_are_named(tmp_path: Path) -> None:
    document = read(tmp_path, p(field("AUTONUM") + text(WORK)))
    assert warned(document, "由域生成的编号", "AUTONUM")


def test_a_number_without_text_still_stands(tmp_path: Path) -> None:
    body = numbered(WORK) + numbered("") + numbered(WORK)
    assert lines(tmp_path, body, numbering=IDEOGRAPHIC + num(1, 0)) == [f"一、{WORK}", "二、", f"三、{WORK}"]


def test_references_to_lists_and_levels_that_do_not_exist(tmp_path: Path) -> None:
    body = numbered(WORK, 77) + numbered(WORK, 1, 8) + numbered(WORK, 1, 99)
    assert labels(tmp_path, body, numbering=IDEOGRAPHIC + num(1, 0)) == ["", "", ""]
