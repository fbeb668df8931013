"""A return comes to the desk, and a draft that stands in the wrong column or is of the wrong kind is set right."""

from typing import Any

import pytest

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.entering import enter
from tests.browser.test_whole_way import CONSOLE, scan
from tests.browser.writing import TEXT_AREA, open_new_draft

pytestmark = pytest.mark.browser

TELEPHONE = "13812345678"
OPINION = "联系电话是个人手机，请换成办公电话。"


def in_form(page: Any, words: str) -> None:
    """The editor hands its text to the form a moment after the last key."""
    eventually(page, f"[...document.querySelectorAll('input[name^=body]')].some(i => i.value.includes('{words}'))")


def hand_in(page: Any) -> str:
    page.get_by_role("button", name="送审", exact=True).click()
    page.wait_for_url("**/admin/review/*/")
    return f"/admin/review/{page.url.rstrip('/').rsplit('/', 1)[-1]}/"


@pytest.fixture(scope="module")
def way(served: Any, chromium: Any) -> Any:
    """(the editor's window, the reviewer's window, the review's address) of a page that was just returned."""
    editor = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN").new_page()
    open_new_draft(editor, served)
    editor.locator("#id_title").fill("高龄津贴咨询电话")
    editor.locator(TEXT_AREA).first.click()
    for words in ("第一段说明办理条件。", "第二段说明材料。", f"咨询电话：{TELEPHONE}。"):
        editor.keyboard.type(words)
        editor.keyboard.press("Enter")
    eventually(
        editor, f"[...document.querySelectorAll('input[name^=body]')].some(i => i.value.includes('{TELEPHONE}'))"
    )
    review = hand_in(editor)
    scan(served, review)
    reviewer = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    enter(reviewer, served, "alpha_content")
    reviewer.goto(served.address(review, CONSOLE))
    reviewer.locator("[data-opinion]").fill(OPINION)
    with reviewer.expect_navigation():
        reviewer.locator("button[value=reject]").click()
    return editor, reviewer, review


def desk(editor: Any, served: Any, review: str) -> None:
    editor.goto(served.address("/admin/", CONSOLE))
    assert OPINION[:10] in editor.locator("#came-back, [id*=came-back]").first.inner_text()
    editor.goto(served.address(f"/admin/pages/{review.strip('/').rsplit('/', 1)[-1]}/edit/", CONSOLE))
    editor.locator(TEXT_AREA).first.wait_for()


def test_opinion_and_findings_stand_beside_the_text_and_lead_there(way: Any, served: Any) -> None:
    editor, reviewer, review = way
    desk(editor, served, review)
    panel = editor.locator("[data-returned]")
    panel.wait_for()
    assert OPINION in panel.inner_text() and "已退回" in editor.locator(".messages").inner_text()
    panel.locator("[data-finding]", has_text=TELEPHONE[:3]).get_by_role("button", name="看位置").first.click()
    eventually(editor, f"getSelection().toString() === '{TELEPHONE}'")
    assert accessibility_faults(editor, "[data-returned]") == []
    editor.keyboard.type("0871-63210000")
    in_form(editor, "63210000")
    hand_in(editor)
    scan(served, review)
    reviewer.goto(served.address(review, CONSOLE))
    changes = reviewer.locator("#changes").inner_text()
    assert "与退回的版本相比" in changes and "63210000" in changes and OPINION in changes
    # the queue of the tests that come next is as it was
    editor.goto(served.address(f"{review}take-back/", CONSOLE))
    with editor.expect_navigation():
        editor.get_by_role("button", name="撤回送审").click()


@pytest.mark.parametrize("width", [1440, 1280, 360])
def test_the_screen_for_another_column_or_kind(way: Any, served: Any, width: int) -> None:
    editor, _reviewer, review = way
    editor.set_viewport_size({"width": width, "height": 900})
    editor.goto(served.address(f"/admin/writing/place/{review.strip('/').rsplit('/', 1)[-1]}/", CONSOLE))
    editor.locator("#id_column").select_option(label="政策文件")
    editor.locator("#id_kind").select_option(label="政策文件")
    with editor.expect_navigation():
        editor.get_by_role("button", name="看看会怎样").click()
    told = editor.locator("#main").inner_text()
    assert "会这样改" in told and "发文字号" in told and "/policies/" in told
    assert editor.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(editor, "#main") == []
    if width == 360:
        with editor.expect_navigation():
            editor.get_by_role("button", name="确定这样改").click()
        assert "政策文件" in editor.locator(".messages").inner_text()
        assert editor.locator("#id_document_number").count() == 1
