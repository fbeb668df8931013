"""Two editors on one draft, in two windows: the second is told who writes, and nothing of either is lost."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import eventually
from tests.browser.test_whole_way import CONSOLE, sign_in
from tests.browser.writing import TEXT_AREA, body_of, open_new_draft

pytestmark = pytest.mark.browser


def write(page: Any, words: str) -> None:
    page.locator(TEXT_AREA).first.click()
    page.keyboard.type(words)
    # the editor hands its text to the form a moment after the last key
    eventually(page, f"[...document.querySelectorAll('input[name^=body]')].some(i => i.value.includes('{words}'))")


@pytest.fixture
def two(window: Any, served: Any) -> tuple[Any, Any, str]:
    """The windows of two editors on one saved draft, and its address."""
    first = window(1280, 900).page
    open_new_draft(first, served)
    first.locator("#id_title").fill("两人同写的一篇")
    write(first, "第一个人的话")
    first.locator("header").get_by_text("已保存").first.wait_for()
    first.get_by_role("button", name="保存草稿").click()
    first.wait_for_url("**/edit/**")
    first.locator(TEXT_AREA).first.wait_for()
    address = urlsplit(first.url).path
    second = window(1280, 900).page
    sign_in(second, served, "alpha_editor2")
    second.goto(served.address(address, CONSOLE))
    second.locator(TEXT_AREA).first.wait_for()
    return first, second, address


def test_the_second_is_told_who_is_there_and_who_saved(two: tuple[Any, Any, str], served: Any) -> None:
    first, second, address = two
    someone = second.locator("#w-editing-sessions li button").first
    someone.wait_for(timeout=60_000)
    someone.hover()
    second.get_by_text("甲编辑", exact=True).first.wait_for()
    write(first, "，又写了一句")
    first.locator("header").get_by_text("已保存").first.wait_for()
    first.get_by_role("button", name="保存草稿").click()
    first.locator(".messages").wait_for()
    second.locator('[aria-label*="甲编辑 保存了新的版本"]').first.wait_for(state="attached", timeout=60_000)
    write(second, "第二个人的话")
    second.get_by_role("button", name="保存草稿").click()
    dialog = second.get_by_role("dialog").filter(has_text="甲编辑 保存了新的版本")
    dialog.wait_for()
    assert "留在历史记录里" in dialog.inner_text()
    assert "第二个人的话" in body_of(second)[0][1][0][1], "what was typed stands in the window"
    with second.expect_navigation():
        dialog.get_by_role("button", name="保存草稿").click()
    number = address.strip("/").split("/")[2]
    second.goto(served.address(f"/admin/pages/{number}/history/", CONSOLE))
    assert second.locator("#main").inner_text().count("甲编辑") >= 2, "the version of the first is kept"
