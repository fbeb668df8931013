"""信息资源库 in a browser: find, preview, repost by the keyboard; no complaint, nothing from elsewhere, narrow too."""

from typing import Any

import pytest

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.entering import enter

pytestmark = pytest.mark.browser

BETA, SUPERVISOR = "beta.console.localhost", "console.console.localhost"
NARROW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def faults(page: Any) -> list[str]:
    """What the accessibility rules say of the screen's own part; the frame around it is Wagtail's."""
    return accessibility_faults(page, within=".nice-padding")


def test_an_editor_finds_previews_and_reposts(served, window):
    opened = window()
    page = opened.page
    enter(page, served, "beta_editor", BETA)
    page.goto(served.address("/admin/library/", BETA))
    page.get_by_label("标题、文号或索引号").fill("公开征求意见")
    page.get_by_label("来源站点").fill("云江省澄州市人民政府")
    page.keyboard.press("Enter")
    page.wait_for_url("**query=*")
    assert page.locator(".list-count").inner_text() == "共 1 条"
    assert not faults(page)
    box = page.locator("input[name=resource]")
    box.focus()
    page.keyboard.press("Space")
    eventually(page, "document.querySelector('[data-ticked]').textContent.includes('1')")
    page.get_by_role("link", name="关于公开征求意见的公告").click()
    page.wait_for_url("**/admin/library/*-*/")
    frame = page.frame_locator("iframe.library-frame")
    assert frame.locator("h1").inner_text() == "关于公开征求意见的公告"
    assert not faults(page)
    page.get_by_label("转载到栏目").select_option("notices")
    page.get_by_role("button", name="转载", exact=True).click()
    page.locator(".messages").wait_for()
    assert "已建立转载草稿" in page.locator(".messages").inner_text()
    assert "打开本站的转载" in page.locator("main").inner_text()
    assert not opened.complaints
    assert all(".localhost:" in address or address.startswith("data:") for address in opened.requests)


def test_the_supervisor_s_figures_and_the_pattern_of_numbers(served, window):
    opened = window()
    page = opened.page
    enter(page, served, "supervisor", SUPERVISOR)
    page.goto(served.address("/admin/library-statistics/", SUPERVISOR))
    assert page.locator("svg.library-chart rect").count() == 12
    assert not faults(page)
    page.get_by_role("link", name="云江省澄州市人民政府").first.click()
    page.wait_for_url("**site=alpha")
    assert page.locator(".library-list tbody tr").count() == 20
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**after=*")
    assert page.get_by_role("link", name="回到第一页").is_visible()
    assert not opened.complaints
    other = window()
    page = other.page
    enter(page, served, "beta_admin", BETA)
    page.goto(served.address("/admin/index-numbers/", BETA))
    assert not faults(page)
    page.get_by_label("编号规则").fill("{identity_code}{year}第{serial:03d}")
    eventually(page, "document.querySelector('[data-faults]').textContent.includes('结尾') === false")
    eventually(page, "document.querySelector('[data-examples]').textContent.includes('第0')")
    page.get_by_label("编号规则").fill("{year}")
    eventually(page, "document.querySelector('[data-faults]').textContent.includes('identity_code')")
    assert not other.complaints


def test_a_phone_shows_everything_without_moving_sideways(served, window):
    page = window(width=360).page
    enter(page, served, "supervisor", SUPERVISOR)
    for path in ("/admin/library/", "/admin/library-statistics/"):
        page.goto(served.address(path, SUPERVISOR))
        assert page.evaluate(NARROW), path
        assert not faults(page), path
    page.goto(served.address("/admin/library/?kind=policy", SUPERVISOR))
    page.locator(".library-list .title a").first.click()
    page.wait_for_url("**/admin/library/*-*/")
    assert page.evaluate(NARROW)
    assert not faults(page)
