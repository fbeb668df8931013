"""The number beside the menu, the screen it leads to, and a reminder by hand that arrives there."""

import pytest

from tests.browser.accessibility import accessibility_faults
from tests.browser.entering import enter
from tests.browser.test_whole_way import CONSOLE, sign_in, write_and_submit

pytestmark = pytest.mark.browser

TITLE = "澄州市城南水厂扩建完工"
BELL = "#wagtail-sidebar .bell"


def test_the_number_beside_the_menu_leads_to_what_waits(served, window):
    editor = window().page
    enter(editor, served, "alpha_editor")
    review = write_and_submit(editor, served, TITLE)
    page = window().page
    sign_in(page, served, "alpha_content")
    page.locator(BELL).wait_for()
    assert int(page.locator(BELL).inner_text()) >= 1
    with page.expect_navigation():
        page.locator("#wagtail-sidebar a[href='/admin/waiting/']").click()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert accessibility_faults(page, within="#main") == []
    with page.expect_navigation():
        page.get_by_role("link", name=TITLE).first.click()
    assert "/admin/review/" in page.url
    page.goto(served.address("/admin/waiting/", CONSOLE))
    page.get_by_label("等待审查：计入菜单上的数字").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    assert "提醒设置已保存" in page.locator(".messages").inner_text()
    assert page.get_by_role("link", name=TITLE).count() >= 1, "what is not counted is listed all the same"
    # The queue of the tests that come next is as it was.
    editor.goto(served.address(f"{review}take-back/", CONSOLE))
    with editor.expect_navigation():
        editor.get_by_role("button", name="撤回送审").click()
