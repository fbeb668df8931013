"""What only a browser shows: where the focus goes after a refusal, what lies upon what, what a phone cuts off."""

import pytest

from tests.browser.entering import enter

pytestmark = pytest.mark.browser


def test_a_refusal_is_read_first_and_everything_is_in_reach_on_a_phone(served, window):
    page = window().page
    enter(page, served, "alpha_admin", "alpha.console.localhost")
    page.goto(served.address("/admin/people/new/", "alpha.console.localhost"))
    page.locator("[name=join-username]").fill("outsider")
    page.locator("[name=join-role]").select_option("content-reviewer")
    page.get_by_role("button", name="邀请", exact=True).click()
    page.get_by_text("已邀请 outsider").wait_for()

    phone = window(width=360)
    page = phone.page
    enter(page, served, "supervisor", "console.console.localhost")
    page.goto(served.address("/admin/offers/", "console.console.localhost"))
    button = page.get_by_role("button", name="确认任职").bounding_box()
    assert button["x"] >= 0 and button["x"] + button["width"] <= 360
    page.get_by_text("不予确认").click()
    page.get_by_role("button", name="退回").click()
    page.get_by_text("不予确认须写明理由").wait_for()
    assert page.evaluate("document.activeElement.matches('[data-refused]')")
    assert page.get_by_label("理由（必填，邀请人会看到）").is_visible(), "the reason is typed where it was missing"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_own_account_begins_at_its_beginning_and_nothing_lies_upon_it(served, window, width):
    page = window(width=width).page
    enter(page, served, "beta_editor", "beta.console.localhost")
    page.goto(served.address("/admin/account/", "beta.console.localhost"))
    page.get_by_role("heading", name="登录失败记录").wait_for()
    assert page.evaluate("document.activeElement === document.body")
    bar, card = (
        page.locator("footer.footer").bounding_box(),
        page.get_by_role("heading", name="动态口令").bounding_box(),
    )
    assert bar["y"] + bar["height"] <= card["y"]
    assert page.locator(".footer__container--hidden").evaluate_all("all => all.every(one => !one.offsetParent)")


def test_a_long_title_is_read_whole_on_a_phone(served, window):
    page = window(width=360).page
    enter(page, served, "alpha_content", "alpha.console.localhost")
    page.goto(served.address("/admin/review/published/", "alpha.console.localhost"))
    page.get_by_role("link", name="新闻发布会介绍城乡建设进展情况").first.click()
    title = page.locator(".w-breadcrumbs li").last
    title.get_by_text("新闻发布会介绍城乡建设进展情况").wait_for()
    assert title.evaluate("one => one.getBoundingClientRect().right <= innerWidth")
    assert title.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
