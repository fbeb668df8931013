"""What becomes of a draft on its way: its address, a long table, a pasted picture, the tabs that lack something."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.test_whole_way import CONSOLE, TEXT
from tests.browser.test_writing import add_table
from tests.browser.writing import TEXT_AREA, body_of, copy, notice, open_new_draft, paste, paste_picture
from tests.console.test_chinese import visible_words
from tests.writing import fragments

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(window: Any, served: Any) -> Any:
    page = window(1280, 900).page
    open_new_draft(page, served)
    return page


def save(page: Any) -> None:
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/edit/**")
    page.locator(TEXT_AREA).first.wait_for()


def test_an_address_is_nobody_s_work_and_whoever_knows_changes_it(draft: Any) -> None:
    draft.locator("#id_title").press_sequentially("北川县开展AI培训，惠及… 2026")
    draft.get_by_role("tab", name="信息项").click()
    address = draft.locator("#id_slug")
    assert not address.is_visible()
    assert address.input_value() == "", "no script makes an address of Latin letters"
    save(draft)
    draft.get_by_role("tab", name="信息项").click()
    assert re.fullmatch(r"\d{8}-\d{3,}", draft.locator("#id_slug").input_value())
    draft.locator("[data-panel]", has=draft.get_by_role("heading", name="网址")).locator("[data-panel-toggle]").click()
    draft.locator("#id_slug").fill("ai-training")
    save(draft)
    assert draft.locator("#id_slug").input_value() == "ai-training"


def test_a_long_title_is_one_line_and_shown_whole(draft: Any) -> None:
    """Nothing of sixty characters is cut on a phone, and neither Enter nor pasting makes a second line."""
    title = draft.locator("#id_title")
    all_seen = "(t => t.clientHeight > 60 && t.scrollHeight <= t.clientHeight)(document.getElementById('id_title'))"
    draft.set_viewport_size({"width": 360, "height": 780})
    title.press_sequentially("关于印发")
    title.press("Enter")
    copy(
        draft,
        {"text/plain": "北川县2026年城乡居民基本养老保险和高龄津贴\r\n发放工作实施方案\n（PDF\nWord）的通知及其说明\n"},
    )
    draft.keyboard.press("Control+v")
    whole = "关于印发北川县2026年城乡居民基本养老保险和高龄津贴发放工作实施方案（PDF Word）的通知及其说明"
    assert title.input_value() == whole
    eventually(draft, all_seen)
    save(draft)
    assert title.input_value() == whole
    eventually(draft, all_seen)


def test_the_tab_behind_which_something_is_missing_says_so(draft: Any) -> None:
    draft.locator("#id_title").fill("来源空着")
    draft.get_by_role("tab", name="信息项").click()
    draft.locator("#id_source").fill("")
    draft.get_by_role("button", name="送审", exact=True).click()
    # The draft may have had its address before: what comes is told by what stands on it.
    draft.locator(".messages li").first.wait_for()
    eventually(draft, "document.querySelectorAll('[role=tab] .tab-lacks').length === 2")
    assert "待补 1 处" in draft.get_by_role("tab", name="信息项").inner_text()
    assert accessibility_faults(draft, "[role=tablist]") == []


def test_a_draft_with_a_table_of_two_hundred_rows_is_saved_and_handed_in(draft: Any, served: Any) -> None:
    draft.locator("#id_title").fill("二百行的一张表")
    rows = "".join(
        f"<tr><td>{number}</td><td>第{number}户</td><td>{number * 3}.50</td></tr>" for number in range(1, 201)
    )
    head = "<tr><th>序号</th><th>户别</th><th>金额</th></tr>"
    paste(draft, {"text/html": f"<table>{head}{rows}</table>", "text/plain": "-"})
    notice(draft)
    eventually(draft, "document.querySelectorAll('.ht_master .htCore tbody tr').length > 5")
    draft.locator(TEXT_AREA).last.click()
    draft.keyboard.type(TEXT)
    eventually(draft, f"[...document.querySelectorAll('input[name^=body]')].some(i => i.value.includes('{TEXT}'))")
    save(draft)
    draft.locator(".ht_master .htCore td").first.wait_for()
    table = next(value for kind, value in body_of(draft) if kind == "table")
    assert len(table["rows"]) == 201 and table["rows"][200] == ["200", "第200户", "600.50"]
    draft.get_by_role("button", name="送审", exact=True).click()
    draft.wait_for_url("**/admin/review/*/")
    assert "已送审" in draft.locator(".messages").inner_text()
    assert draft.frame_locator("iframe.review__frame").locator("table tr").count() == 201
    # The queue of the tests that come next is as it was.
    draft.goto(served.address(f"{urlsplit(draft.url).path}take-back/", CONSOLE))
    with draft.expect_navigation():
        draft.get_by_role("button", name="撤回送审").click()


def test_menu_and_dialogs_of_table_and_tidying_speak_chinese(draft: Any) -> None:
    rows = add_table(draft)
    rows.nth(0).locator("td").first.click(button="right")
    menu = draft.locator(".htContextMenu").first
    menu.wait_for()
    assert "合并单元格" in menu.inner_text()
    assert visible_words(menu.inner_html()) == []
    draft.keyboard.press("Escape")
    assert visible_words(draft.locator(".writing-table__bar").inner_html()) == []
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type("一.要求:请报送.")
    draft.get_by_role("button", name="一键排版").click()
    dialog = draft.get_by_role("dialog", name="排版会改动这些地方")
    dialog.wait_for()
    assert visible_words(dialog.inner_html()) == []


def test_what_is_typed_at_once_is_kept_by_itself_too(draft: Any) -> None:
    """Wagtail takes its first picture of the form a second after the page is there: what came before was no change."""
    draft.locator("#id_title").fill("刚打开就写")
    save(draft)
    with draft.expect_response(lambda answer: answer.url.endswith("/edit/") and answer.request.method == "POST"):
        draft.locator("#id_title").press_sequentially("一")


def test_a_picture_whose_pasting_was_taken_back_stays_nowhere(draft: Any, served: Any) -> None:
    paste_picture(draft, fragments.BLUE)
    notice(draft)
    number = draft.evaluate(
        "document.getElementById('body-root').rootBlock.children.find(c => c.type === 'image').block.getValue().image"
    )
    with draft.expect_response("**/admin/writing/unpaste/") as answered:
        draft.get_by_role("button", name="撤销这次粘贴").click()
    assert answered.value.json() == {"kept": []}
    assert draft.goto(served.address(f"/admin/images/{number}/", CONSOLE)).status == 404


def test_a_picture_that_was_saved_meanwhile_goes_with_the_next_saving(draft: Any, served: Any) -> None:
    draft.locator("#id_title").fill("贴了又撤的图片")
    save(draft)
    paste_picture(draft, fragments.RED)
    notice(draft)
    with draft.expect_response(lambda answer: answer.url.endswith("/edit/") and answer.request.method == "POST"):
        draft.locator("#id_title").press_sequentially("一")
    number = draft.evaluate(
        "document.getElementById('body-root').rootBlock.children.find(c => c.type === 'image').block.getValue().image"
    )
    gone: list[Any] = []
    draft.on("response", lambda answer: gone.append(answer) if answer.url.endswith("/writing/unpaste/") else None)
    draft.get_by_role("button", name="撤销这次粘贴").click()
    for _turn in range(200):
        if gone and gone[-1].json() == {"kept": []}:
            break
        draft.wait_for_timeout(100)
    assert gone[-1].json() == {"kept": []}
    assert draft.goto(served.address(f"/admin/images/{number}/", CONSOLE)).status == 404
