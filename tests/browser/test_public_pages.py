"""Public pages in a real browser: WCAG 2.1 AA by axe-core, calm, closed, and no wider than a phone."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually

pytestmark = pytest.mark.browser

KINDS = (
    "home", "column", "column_2", "article", "policy", "interpretation", "topic", "site_map", "not_found", "gone",
    "closed", "search", "search_empty", "search_nothing",
)  # fmt: skip
#: What the browser itself writes on its console about an answer that is not 200.
STATUS = {"not_found": "404", "gone": "410", "closed": "503"}
#: In the place of the browser's voices, of which this machine has none: it speaks at once, and holds the third passage.
VOICES = """
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "en-GB" }, { lang: "zh-CN" }], cancel: () => {},
  speak: (words) => { spoken.push(words.text); words.onstart(); if (spoken.length !== 3) setTimeout(words.onend); },
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
WIDER_THAN_WINDOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("site", ["alpha", "beta"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_kind_of_page_is_accessible_calm_and_closed(served, window, site, width):
    open_window = window(width=width)
    page = open_window.page
    for kind in KINDS:
        host = f"{site}-closed.localhost" if kind == "closed" else f"{site}.localhost"
        open_window.complaints.clear()
        open_window.requests.clear()
        # What the browser says of an answer that is not 200 may come late, when the next page is there.
        page.goto(served.address(served.paths[kind], host), wait_until="networkidle" if kind in STATUS else "load")
        unexpected = [text for text in open_window.complaints if f"status of {STATUS.get(kind)}" not in text]
        assert not unexpected, f"{kind}: {unexpected}"
        assert {urlsplit(address).hostname for address in open_window.requests} == {host}, kind
        assert not page.evaluate(WIDER_THAN_WINDOW), f"{kind} scrolls sideways"
        assert accessibility_faults(page) == [], kind
    assert page.context.cookies() == []


def test_pictures_load_and_keep_their_place(served, window):
    page = window().page
    page.goto(served.address(served.paths["article"]))
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    eventually(page, "[...document.images].every(image => image.complete)")
    broken = page.evaluate(
        "[...document.images].filter(i => !i.naturalWidth || !i.width || !i.hasAttribute('alt')).length"
    )
    assert page.evaluate("document.images.length") >= 4
    assert broken == 0


def test_on_paper_addresses_are_whole_and_navigation_is_not_there(served, window):
    page = window().page
    for kind, links in (("article", ".attachments a"), ("search", ".hit-title a")):
        page.emulate_media(media="screen")
        page.goto(served.address(served.paths[kind]))
        page.emulate_media(media="print")
        link = page.locator(links).first
        assert (link.get_attribute("data-whole-address") or "").startswith("http"), kind
        written = link.evaluate("link => getComputedStyle(link, '::after').content")
        assert "http" in written or "data-whole-address" in written, (kind, written)
        assert page.locator(".masthead, .channels, .breadcrumb, .paging").locator("visible=true").count() == 0, kind
        assert served.address(served.paths[kind]) in page.locator(".print-address").inner_text(), kind


def test_reader_tools_change_the_size_and_remember_it(served, window):
    page = window().page
    page.goto(served.address(served.paths["article"]))
    size = "parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="大", exact=True).click()
    assert page.evaluate(size) > before
    page.goto(served.address(served.paths["policy"]))
    assert page.locator('[data-text-size="large"]').get_attribute("aria-pressed") == "true"


def test_pages_read_without_script(served, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.address(served.paths["article"]))
    assert page.locator("h1").inner_text().startswith("全市稳就业保民生")
    assert page.locator("[data-reader-tools]").is_hidden()
    assert page.locator("[data-read-aloud]").locator("visible=true").count() == 0
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(size)
    page.get_by_label("大字版").check()
    assert page.evaluate(size) > before
    context.close()


def test_large_type_is_remembered_and_the_page_is_read_aloud(served, window):
    open_window = window(width=360)
    page = open_window.page
    page.add_init_script(VOICES)
    page.goto(served.address(served.paths["column"]))
    page.get_by_label("大字版").focus()
    page.keyboard.press("Space")
    for kind in ("home", "article", "policy", "search", "not_found"):
        open_window.complaints.clear()
        page.goto(served.address(served.paths[kind]), wait_until="networkidle" if kind in STATUS else "load")
        expect(page.get_by_label("大字版")).to_be_checked()
        assert not page.evaluate(WIDER_THAN_WINDOW), f"{kind} scrolls sideways"
        assert accessibility_faults(page) == [], kind
        low = "b => b.filter(i => i.checkVisibility() && i.getBoundingClientRect().height < 59).map(i => i.outerHTML)"
        assert page.locator("main button, .channels summary, .aid").evaluate_all(low) == [], kind
    page.goto(served.address(served.paths["article"]))
    page.locator(".reader-tools [data-read-aloud]").press("Enter")
    bar = page.get_by_role("region", name="朗读")
    expect(page.locator("[data-being-read]")).to_have_count(1)
    eventually(page, "spoken.length === 3")
    title = page.locator("h1").inner_text()
    assert page.evaluate("spoken[0]") == title
    assert page.evaluate("document.querySelector('[data-being-read]').textContent.includes(spoken[2])")
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("已暂停")
    page.keyboard.press("Enter")
    # From the passage at which it was held, to the end, and the bar goes.
    expect(bar).to_be_hidden()
    assert page.evaluate("spoken[2] === spoken[3] && spoken.length > 4")
    expect(page.locator("[data-being-read]")).to_have_count(0)
    expect(page.locator(".reader-tools [data-read-aloud]")).to_be_focused()
    # Without a Chinese voice there is nothing to go on with: only the way out.
    page.evaluate("speechSynthesis.getVoices = () => [{ lang: 'en-GB' }]")
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("没有可用的中文语音")
    expect(bar.get_by_role("button")).to_have_text(["停止"])
    page.keyboard.press("Enter")
    expect(bar).to_be_hidden()
    assert page.context.cookies() == []
