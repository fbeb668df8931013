"""Writing a body in the browser: a text to write in, what other programs copy, one table, one tidying."""

from typing import Any

import pytest

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.writing import (
    TEXT_AREA,
    body_of,
    copy,
    kinds,
    notice,
    open_new_draft,
    paste,
    paste_as_word,
    paste_picture,
)
from tests.writing import fragments

pytestmark = pytest.mark.browser

PICTURES = (fragments.RED, fragments.GREEN, fragments.BLUE)
WORD_BLOCKS = ["heading", "rich_text", "table", "image", "rich_text", "image", "image", "rich_text"]


@pytest.fixture
def draft(window: Any, served: Any) -> Any:
    page = window(1280, 900).page
    open_new_draft(page, served)
    return page


def test_a_new_draft_opens_as_a_text_with_its_formatting_bar(draft: Any) -> None:
    assert kinds(draft) == ["rich_text"]
    assert draft.locator(".Draftail-Toolbar").is_visible()
    assert draft.get_by_role("button", name="一键排版").is_visible()
    assert accessibility_faults(draft, ".writing-body") == []


def test_what_word_copies_stands_where_the_caret_was_with_every_picture_in_its_place(draft: Any) -> None:
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type("前面后面")
    draft.keyboard.press("ArrowLeft")
    draft.keyboard.press("ArrowLeft")
    copied = {"text/html": fragments.WORD, "text/plain": "-", "text/rtf": fragments.word_rtf(*PICTURES)}
    paste_as_word(draft, copied)
    assert "已粘贴" in notice(draft)
    body = body_of(draft)
    assert [kind for kind, _value in body] == ["rich_text", *WORD_BLOCKS]
    assert body[0][1] == [["unstyled", "前面"]]
    assert body[-1][1] == [["unstyled", "以上请遵照执行。"], ["unstyled", "后面"]]
    assert [value["alt"] for kind, value in body if kind == "image"] == ["栽植现场", "", ""]
    table = body[3][1]
    assert table["rows"][0] == ["区名", "任务（株）", ""] and table["merged"] == [[0, 0, 2, 1], [0, 1, 1, 2]]


def test_a_pasting_is_taken_back_by_one_button(draft: Any) -> None:
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type("原来的文字")
    paste(draft, {"text/html": fragments.CHROME, "text/plain": "-"})
    told = notice(draft)
    assert "外部地址" in told and "大厅位置" in told
    assert "table" in kinds(draft)
    draft.get_by_role("button", name="撤销这次粘贴").click()
    assert body_of(draft) == [["rich_text", [["unstyled", "原来的文字"]]]]


def test_a_text_of_several_paragraphs_joins_the_paragraphs_and_the_editor_takes_it_back(draft: Any) -> None:
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type("甲")
    paste(draft, {"text/html": fragments.WECHAT, "text/plain": "-"})
    notice(draft)
    assert body_of(draft) == [["rich_text", [["unstyled", "甲防汛提示"], ["unstyled", "近期雨水偏多，请勿涉水。"]]]]
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.press("Control+z")
    assert body_of(draft) == [["rich_text", [["unstyled", "甲"]]]]


def test_a_screenshot_becomes_a_picture(draft: Any) -> None:
    paste_picture(draft, fragments.GREEN)
    notice(draft)
    assert "image" in kinds(draft)


def test_pasting_without_a_connection_loses_nothing(draft: Any) -> None:
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type("写到一半")
    draft.context.set_offline(True)
    paste(draft, {"text/html": fragments.WPS, "text/plain": "-"})
    assert "连接不上服务器" in notice(draft)
    assert body_of(draft) == [["rich_text", [["unstyled", "写到一半"]]]]
    draft.context.set_offline(False)
    draft.get_by_role("button", name="再试一次").click()
    eventually(draft, "document.querySelectorAll('.writing-table').length === 1")


def test_tidying_shows_its_difference_and_is_taken_back(draft: Any) -> None:
    draft.locator(TEXT_AREA).first.click()
    for line in ("一.总体要求", "  各单位:请报送(见附件).", "", "北川县人民政府", "2026年3月2日"):
        draft.keyboard.type(line)
        draft.keyboard.press("Enter")
    before = body_of(draft)
    draft.get_by_role("button", name="一键排版").click()
    dialog = draft.get_by_role("dialog", name="排版会改动这些地方")
    dialog.wait_for()
    assert "落款、日期靠右" in dialog.inner_text()
    assert body_of(draft) == before
    draft.get_by_role("button", name="按此排版").click()
    assert body_of(draft)[0][1] == [
        ["unstyled", "一、总体要求"],
        ["unstyled", "各单位：请报送（见附件）。"],
        ["sign-off", "北川县人民政府"],
        ["sign-off", "2026年3月2日"],
    ]
    draft.get_by_role("button", name="撤销排版").click()
    assert body_of(draft) == before


def add_table(page: Any) -> Any:
    page.get_by_role("button", name="插入内容块").first.click()
    page.get_by_role("option", name="表格", exact=True).click()
    rows = page.locator(".ht_master .htCore tbody tr")
    rows.nth(4).wait_for()
    return rows


def test_a_table_is_filled_in_by_keys_and_grows_at_its_end(draft: Any) -> None:
    rows = add_table(draft)
    rows.nth(0).locator("td").first.click()
    for number in range(24):
        draft.keyboard.type(str(number))
        draft.keyboard.press("Tab")
    table = body_of(draft)[0][1]
    filled = [[str(4 * row + column) for column in range(4)] for row in range(6)]
    assert table["rows"] == [*filled, ["", "", "", ""]]
    # By voice or handwriting words come without a key.
    for word in ("县教育局", "校舍维修"):
        draft.keyboard.insert_text(word)
        draft.keyboard.press("Tab")
    assert body_of(draft)[0][1]["rows"][6] == ["县教育局", "校舍维修", "", ""]


def test_cells_are_merged_without_losing_words_and_rows_are_moved(draft: Any) -> None:
    rows = add_table(draft)
    rows.nth(0).locator("td").first.click()
    for word in ("1", "2", "3", "4", "5"):
        draft.keyboard.type(word)
        draft.keyboard.press("Tab")
    # Another cell than the one clicked before: twice on one so soon would open it for typing.
    rows.nth(0).locator("td").nth(1).click()
    draft.keyboard.press("Shift+ArrowLeft")
    draft.get_by_role("button", name="合并单元格").click()
    table = body_of(draft)[0][1]
    assert table["rows"][0] == ["1 2", "", "3", "4"] and table["merged"] == [[0, 0, 1, 2]]
    rows.nth(1).locator("td").first.click()
    draft.get_by_role("button", name="行上移").click()
    table = body_of(draft)[0][1]
    assert [row[0] for row in table["rows"][:2]] == ["5", "1 2"] and table["merged"] == [[1, 0, 1, 2]]


def test_excel_s_merged_cells_and_tabbed_lines_are_pasted_into_a_table(draft: Any) -> None:
    rows = add_table(draft)
    rows.nth(0).locator("td").first.click()
    copy(draft, {"text/html": fragments.EXCEL, "text/plain": "-"})
    draft.keyboard.press("Control+v")
    table = body_of(draft)[0][1]
    assert table["rows"][2][:3] == ["教育", "合计", "12,345.60"] and table["merged"] == [[0, 0, 2, 2]]
    rows.nth(4).locator("td").first.click()
    copy(draft, {"text/plain": "甲\t1\n乙\t2"})
    draft.keyboard.press("Control+v")
    eventually(
        draft,
        "JSON.stringify(document.getElementById('body-root').rootBlock.children[0].block.getValue().rows.slice(4))"
        '.startsWith(\'[["甲","1","",""],["乙","2"\')',
    )


def test_the_grid_is_left_by_escape_for_its_bar(draft: Any) -> None:
    rows = add_table(draft)
    rows.nth(0).locator("td").first.click()
    draft.keyboard.press("Escape")
    assert draft.evaluate("document.activeElement.dataset.command") == "rowAbove"


def test_a_draft_with_a_table_is_saved_and_opens_as_it_was(draft: Any) -> None:
    draft.locator("#id_title").fill("关于绿化工作的安排")
    paste_as_word(draft, {"text/html": fragments.WORD, "text/plain": "-", "text/rtf": fragments.word_rtf(*PICTURES)})
    notice(draft)
    before = body_of(draft)
    draft.get_by_role("button", name="保存草稿").click()
    draft.locator(".messages").wait_for()
    draft.reload()
    draft.locator(".ht_master .htCore td").first.wait_for()
    assert [kind for kind, _value in body_of(draft)] == WORD_BLOCKS
    assert body_of(draft)[2] == before[2]
