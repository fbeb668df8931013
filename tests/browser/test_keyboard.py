"""The keyboard alone: from the skip link over channel and article to an attachment, always seeing where one is."""

import pytest

from tests.browser.conftest import eventually

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    text: (element.innerText || element.value || '').trim(),
    href: element.getAttribute('href') || '',
    name: element.name || '',
    type: element.type || '',
    visible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
  };
}"""


def tab_to(page, found, most=120):
    """Press Tab until ``found(focus)``; every stop on the way must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            continue
        assert focus["visible"], f"focus out of sight: {focus}"
        assert focus["ring"], f"no focus ring: {focus}"
        if found(focus):
            return focus
    raise AssertionError("the keyboard does not reach it")


def test_from_skip_link_to_channel_to_article_to_attachment(served, window):
    page = window().page
    page.goto(served.address("/"))
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["href"] == "#main", "the skip link comes first"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    tab_to(page, lambda focus: focus["href"] == "/news/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/news/")
    if not page.locator(f"main a[href='{served.paths['article']}']").count():
        page.goto(served.address("/news/?page=2"))
    tab_to(page, lambda focus: focus["href"] == served.paths["article"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{served.paths['article']}")
    tab_to(page, lambda focus: focus["text"] == "重点企业岗位信息表")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")


def test_the_menu_of_a_phone_opens_and_closes_with_keys(served, window):
    page = window(width=360).page
    page.goto(served.address("/"))
    tab_to(page, lambda focus: focus["text"] == "频道导航")
    page.keyboard.press("Enter")
    assert page.locator("details.channels-fold").get_attribute("open") is not None
    tab_to(page, lambda focus: focus["href"] == "/policies/")
    page.keyboard.press("Escape")
    assert page.locator("details.channels-fold").get_attribute("open") is None
    assert page.evaluate(FOCUS)["text"] == "频道导航"


def test_wide_tables_scroll_by_keys_in_their_frame(served, window):
    page = window(width=360).page
    page.goto(served.address(served.paths["article"]))
    frame = page.locator(".table-frame").first
    frame.focus()
    page.keyboard.press("ArrowRight")
    eventually(page, "document.querySelector('.table-frame').scrollLeft > 0")
