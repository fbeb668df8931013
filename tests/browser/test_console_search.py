"""Every list of the console, asked with two characters as an editor types them, on a site that has a neighbour."""

import json

import pytest

from tests import database
from tests.browser.accessibility import accessibility_faults
from tests.browser.entering import enter
from tests.browser.test_whole_way import CONSOLE, write_and_submit
from tests.verbs import verb_process

pytestmark = pytest.mark.browser

DRAFT = "老旧小区加装电梯工作安排"
#: Who asks, where, the name of the field, two characters, what is found by them.
LISTS = (
    ("alpha_editor", "/admin/pages/search/", "q", "电梯", DRAFT),
    ("alpha_editor", "/admin/pages/search/", "q", "標題", "来源标题"),
    ("alpha_editor", "/admin/images/", "q", "会场", "推进会会场"),
    ("alpha_editor", "/admin/documents/", "q", "附表", "附表"),
    ("alpha_editor", "/admin/library/", "query", "标题", "来源标题"),
    ("alpha_content", "/admin/review/", "words", "电梯", DRAFT),
    ("alpha_content", "/admin/review/published/", "q", "会场", None),
    ("alpha_auditor", "/admin/audit/", "title", "电梯", DRAFT),
)
#: Of beta alone, whatever is asked on alpha.
NEIGHBOUR = "县里"


def enter_in_the_consoles_search(served) -> None:
    """What the worker does with the jobs of what was saved; this server stands without one."""
    done = verb_process(database.database_url(served.database), "rebuild_console_search", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["faults"] == []


def test_two_characters_find_in_every_list_what_the_own_site_has(served, window, subtests):
    editor = window().page
    enter(editor, served, "alpha_editor")
    review = write_and_submit(editor, served, DRAFT)
    enter_in_the_consoles_search(served)
    pages = {"alpha_editor": editor}
    for person, path, field, word, expected in LISTS:
        if person not in pages:
            pages[person] = window().page
            enter(pages[person], served, person)
        page = pages[person]
        with subtests.test(f"{path} {word}"):
            page.goto(served.address(path, CONSOLE))
            # Not the field of the menu, which stands before it and asks all pages.
            asked = page.locator(f"#main input[name={field}]").first
            asked.fill(word)
            asked.press("Enter")
            page.wait_for_load_state("networkidle")
            shown = page.locator("main, #main").first
            if expected is not None:
                shown.get_by_text(expected).first.wait_for()
            assert "澄州市图书馆" not in shown.inner_text() or expected is None, (
                "what does not have the word is left out"
            )
        with subtests.test(f"{path} asked for the neighbour's"):
            page.goto(served.address(f"{path}?{field}={NEIGHBOUR}", CONSOLE))
            if path != "/admin/library/":
                assert "县里的信息" not in page.content()
    # The queue of the tests that come next is as it was.
    editor.goto(served.address(f"{review}take-back/", CONSOLE))
    with editor.expect_navigation():
        editor.get_by_role("button", name="撤回送审").click()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ["search", "search_empty", "search_nothing", "search_picture", "search_relaxed"])
def test_pages_of_results_break_no_rule_and_keep_their_width(served, window, width, name):
    paths = {
        "search_picture": "/search/?q=%E6%8E%A8%E8%BF%9B%E4%BC%9A&scope=all",
        "search_relaxed": "/search/?q=%E4%BF%A1%E6%81%AF%20%E9%87%8F%E5%AD%90",
    }
    for site in ("alpha", "beta"):
        opened = window(width=width)
        opened.page.goto(served.address({**served.paths, **paths}[name], f"{site}.localhost"))
        assert accessibility_faults(opened.page) == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        assert all(f"//{site}.localhost:" in address for address in opened.requests)
        assert opened.complaints == []


@pytest.mark.parametrize("width", [1280, 360])
def test_a_picture_comes_without_moving_the_words(served, window, width):
    page = window(width=width).page
    page.route("**/search/pictures/**", lambda route: route.abort())
    page.goto(served.address("/search/?q=%E6%8E%A8%E8%BF%9B%E4%BC%9A&scope=all"))
    picture = page.locator(".hit-picture").first
    without = [picture.bounding_box(), *(hit.bounding_box() for hit in page.locator(".hit").all())]
    page.unroute("**/search/pictures/**")
    page.reload()
    picture = page.locator(".hit-picture").first
    picture.scroll_into_view_if_needed()
    for _turn in range(100):
        if picture.evaluate("one => one.complete && one.naturalWidth > 0"):
            break
        page.wait_for_timeout(50)
    assert picture.evaluate("one => one.naturalWidth") == 400
    page.evaluate("scrollTo(0, 0)")
    assert [picture.bounding_box(), *(hit.bounding_box() for hit in page.locator(".hit").all())] == without
