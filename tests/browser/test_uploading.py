"""Files let go over a text, or chosen with the button by the keyboard: the whole way, with what goes wrong on it."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.entering import enter
from tests.browser.test_whole_way import CONSOLE
from tests.browser.writing import TEXT_AREA, body_of, kinds, open_new_draft

pytestmark = pytest.mark.browser

# Let go in the lower half of an element, as files are that come from a folder.
_DROP = """([selector, number, files]) => {
  const transfer = new DataTransfer();
  files.forEach(([name, bytes]) => transfer.items.add(new File([new Uint8Array(bytes)], name, {lastModified: 1})));
  const over = document.querySelectorAll(selector)[number];
  const box = over.getBoundingClientRect();
  const at = {clientX: box.left + 10, clientY: box.bottom - 2};
  ['dragover', 'drop'].forEach(name => over.dispatchEvent(
    new DragEvent(name, {dataTransfer: transfer, bubbles: true, cancelable: true, ...at})));
}"""
_PARAGRAPH = "[data-block=true]"


def photo(colour: str, size: tuple[int, int] = (240, 160)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG")
    return stream.getvalue()


def drop(page: Any, *files: tuple[str, bytes], over: str = _PARAGRAPH, number: int = 0) -> None:
    page.evaluate(_DROP, [over, number, [[name, list(content)] for name, content in files]])


def row(page: Any, name: str) -> Any:
    return page.locator(".uploads__row", has=page.get_by_text(name, exact=True)).last


def stands(page: Any, name: str, words: str) -> None:
    row(page, name).get_by_text(words).wait_for()


def saved(page: Any) -> None:
    page.get_by_text("已保存", exact=True).first.wait_for()


def write_three_paragraphs(page: Any) -> None:
    page.locator(TEXT_AREA).first.click()
    for line in ("第一段。", "第二段。", "第三段。"):
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def test_files_stand_where_they_were_let_go_and_a_picture_is_cropped_by_keys(window: Any, served: Any) -> None:
    page = window(1280, 900).page
    open_new_draft(page, served)
    write_three_paragraphs(page)

    # Several at once, of both kinds, and what is neither: each in its row.
    drop(
        page,
        ("现场.jpg", photo("seagreen")),
        ("任务表.csv", "区,株\n".encode()),
        ("图.svg", b"<svg/>"),
        ("空.txt", b""),
    )
    stands(page, "现场.jpg", "已插入图片“现场”")
    stands(page, "任务表.csv", "已插入附件“任务表”")
    stands(page, "图.svg", "其他格式请另存后上传")
    stands(page, "空.txt", "是空的")
    body = body_of(page)
    assert [kind for kind, _value in body] == ["rich_text", "image", "attachment", "rich_text"]
    assert body[0][1] == [["unstyled", "第一段。"]] and body[3][1][:2] == [
        ["unstyled", "第二段。"],
        ["unstyled", "第三段。"],
    ]
    saved(page)
    assert accessibility_faults(page, ".writing-uploads") == []
    page.get_by_role("button", name="全部关闭").click()

    # Without a pointer: the button stands behind the text that the caret was in.
    page.locator(TEXT_AREA).last.click()
    page.keyboard.press("Control+Home")
    choose = page.get_by_role("button", name="选择文件")
    with page.expect_file_chooser() as chosen:
        choose.press("Enter")
    chosen.value.set_files([{"name": "二.jpg", "mimeType": "image/jpeg", "buffer": photo("teal")}])
    stands(page, "二.jpg", "已插入")
    assert kinds(page) == ["rich_text", "image", "attachment", "rich_text", "image", "rich_text"]
    assert body_of(page)[3][1] == [["unstyled", "第二段。"]]

    # Turned and cropped by keys alone; the old picture can be had back.
    before = body_of(page)[1][1]["image"]
    page.locator("[data-shape-picture]").first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="裁剪与旋转")
    dialog.wait_for()
    assert accessibility_faults(page, "dialog.shaping") == []
    for _press in range(50):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert "留下 120 × 160 像素" in dialog.inner_text() and dialog.get_by_label("左", exact=True).input_value() == "2"
    dialog.get_by_label("比例").select_option("1")
    assert "留下 120 × 120 像素" in dialog.inner_text()
    dialog.get_by_role("button", name="右转 90°").press("Enter")
    dialog.get_by_role("button", name="按此使用").press("Enter")
    dialog.wait_for(state="detached")
    page.get_by_text("已换成改过的图片").wait_for()
    assert body_of(page)[1][1]["image"] != before
    page.get_by_role("button", name="换回原图").press("Enter")
    assert body_of(page)[1][1]["image"] == before


def test_an_upload_outlives_connection_and_session_and_is_cancelled_by_hand(window: Any, served: Any) -> None:
    page = window(360, 740).page
    open_new_draft(page, served)
    write_three_paragraphs(page)

    page.context.set_offline(True)
    drop(page, ("断线.jpg", photo("navy")))
    stands(page, "断线.jpg", "连接不上服务器")
    drop(page, ("断线.jpg", photo("navy")))
    assert page.locator(".uploads__row").count() == 1, "let go twice, it is on its way once"
    page.context.set_offline(False)
    stands(page, "断线.jpg", "已插入")

    # An answer that is still on its way would bring the session's cookie back.
    page.get_by_text("已保存", exact=True).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    drop(page, ("过期.jpg", photo("olive")))
    stands(page, "过期.jpg", "登录已经结束")
    again = page.context.new_page()
    # An answer that was late may have brought the session back: the page of the entrance would lead on at once.
    enter(again, served, "alpha_editor")
    again.goto(served.address("/admin/", CONSOLE))
    again.close()
    page.bring_to_front()
    stands(page, "过期.jpg", "已插入")
    assert kinds(page).count("image") == 2 and body_of(page)[0][1] == [["unstyled", "第一段。"]]

    page.route("**/writing/upload/", lambda route: None)
    drop(page, ("取消.jpg", photo("maroon")))
    row(page, "取消.jpg").get_by_role("button", name="取消：取消.jpg").click()
    stands(page, "取消.jpg", "已取消")
    page.unroute("**/writing/upload/")
    row(page, "取消.jpg").get_by_role("button", name="再传一次").click()
    stands(page, "取消.jpg", "已插入")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # Many at once in the library, with the form of each in its row.
    page.goto(served.address("/admin/documents/multiple/add/", CONSOLE))
    drop(page, *((f"附件{number}.txt", b"text %d" % number) for number in range(5)), over="[data-add-many]")
    eventually(page, "document.querySelectorAll('.uploads__row[data-state=done]').length === 5")
    first = row(page, "附件0.txt")
    assert first.get_by_label("标题").input_value() == "附件0"
    first.get_by_label("标题").fill("任务清单")
    first.get_by_role("button", name="更新").click()
    stands(page, "附件0.txt", "已保存")
    assert accessibility_faults(page, "[data-add-many]") == []
