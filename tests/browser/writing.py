"""An editor at the keyboard of a browser: opens a draft, copies in another program, pastes."""

from typing import Any

from tests.browser.conftest import eventually
from tests.browser.entering import enter
from tests.browser.test_whole_way import CONSOLE

TEXT_AREA = ".public-DraftEditor-content"
#: The body as the form would send it: [type, words or value] of each block.
_BODY = """() => document.getElementById('body-root').rootBlock.children.map(child => {
  if (child.type === 'rich_text') {
    const raw = window.DraftJS.convertToRaw(child.block.getState().getCurrentContent());
    return ['rich_text', raw.blocks.map(block => [block.type, block.text])];
  }
  return [child.type, child.block.getValue()];
})"""


def open_new_draft(page: Any, served: Any) -> None:
    """Sign in as editor of site alpha and open the form of a new article."""
    enter(page, served, "alpha_editor")
    page.goto(served.address(served.paths["new_article"], CONSOLE))
    page.locator(TEXT_AREA).first.wait_for()


def copy(page: Any, formats: dict[str, str]) -> None:
    """Copy as a program does that puts ``formats`` (media type -> text) on the clipboard."""
    page.evaluate(
        """formats => document.addEventListener('copy', event => {
          Object.entries(formats).forEach(([type, text]) => event.clipboardData.setData(type, text));
          event.preventDefault();
          event.stopImmediatePropagation();
        }, {capture: true, once: true})""",
        formats,
    )
    page.keyboard.press("Control+c")


def paste(page: Any, formats: dict[str, str], text_area: int = 0) -> None:
    """Copy ``formats`` and paste them into the text area of that number."""
    page.locator(TEXT_AREA).nth(text_area).click()
    copy(page, formats)
    page.keyboard.press("Control+v")


def body_of(page: Any) -> list[Any]:
    """Return [type, value] of each block of the body."""
    found: list[Any] = page.evaluate(_BODY)
    return found


def kinds(page: Any) -> list[str]:
    """Return the kinds of the body's blocks in order."""
    return [kind for kind, _value in body_of(page)]


def notice(page: Any) -> str:
    """Return what the editor is told once the server has answered."""
    eventually(
        page,
        "(() => { const told = document.querySelector('.writing-notice');"
        " return told && !told.hidden && !told.textContent.includes('正在整理'); })()",
    )
    words: str = page.locator(".writing-notice").inner_text()
    return words


def paste_as_word(page: Any, formats: dict[str, str], text_area: int = 0) -> None:
    """Paste with RTF on the clipboard, which a page may read there and not write: the event itself brings it."""
    page.locator(TEXT_AREA).nth(text_area).evaluate(
        """(area, formats) => {
          const clipboard = new DataTransfer();
          Object.entries(formats).forEach(([type, text]) => clipboard.setData(type, text));
          area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: clipboard, bubbles: true, cancelable: true}));
        }""",
        formats,
    )


def paste_picture(page: Any, data: bytes, text_area: int = 0) -> None:
    """Paste a picture file, as a screenshot is pasted."""
    page.locator(TEXT_AREA).nth(text_area).evaluate(
        """(area, bytes) => {
          const clipboard = new DataTransfer();
          clipboard.items.add(new File([new Uint8Array(bytes)], 'image.png', {type: 'image/png'}));
          area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: clipboard, bubbles: true, cancelable: true}));
        }""",
        list(data),
    )
