"""A document's whole way by three people in the console, and the citizen who reads it."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import database
from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.entering import enter
from tests.cast import PASSWORD
from tests.verbs import verb_process

pytestmark = pytest.mark.browser

TITLE = "澄州市图书馆少儿馆开馆公告"
TEXT = "新馆每天九时开门，凭身份证件即可入馆。"
CONSOLE = "alpha.console.localhost"


def sign_in(page: Any, served: Any, username: str, host: str = CONSOLE) -> None:
    page.goto(served.address("/admin/login/", host))
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def write_and_submit(page: Any, served: Any, title: str = TITLE) -> str:
    """The editor's part. Returns the path of the review screen."""
    page.goto(served.address(served.paths["new_article"], CONSOLE))
    page.locator("#id_title").fill(title)
    page.locator("[contenteditable=true]").last.click()
    page.keyboard.type(TEXT)
    # the editor hands its text to the form a moment after the last key
    eventually(page, f"[...document.querySelectorAll('input[name^=body]')].some(i => i.value.includes('{TEXT}'))")
    page.get_by_role("tab", name="信息项").click()
    page.locator("#id_source").fill("市文化和旅游局")
    page.get_by_role("button", name="送审", exact=True).click()
    page.wait_for_url("**/admin/review/*/")
    assert "已送审" in page.locator(".messages").inner_text()
    return urlsplit(page.url).path


def scan(served: Any, review: str) -> None:
    """What the worker does with the job of the submission; this server stands without one."""
    number = review.strip("/").rsplit("/", 1)[-1]
    done = verb_process(database.database_url(served.database), "scan", "--site", "alpha", "--page", number, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "done"


def decide_by_keyboard(page: Any, opinion: str, title: str = TITLE, text: str = TEXT) -> None:
    """From the queue to the decision without touching the mouse: open, tick, write, decide."""
    focused = ""
    for _line in range(page.locator("[data-queue-link]").count()):
        # other tests leave their pages in the queue
        page.keyboard.press("j")
        focused = page.evaluate("document.activeElement.textContent")
        if title in focused:
            break
    assert title in focused, f"the keys end at {focused!r}"
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/review/*/")
    page.locator("[data-decision]").wait_for()
    frame = page.frame_locator("iframe.review__frame")
    assert frame.locator("h1").inner_text() == title, "the page as citizens will see it"
    assert text in frame.locator(".prose").first.inner_text()
    for number in range(1, page.locator("[data-decision] [data-key]").count() + 1):
        page.keyboard.press(str(number))
    page.keyboard.press("o")
    page.keyboard.type(opinion)
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    with page.expect_navigation():
        page.keyboard.press("y")


def test_editor_writes_two_reviewers_clear_a_citizen_reads(served, window, chromium):
    editor = window().page
    sign_in(editor, served, "alpha_editor")
    review = write_and_submit(editor, served)
    scan(served, review)

    citizen = window()
    citizen.page.goto(served.address("/news/"))
    assert TITLE not in citizen.page.content(), "not before it is cleared"

    for reviewer, opinion in (("alpha_content", "内容准确，同意。"), ("alpha_secret", "不涉密，同意公开。")):
        page = window().page
        sign_in(page, served, reviewer)
        page.goto(served.address("/admin/review/", CONSOLE))
        decide_by_keyboard(page, opinion)
        page.goto(served.address("/admin/review/", CONSOLE))
        assert TITLE not in page.content(), "done is done"

    editor.goto(served.address(review, CONSOLE))
    assert "不涉密，同意公开。" in editor.content(), "the editor sees the opinions"

    citizen.complaints.clear()
    citizen.page.goto(served.address("/news/"))
    citizen.page.get_by_role("link", name=TITLE).click()
    citizen.page.wait_for_load_state()
    assert citizen.page.locator("h1").inner_text() == TITLE
    assert TEXT in citizen.page.locator(".prose").inner_text()
    assert "来源：市文化和旅游局" in citizen.page.locator(".reader-line").inner_text()
    assert citizen.page.context.cookies() == []
    assert not citizen.complaints


def test_one_sign_in_serves_all_consoles_and_no_public_host(served, window):
    page = window().page
    sign_in(page, served, "both_content")
    for host in ("beta.console.localhost", CONSOLE):
        page.goto(served.address("/admin/review/", host))
        assert urlsplit(page.url).path == "/admin/review/", f"{host} knows the session"
    cookies = page.context.cookies()
    assert all(f".{cookie['domain'].lstrip('.')}".endswith(".console.localhost") for cookie in cookies)
    sent: list[str | None] = []
    page.on("request", lambda request: sent.append(request.all_headers().get("cookie")))
    for host in ("alpha.localhost", "beta.localhost"):
        page.goto(served.address("/", host))
    assert len(sent) >= 2
    assert set(sent) == {None}, "no public host sees the session"


def test_sign_in_page_and_review_screen_are_accessible(served, window):
    editor = window().page
    enter(editor, served, "alpha_editor2")
    review = write_and_submit(editor, served)

    reviewer = window().page
    reviewer.goto(served.address("/admin/login/", CONSOLE))
    assert accessibility_faults(reviewer) == []
    enter(reviewer, served, "alpha_content")
    reviewer.goto(served.address(review, CONSOLE))
    for part in (".review__side", ".review-line"):
        assert accessibility_faults(reviewer, within=part) == [], part
