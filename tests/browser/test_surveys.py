"""A survey from its page to its numbers on a telephone, by the keyboard, with the work that a script does."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django_tenants.utils import tenant_context
from playwright.sync_api import expect

from tests import database
from tests.browser.accessibility import accessibility_faults, contrast_faults

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def survey(served: Any, django_db_blocker: Any) -> str:
    """The address of a survey that is open, with its numbers public."""
    from django.conf import settings

    from govplatform.review.queries import site_path
    from govplatform.tenancy.queries import get_tenant
    from tests.surveys.conftest import live_survey

    shared = settings.DATABASES["default"]["NAME"]

    def publish() -> str:
        database.use_database(served.database)
        try:
            with tenant_context(get_tenant("alpha")):
                return site_path(live_survey())
        finally:
            database.use_database(shared)

    # In a thread of its own: the browser's loop runs in this one, and Django asks no database beside a loop.
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread:
        return thread.submit(publish).result()


def test_answered_by_keyboard_on_a_telephone(served: Any, window: Any, survey: str) -> None:
    opened = window(width=360)
    page = opened.page
    page.goto(served.address(survey))
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="我要答题").click()
    expect(page.get_by_label("验算题")).to_be_hidden()
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        assert (accessibility_faults if look == "light" else contrast_faults)(page) == [], look
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("radio", name="每月").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    # Three of two that may be chosen: said, and nothing is lost.
    for _option in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    for group in ("总体满意度", "借阅"):
        page.get_by_role("group", name=group).get_by_role("radio").first.focus()
        page.keyboard.press("Space")
    page.get_by_label("还有什么建议？").fill("多开几间自习室。")
    with page.expect_navigation():
        page.get_by_role("button", name="提交").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("最多选 2 项，现在选了 3 项")
    expect(page.get_by_label("还有什么建议？")).to_have_value("多开几间自习室。")
    assert accessibility_faults(page) == []
    # The browser tells of the refusal itself.
    assert [one for one in opened.complaints if "422" not in one] == []
    opened.complaints.clear()
    page.get_by_role("checkbox", name="讲座").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="提交").press("Enter")
    expect(page.locator(".letter-done")).to_contain_text("已收到")
    page.get_by_role("link", name="查看结果").click()
    expect(page.locator(".letter")).to_contain_text("共收到 1 份答卷")
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        assert (accessibility_faults if look == "light" else contrast_faults)(page) == [], look
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.context.cookies() == [] and opened.complaints == []
