"""网址台账 in a browser: an unknown address is mapped with one click and found with its answer; narrow too."""

import os
import urllib.error
import urllib.request

import pytest

from tests.browser.test_library import NARROW, faults
from tests.browser.test_whole_way import sign_in

pytestmark = pytest.mark.browser

OPERATOR = "console.console.localhost"


def test_an_operator_works_off_what_nobody_knows(served, window):
    for _time in range(3):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(
                urllib.request.Request(
                    served.address("/gzdt/article.html", "127.0.0.1"), headers={"Host": "alpha.localhost"}
                )
            )
    opened = window()
    page = opened.page
    sign_in(page, served, "operator", OPERATOR)
    shots = os.environ.get("SHOTS", "")
    for number, path in enumerate(("", "unknown/", "hosts/", "?q=/news/article")):
        page.goto(served.address(f"/admin/ledger/{path}", OPERATOR))
        assert not faults(page)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(NARROW), (path, width)
            if shots:
                page.screenshot(path=f"{shots}/ledger-{number}-{width}.png")
        page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(served.address("/admin/ledger/unknown/", OPERATOR))
    row = page.locator("tr", has_text="/gzdt/article.html")
    row.locator("form button[value=map]").first.click()
    page.locator(".messages").wait_for()
    assert "已对应到现在的网址" in page.locator(".messages").inner_text()
    page.goto(served.address("/admin/ledger/?q=/gzdt/article.html", OPERATOR))
    page.get_by_role("link", name="/gzdt/article.html").click()
    page.get_by_label("跳转到").fill("//evil.example/")
    page.get_by_label("理由").fill("试试")
    page.get_by_role("button", name="更改").click()
    assert "不是网址" in page.locator("main").inner_text()
    assert not faults(page)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(NARROW), width
        if shots:
            page.screenshot(path=f"{shots}/ledger-address-{width}.png")
    assert not opened.complaints
