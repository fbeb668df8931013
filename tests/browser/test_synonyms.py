"""Synonyms in a real browser: written, seen at work before they are kept, kept; then citizens find by them."""

import os
from typing import Any

import pytest

from tests.browser.accessibility import come_to_rest
from tests.browser.entering import enter
from tests.browser.test_library import NARROW, faults

pytestmark = pytest.mark.browser

OPERATOR = "console.console.localhost"


def looked_at(page: Any, name: str) -> None:
    """No fault of accessibility, and no wider than a phone."""
    assert not faults(page), name
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(NARROW), (name, width)
        if shots := os.environ.get("SHOTS", ""):
            page.screenshot(path=f"{shots}/synonyms-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    come_to_rest(page)


def test_a_group_is_seen_at_work_and_kept(served: Any, window: Any):
    opened = window()
    page = opened.page
    enter(page, served, "operator", OPERATOR)
    page.goto(served.address("/admin/synonyms/", OPERATOR))
    looked_at(page, "none")
    page.get_by_label("每行一组").fill("一网通办 = 在线办事 = 网上办事\n坏行")
    page.get_by_role("button", name="添加").click()
    assert "第 2 行" in page.locator("[data-refused]").inner_text()
    looked_at(page, "refused")
    page.get_by_label("每行一组").fill("一网通办 = 在线办事 = 网上办事\n- 省政府 => 省人民政府  # 简称")
    with page.expect_navigation():
        page.get_by_role("button", name="添加").click()
    looked_at(page, "list")
    page.get_by_role("link", name="添加一组").click()
    page.get_by_label("词语", exact=False).first.fill("吹风会\n新闻发布会")
    page.get_by_role("button", name="预览效果").click()
    assert "新闻发布会" in page.locator("#effect").inner_text()
    looked_at(page, "preview")
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="吹风会 = 新闻发布会").click()
    looked_at(page, "group")
    page.goto(served.address("/search/?q=吹风会&scope=all"))
    assert "新闻发布会" in page.locator("main").inner_text()
    page.goto(served.address("/search/?q=xwfbh&scope=all"))
    assert "新闻发布会" in page.locator("main").inner_text()
    assert not opened.complaints
