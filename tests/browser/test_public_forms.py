"""What citizens write in, each by Tab alone on a telephone: named for who hears it, legible in both looks, and sent.

The way without script and what a form refuses are Django's client's (tests/cases, tests/surveys, tests/interviews);
surveys have tests/browser/test_surveys.py.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from tests import database
from tests.browser.accessibility import accessibility_faults, contrast_faults
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser

#: In place of a text: this one of what can be chosen.
CHOSEN = object()
_WHO = {"applicant": CHOSEN, "name": "申请人甲", "document_number": "11010519491231002X", "phone": "0000-0000001"}
#: What is sent -> where, and (what is typed, the button) one after the other; then what the page says.
WAYS: dict[str, tuple[str, list[tuple[dict[str, Any], str]], str]] = {
    "letter": (
        "/interaction/write/",
        [({"kind": CHOSEN, "title": "路灯坏了", "text": "三天了。", "publish": CHOSEN}, "提交")],
        "来信已收到",
    ),
    "request": (
        "/interaction/disclosure/", [({**_WHO, "title": "养护合同", "text": "去年的。"}, "提交")], "申请已收到",
    ),
    "error": (
        "/interaction/error/",
        [({"page": "http://alpha.localhost/news/", "error_kind": CHOSEN, "text": "电话少了一位。"}, "提交")],
        "纠错已收到",
    ),
    "interview": ("", [({"text": "什么时候到账？", "phone": "0000-0000001"}, "提交")], "你的提问已经收到"),
    # A blank is refused: the page that says so is looked at as well.
    "unit": ("", [({"text": " "}, "提交意见"), ({"text": "线路已修复。"}, "提交意见")], "意见已收到"),
    "added": ("", [({}, "查询"), ({"added": "门牌是三号。"}, "提交补充")], "补充已收到"),
    "judged": ("", [({}, "查询"), ({"grade": CHOSEN, "words": "很快。"}, "提交评价")], "评价已收到"),
}  # fmt: skip


@pytest.fixture(scope="module")
def planted(served: Any, django_db_blocker: Any) -> Any:
    """Addresses of what has one of its own; number and code of letters that are followed."""
    from django.conf import settings

    from govplatform.tenancy.queries import get_tenant
    from tests.cases.conftest import send_in
    from tests.cases.planted import answered_letter, assigned, link_for_unit
    from tests.interviews.conftest import an_interview

    shared = settings.DATABASES["default"]["NAME"]

    def plant() -> dict[str, Any]:
        database.use_database(served.database)
        try:
            with tenant_context(get_tenant("alpha")):
                letter, answered = send_in(), answered_letter(served.paths["article"])
                return {
                    "interview": f"/interaction/interview/{an_interview(slug='asked-talk').pk}/",
                    "unit": link_for_unit(assigned(send_in().case)),
                    "added": {"number": letter.case.number, "code": letter.query_code},
                    "judged": {"number": answered.case.number, "code": answered.query_code},
                }
        finally:
            database.use_database(shared)

    # In a thread of its own: the browser's loop runs in this one, and Django asks no database beside a loop.
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread:
        return thread.submit(plant).result()


@pytest.mark.parametrize("way", WAYS)
def test_it_is_heard_read_and_sent_by_keyboard(served: Any, window: Any, planted: Any, way: str) -> None:
    opened = window(width=360)
    page = opened.page
    address, steps, told = WAYS[way]
    where = planted.get(way, address)
    followed = isinstance(where, dict)
    page.goto(served.address("/interaction/ask/" if followed else where))
    for number, (typed, button) in enumerate(steps):
        look_at(page)
        send_by_tab(page, where if followed and number == 0 else typed, button)
    look_at(page)
    assert told in page.locator("main").inner_text()
    assert page.context.cookies() == []
    # The browser tells of a refusal itself.
    assert [one for one in opened.complaints if "422" not in one] == []


@pytest.mark.parametrize("path", ["/interaction/letters/", "/interaction/statistics/", "/interaction/errors/"])
def test_what_is_public_of_it_is_heard_and_read(served: Any, window: Any, planted: Any, path: str) -> None:
    page = window(width=360).page
    page.goto(served.address(path))
    look_at(page)


def look_at(page: Any) -> None:
    assert accessibility_faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert contrast_faults(page) == []
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def send_by_tab(page: Any, typed: dict[str, Any], button: str) -> None:
    """From the begin of the content with Tab to each field of ``typed`` (by name) and to ``button``."""
    left = dict(typed)
    page.evaluate("document.getElementById('main').focus()")
    while True:
        focus = tab_to(
            page, lambda focus: focus["name"] in left or (focus["type"], focus["text"]) == ("submit", button)
        )
        if focus["name"] not in left:
            break
        value = left.pop(focus["name"])
        if value is CHOSEN:
            page.keyboard.press("Space")
        else:
            page.keyboard.insert_text(value)
    assert left == {}, f"Tab does not reach {list(left)} before the button"
    with page.expect_navigation():
        page.keyboard.press("Enter")
