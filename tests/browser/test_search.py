"""Searching in a real browser: by keyboard, with suggestions and without any script, on a phone."""

import pytest

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually

pytestmark = pytest.mark.browser

FIELD = "#site-search"
OPTIONS = "[role=listbox] [role=option]"


def typed(page, text):
    page.locator(FIELD).press_sequentially(text)
    eventually(page, f"document.querySelectorAll('{OPTIONS}').length > 0")


@pytest.mark.parametrize("site", ["alpha", "beta"])
def test_from_the_header_to_a_hit_by_keyboard_alone(served, window, site):
    page = window().page
    page.goto(served.address("/", f"{site}.localhost"))
    page.locator(FIELD).focus()
    page.keyboard.type("新闻发布会")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.locator("h1").inner_text() == "“新闻发布会”的搜索结果"
    assert page.locator(FIELD).input_value() == "新闻发布会"
    page.locator(".hit-title a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/news/**")
    assert "新闻发布会" in page.locator("h1").inner_text()


@pytest.mark.parametrize("width", [1280, 360])
def test_suggestions_are_chosen_with_the_arrows(served, window, width):
    page = window(width=width).page
    page.goto(served.address("/"))
    typed(page, "新闻")
    field = page.locator(FIELD)
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"{OPTIONS}[aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert field.input_value() == chosen.inner_text()
    assert accessibility_faults(page, within=".masthead") == []
    page.keyboard.press("ArrowUp")
    assert field.input_value() == "新闻", "what was typed comes back"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.locator(".hit").count() >= 1


def test_escape_closes_the_suggestions_and_leaves_what_was_typed(served, window):
    page = window().page
    page.goto(served.address("/"))
    typed(page, "新闻")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator("[role=listbox]").is_hidden()
    assert page.locator(FIELD).input_value() == "新闻"
    assert page.locator(FIELD).get_attribute("aria-expanded") == "false"


def test_a_suggestion_is_chosen_by_pointing(served, window):
    page = window().page
    page.goto(served.address("/"))
    typed(page, "新闻")
    text = page.locator(OPTIONS).last.inner_text()
    page.locator(OPTIONS).last.click()
    page.wait_for_url("**/search/?q=*")
    assert page.locator(FIELD).input_value() == text


def test_suggestions_ask_this_host_alone_and_bring_no_cookie(served, window):
    open_window = window()
    page = open_window.page
    page.goto(served.address("/"))
    typed(page, "新闻")
    asked = [address for address in open_window.requests if "/api/search/suggest" in address]
    assert 1 <= len(asked) <= 2
    assert all("//alpha.localhost:" in address for address in open_window.requests)
    assert page.context.cookies() == []
    assert open_window.complaints == []


def test_everything_works_without_script(served, chromium):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(served.address("/"))
    page.locator(FIELD).fill("信息")
    page.locator(".search-button").click()
    page.locator(".search-tabs a", has_text="全部网站").click()
    assert "scope=all" in page.url
    page.locator(".search-jump a").click()
    page.locator("#filters a").first.click()
    assert page.locator(".search-active").is_visible()
    page.locator(".search-active a").first.click()
    assert page.locator(".search-active").count() == 0
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_targets_are_large_enough_to_be_touched(served, window, width):
    page = window(width=width).page
    page.goto(served.address(served.paths["search"]))
    low = page.evaluate(
        "[...document.querySelectorAll('.search-tabs a, .search-orders a, .search-filters a, .search-jump a')]"
        ".filter(a => a.getClientRects().length && a.getBoundingClientRect().height < 44).map(a => a.innerText)"
    )
    assert low == []
