"""Nothing typed is lost: a session that ended, a connection that went, a window that closed, a file too large."""

import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error

from tests import database
from tests.browser.accessibility import accessibility_faults
from tests.browser.entering import enter
from tests.browser.test_drafts import save
from tests.browser.test_whole_way import CONSOLE, sign_in
from tests.browser.writing import TEXT_AREA, body_of, open_new_draft

pytestmark = pytest.mark.browser

PANEL = ".kept-texts"
_KEPT = """async () => {
  // Opened before the page does it would be a database without its store.
  if (!(await indexedDB.databases()).some(one => one.name === 'kept-texts')) return [];
  const asked = indexedDB.open('kept-texts');
  const db = await new Promise(done => { asked.onsuccess = () => done(asked.result); });
  const all = db.transaction('texts').objectStore('texts').getAll();
  const rows = await new Promise(done => { all.onsuccess = () => done(all.result); });
  db.close();
  return rows.map(row => new TextDecoder().decode(row.sealed));
}"""


@pytest.fixture
def draft(window: Any, served: Any) -> Any:
    page = window(1280, 900).page
    open_new_draft(page, served)
    page.locator("#id_title").fill("写到一半的信息")
    save(page)
    # What was kept of the form before it went is dropped by the page after it, which asks the server first.
    wait_until_kept(page, 0)
    return page


def kept(page: Any) -> list[str]:
    rows: list[str] = page.evaluate(_KEPT)
    return rows


def wait_until_kept(page: Any, count: int) -> None:
    for _turn in range(100):
        try:
            if len(kept(page)) == count:
                return
        except Error as fault:
            # It is on its way to another page.
            if "Execution context was destroyed" not in str(fault):
                raise
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(kept(page))} kept")


def write(page: Any, words: str) -> None:
    page.locator(TEXT_AREA).first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def told(page: Any, words: str) -> None:
    page.locator(PANEL, has_text=words).wait_for(timeout=30000)


def say_signed_in(page: Any) -> None:
    """Press 我已登录, unless the window has found out by itself meanwhile: then the button is gone."""
    with suppress(Error):
        page.get_by_role("button", name="我已登录").click(timeout=3000)


def saved_by_itself(page: Any) -> Any:
    def is_saved(answer: Any) -> bool:
        kind = answer.headers.get("content-type", "")
        return answer.url.endswith("/edit/") and answer.request.method == "POST" and answer.ok and "json" in kind

    return page.expect_response(is_saved, timeout=60000)


def sign_out_elsewhere(page: Any, served: Any) -> None:
    """Signs out in another window of the same browser."""
    other = page.context.new_page()
    other.goto(served.address("/admin/account/", CONSOLE))
    other.evaluate(
        "() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/admin/logout/';"
        " const token = document.querySelector('input[name=csrfmiddlewaretoken]').cloneNode(); form.append(token);"
        " document.body.append(form); form.requestSubmit(); }"
    )
    other.wait_for_url("**/admin/login/**")
    other.close()


def test_lost_connection_while_typing_keeps_the_text_says_so_and_saves_when_it_is_back(draft: Any) -> None:
    draft.context.set_offline(True)
    write(draft, "断线时写的话。")
    told(draft, "连接不上服务器")
    assert accessibility_faults(draft, PANEL) == []
    wait_until_kept(draft, 1)
    assert "断线" not in kept(draft)[0], "nobody reads it in the browser's own files"
    with saved_by_itself(draft):
        draft.context.set_offline(False)
    wait_until_kept(draft, 0)
    draft.reload()
    draft.locator(TEXT_AREA).first.wait_for()
    assert body_of(draft)[0][1] == [["unstyled", "断线时写的话。"]]


def test_who_is_signed_out_signs_in_in_a_new_window_and_goes_on(draft: Any, served: Any) -> None:
    sign_out_elsewhere(draft, served)
    write(draft, "退出以后写的话。")
    told(draft, "你在另一个窗口退出了登录")
    stranger = draft.context.new_page()
    sign_in(stranger, served, "alpha_content")
    say_signed_in(draft)
    told(draft, "登录的是另一个人")
    assert not draft.locator("#id_title").is_visible()
    sign_out_elsewhere(stranger, served)
    with draft.expect_popup() as opened:
        draft.locator(PANEL).get_by_role("link", name="在新窗口登录").click()
    opened.value.close()
    with saved_by_itself(draft):
        sign_in(stranger, served, "alpha_editor")
        say_signed_in(draft)
    draft.reload()
    draft.locator(TEXT_AREA).first.wait_for()
    assert body_of(draft)[0][1] == [["unstyled", "退出以后写的话。"]]


def test_a_closed_window_gives_back_what_was_not_saved_to_its_writer_alone(draft: Any, served: Any) -> None:
    address = draft.url
    draft.context.set_offline(True)
    write(draft, "窗口关上之前的话。")
    wait_until_kept(draft, 1)
    context = draft.context
    draft.close(run_before_unload=False)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    told(page, "没有存上的内容")
    assert body_of(page)[0][1] == [["unstyled", ""]]
    with page.expect_navigation():
        page.locator(PANEL).get_by_role("button", name="恢复").click()
    page.locator(TEXT_AREA).first.wait_for()
    assert "还没有保存" in page.locator(".messages").inner_text()
    assert body_of(page)[0][1] == [["unstyled", "窗口关上之前的话。"]]
    save(page)
    wait_until_kept(page, 0)


def test_signing_out_by_hand_leaves_nothing(draft: Any, served: Any) -> None:
    context = draft.context
    context.set_offline(True)
    write(draft, "不该留下的话。")
    wait_until_kept(draft, 1)
    # A window that is still open goes on with what stands in it.
    draft.close(run_before_unload=False)
    context.set_offline(False)
    page = context.new_page()
    sign_out_elsewhere(page, served)
    page.goto(served.address("/admin/login/", CONSOLE))
    wait_until_kept(page, 0)


def test_the_back_button_leads_to_what_was_saved(draft: Any, served: Any) -> None:
    with saved_by_itself(draft):
        write(draft, "自动保存的话。")
    draft.goto(served.address("/admin/", CONSOLE))
    draft.go_back()
    draft.locator(TEXT_AREA).first.wait_for()
    assert body_of(draft)[0][1] == [["unstyled", "自动保存的话。"]]
    assert not draft.locator(PANEL).is_visible()


def test_two_editors_on_one_draft_the_second_is_asked_and_both_versions_stay(
    draft: Any, served: Any, window: Any
) -> None:
    other = window(1280, 900).page
    enter(other, served, "alpha_editor2")
    other.goto(draft.url)
    other.locator(TEXT_AREA).first.wait_for()
    with saved_by_itself(other):
        write(other, "同事先写的。")
    write(draft, "我后写的。")
    # The window asks where it has heard of the other one by now; otherwise the server says who saved, and asks.
    save_button = draft.get_by_role("button", name="保存草稿")
    confirm = draft.locator('#w-save-confirmation-dialog [data-w-dialog-target="confirm"]')
    warned = draft.locator(".messages", has_text="保存了新的版本")
    save_button.click()
    confirm.or_(warned).filter(visible=True).first.wait_for()
    if warned.is_visible():
        assert body_of(draft)[0][1] == [["unstyled", "我后写的。"]], "also what was typed a moment before the click"
    with draft.expect_navigation():
        (confirm if confirm.is_visible() else save_button).click()
    draft.locator(TEXT_AREA).first.wait_for()
    assert body_of(draft)[0][1] == [["unstyled", "我后写的。"]]
    draft.goto(draft.url.replace("/edit/", "/history/"))
    rows = draft.locator("main table").inner_text()
    assert "甲编辑二" in rows and re.search("甲编辑(?!二)", rows)


def test_a_file_of_sixty_megabytes_is_refused_before_it_is_sent(draft: Any, served: Any) -> None:
    draft.goto(served.address("/admin/documents/add/", CONSOLE))
    sent: list[str] = []
    draft.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    draft.evaluate(
        "() => { const files = new DataTransfer();"
        " files.items.add(new File([new Uint8Array(60 * 1048576)], '年报.pdf'));"
        " const input = document.querySelector('input[type=file]'); input.files = files.files;"
        " input.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    fault = draft.get_by_role("alert").filter(has_text="年报.pdf")
    fault.wait_for()
    assert "60 MB" in fault.inner_text() and "最大 50 MB" in fault.inner_text()
    assert draft.evaluate("document.querySelector('input[type=file]').files.length") == 0
    assert sent == [] and accessibility_faults(draft, "main form") == []
    assert database.ROOT
