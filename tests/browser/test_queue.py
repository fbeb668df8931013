"""The reviewers' queue by keyboard, handing over, and an emergency from the editor to the named reviewer."""

from typing import Any

import pytest

from tests.browser.accessibility import accessibility_faults
from tests.browser.entering import enter
from tests.browser.test_whole_way import CONSOLE, sign_in, write_and_submit

pytestmark = pytest.mark.browser

QUEUE = "/admin/review/"
NEW_TITLE = "澄州市图书馆新馆向公众开放"
FOCUSED = "document.activeElement.textContent.trim()"


def press_and_go(page: Any, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def sideways(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def own_line(page: Any) -> Any:
    return page.locator("[data-queue] tr", has_text=NEW_TITLE).first


def test_claiming_by_keyboard_and_handing_over(served, window):
    editor = window().page
    enter(editor, served, "alpha_editor")
    write_and_submit(editor, served, NEW_TITLE)

    page = window().page
    sign_in(page, served, "alpha_content")
    # What other tests of this server have handed in stands in the queue too.
    page.goto(served.address(f"{QUEUE}?words={NEW_TITLE}", CONSOLE))
    page.keyboard.press("j")
    first = page.evaluate(FOCUSED)
    assert NEW_TITLE in first
    press_and_go(page, "c")
    assert "已认领" in page.locator(".messages").inner_text()
    assert page.evaluate(FOCUSED) == first, "the page comes back at the line that was claimed"
    assert "我已认领" in own_line(page).inner_text()
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == first, "nothing stands above the first line"

    own_line(page).get_by_role("link", name="转交").click()
    page.get_by_label("转交给").select_option(label="双站内审")
    page.get_by_label("转交说明").fill("下午外出，请代为办理。")
    with page.expect_navigation():
        page.get_by_role("button", name="转交").click()
    assert "双站内审" in own_line(page).inner_text()
    assert own_line(page).get_by_role("button").count() == 0, "what a colleague holds is not taken back from the list"

    page.set_viewport_size({"width": 360, "height": 780})
    assert sideways(page) <= 0
    assert accessibility_faults(page, within="#main") == []

    colleague = window().page
    enter(colleague, served, "both_content")
    colleague.goto(served.address(QUEUE, CONSOLE))
    assert "下午外出" in own_line(colleague).inner_text()


def test_an_emergency_goes_from_the_editor_to_the_named_reviewer(served, window):
    editor = window().page
    enter(editor, served, "alpha_editor2")
    review = write_and_submit(editor, served, NEW_TITLE)
    editor.goto(served.address(f"{review}take-back/", CONSOLE))
    with editor.expect_navigation():
        editor.get_by_role("button", name="撤回送审").click()

    editor.goto(served.address(f"{review}emergency/", CONSOLE))
    editor.get_by_label("内容审核人").select_option(label="甲内审")
    editor.get_by_label("保密审查人").select_option(label="甲密审")
    editor.get_by_role("button", name="紧急送审").click()
    assert "/emergency/" in editor.url, "not without a reason"
    editor.get_by_label("紧急理由").fill("新馆今晚开放，须当日告知读者。")
    with editor.expect_navigation():
        editor.get_by_role("button", name="紧急送审").click()
    assert "已紧急送审" in editor.locator(".messages").inner_text()

    page = window().page
    enter(page, served, "alpha_content")
    page.goto(served.address(QUEUE, CONSOLE))
    assert "紧急" in own_line(page).inner_text()
    assert own_line(page).get_by_role("link", name="转交").count() == 0, "the named person decides"
