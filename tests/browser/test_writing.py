"""Writing a body in the browser: a text to write in, and what other programs copy stands in it as blocks."""

from typing import Any

import pytest

from tests.browser.writing import body_of, kinds, notice, open_new_draft, paste
from tests.writing import fragments

pytestmark = pytest.mark.browser


@pytest.fixture
def console_page(window: Any) -> Any:
    return window(1280, 900).page


def test_a_new_draft_opens_as_a_text_with_its_formatting_bar(console_page: Any, served: Any) -> None:
    open_new_draft(console_page, served)
    assert kinds(console_page) == ["rich_text"]
    assert console_page.locator(".Draftail-Toolbar").is_visible()
    assert console_page.get_by_role("button", name="一键排版").is_visible()
    console_page.screenshot(path="/tmp/w1.png", full_page=True)


def test_what_word_copies_comes_with_lists_merged_cells_and_every_picture_in_its_place(console_page: Any, served: Any) -> None:
    open_new_draft(console_page, served)
    rtf = fragments.word_rtf(fragments.RED, fragments.GREEN, fragments.BLUE)
    paste(console_page, {"text/html": fragments.WORD, "text/plain": "x", "text/rtf": rtf})
    print(notice(console_page))
    console_page.wait_for_timeout(2500)
    console_page.screenshot(path="/tmp/w2.png", full_page=True)
    print(body_of(console_page))
    assert kinds(console_page) == ["heading", "rich_text", "table", "image", "rich_text", "image", "image", "rich_text"]
