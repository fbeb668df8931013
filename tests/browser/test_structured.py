"""A statistics bulletin from an empty form to the page of a citizen, its figures pasted out of Excel."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.accessibility import accessibility_faults, contrast_faults
from tests.browser.conftest import eventually
from tests.browser.test_whole_way import CONSOLE, decide_by_keyboard, scan, sign_in
from tests.browser.writing import copy

pytestmark = pytest.mark.browser

TITLE = "澄州市2025年国民经济和社会发展统计公报"
TEXT = "全年地区生产总值251.9亿元，比上年增长5.5%。"
#: As Excel copies three columns: a line a row, tabs between, a line end after the last.
FIGURES = "年份\t城镇居民\t农村居民\n2024年\t45,290\t21,930\n2025年\t47,380\t23,420\n"


def reasons(page: Any) -> list[str]:
    """Hand in, and return what is said against it."""
    with page.expect_navigation():
        page.get_by_role("button", name="送审", exact=True).click()
    eventually(page, "document.querySelector('.messages')?.textContent.includes('还不能送审')")
    return [" ".join(line.split()) for line in page.locator(".messages li").all_inner_texts()]


def add_chart(page: Any, title: str) -> None:
    """A chart with its figures, as they were copied in another program."""
    page.locator(".stream-of-one-kind .c-sf-add-button").first.click()
    page.locator("[name=charts-0-value-title]").fill(title)
    page.locator("[name=charts-0-value-unit]").fill("元")
    page.locator(".writing-table__grid td").first.click()
    copy(page, {"text/plain": FIGURES})
    page.keyboard.press("Control+v")
    eventually(page, "document.querySelector('[name$=-table-grid]').value.includes('23,420')")


def test_a_bulletin_is_written_reviewed_and_read(served: Any, window: Any) -> None:
    editor = window().page
    sign_in(editor, served, "alpha_editor")
    editor.locator("a", has_text="写统计公报").first.click()
    editor.wait_for_url("**/statistics/statisticsbulletin/**")
    said = reasons(editor)
    assert ["“统计时期”不能为空。" in line for line in said].count(True) == 1
    assert not any("正文" in line for line in said), "what is missing has fields of its own"
    for look in ("light", "dark"):
        editor.emulate_media(color_scheme=look)
        assert (accessibility_faults if look == "light" else contrast_faults)(editor) == [], look
    editor.emulate_media(color_scheme="light")

    editor.locator("#id_title").fill(TITLE)
    editor.get_by_label("统计时期").fill("2025年")
    editor.get_by_label("发布机构").fill("澄州市统计局")
    editor.locator("[contenteditable=true]").first.click()
    editor.keyboard.type(TEXT)
    add_chart(editor, "")
    assert ["没有图题" in line for line in reasons(editor)].count(True) == 1
    editor.locator("[name=charts-0-value-title]").fill("居民人均可支配收入")
    editor.get_by_role("button", name="送审", exact=True).click()
    editor.wait_for_url("**/admin/review/*/")
    scan(served, urlsplit(editor.url).path)

    for reviewer in ("alpha_content", "alpha_secret"):
        page = window().page
        sign_in(page, served, reviewer)
        page.goto(served.address("/admin/review/", CONSOLE))
        decide_by_keyboard(page, "数据与统计局核对一致，同意。", TITLE, TEXT)

    citizen = window(width=360)
    citizen.page.goto(served.address("/data/"))
    citizen.page.get_by_role("link", name=TITLE).click()
    citizen.page.wait_for_load_state()
    chart = citizen.page.locator(".drawn-chart")
    assert chart.locator("svg rect, svg path.series").count() >= 4
    assert chart.locator("thead th").all_inner_texts() == ["年份", "城镇居民", "农村居民"], (
        "no column that nobody filled"
    )
    assert chart.locator("tbody tr").count() == 2
    assert accessibility_faults(citizen.page) == []
    assert not citizen.complaints
    citizen.page.emulate_media(media="print")
    assert citizen.page.locator(".masthead, .channels, .breadcrumb, .share").locator("visible=true").count() == 0
    assert served.address(urlsplit(citizen.page.url).path) in citizen.page.locator(".print-address").inner_text()
