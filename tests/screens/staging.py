"""What a screen shows and the demo has not from the beginning: people make it, in the browser, before its picture.

The demo itself stays as it loads. Each act looks first whether it has been done, so that pictures can be taken again.
"""

from collections.abc import Callable
from typing import Any

#: In several public texts of the portal; the demo's own dictionary does not have it.
WORD, INSTEAD = "推进", "推动"
SOURCE = "澄州市政务公开平台"
INVITED = "bai.jianshen"
_LOOKS, _PAUSE_MS = 120, 5_000


def add_word(page: Any, base: str, _port: int) -> None:
    """The confidentiality reviewer adds a word; the workers then look for it in what is public."""
    page.goto(f"{base}/admin/dictionary/?q={WORD}")
    if not page.locator("main td", has_text=WORD).count():
        page.goto(f"{base}/admin/dictionary/add/")
        page.locator("[name=word]").fill(WORD)
        page.locator("[name=suggestion]").fill(INSTEAD)
        _press(page, "添加")
    # Without scripts: the screen loads itself anew when a scan has ended, which would come between.
    context = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    onlooker = context.new_page()
    for _look in range(_LOOKS):
        onlooker.goto(f"{base}/admin/review/rescans/", timeout=60_000)
        if onlooker.locator("main", has_text=WORD).count() and not onlooker.locator("main progress").count():
            context.close()
            return
        onlooker.wait_for_timeout(_PAUSE_MS)
    raise RuntimeError("no scan has come: does the demo run with its workers?")


def add_source(page: Any, base: str, port: int) -> None:
    """The operator registers another platform, in whose place a site of the demo answers."""
    page.goto(f"{base}/admin/harvesting/")
    if page.locator("main", has_text=SOURCE).count():
        return
    page.goto(f"{base}/admin/harvesting/add/")
    page.locator("[name=name]").fill(SOURCE)
    page.locator("[name=url]").fill(f"http://qingshan.localhost:{port}")
    page.locator("[name=every_minutes]").fill("1440")
    _press(page, "登记")


def invite(page: Any, base: str, _port: int) -> None:
    """The administrator of a city invites somebody who works elsewhere; two words are missing then."""
    page.goto(f"{base}/admin/people/")
    if page.locator("main", has_text=INVITED).count():
        return
    page.goto(f"{base}/admin/people/new/")
    page.locator("[name=join-username]").fill(INVITED)
    page.locator("[name=join-role]").select_option("content-reviewer")
    _press(page, "邀请")


def _press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    if page.locator(".help-critical, .error-message").count():
        raise RuntimeError(page.locator("main").inner_text())


#: Name -> (code of the site, who does it, the act).
STAGES: dict[str, tuple[str, str, Callable[[Any, str, int], None]]] = {
    "word": ("yunjiang", "qin.mofeng", add_word),
    "source": ("console", "su.mingche", add_source),
    "offer": ("jiangzhou", "meng.xizhao", invite),
}
