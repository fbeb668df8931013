"""网址台账 in a browser: an unknown address is mapped with one click and found with its answer; narrow too."""

import os
import urllib.error
import urllib.request

import pytest

from tests.browser.accessibility import come_to_rest
from tests.browser.entering import enter
from tests.browser.test_library import NARROW, faults

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
    enter(page, served, "operator", OPERATOR)
    shots = os.environ.get("SHOTS", "")
    for number, path in enumerate(("", "unknown/", "hosts/", "?q=/news/article", "rules/", "rules/alpha/", "import/")):
        page.goto(served.address(f"/admin/ledger/{path}", OPERATOR))
        assert not faults(page)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(NARROW), (path, width)
            if shots:
                page.screenshot(path=f"{shots}/ledger-{number}-{width}.png")
        page.set_viewport_size({"width": 1280, "height": 900})
        come_to_rest(page)
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


def test_rules_are_tried_and_a_table_is_shown_row_by_row(served, window, tmp_path):
    opened = window()
    page, shots = opened.page, os.environ.get("SHOTS", "")
    enter(page, served, "operator", OPERATOR)

    def look(name):
        assert not faults(page), name
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(NARROW), (name, width)
            if shots:
                page.screenshot(path=f"{shots}/ledger-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
        come_to_rest(page)

    page.goto(served.address("/admin/ledger/rules/alpha/", OPERATOR))
    page.get_by_label("有意义的查询参数").fill("id")
    page.get_by_label("试一个网址").fill("/News/article.HTML?id=3&x=1")
    page.get_by_role("button", name="试一试").click()
    page.get_by_text("按试用的规则答复").wait_for()
    assert "/News/article.HTML?id=3" in page.locator("main").inner_text()
    look("trial")
    table = tmp_path / "旧网址.csv"
    table.write_text("原网址,现网址,说明\n/a.htm,/news/,\n/b.htm,/nowhere/,\n/c.htm,,已过时\n", encoding="utf-8")
    page.goto(served.address("/admin/ledger/import/", OPERATOR))
    page.get_by_label("原域名").fill("old.gov.cn")
    page.get_by_label("由哪个站点答复").select_option("alpha")
    page.get_by_label("网址表").set_input_files(str(table))
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_text("有误的行改正之前，一行也不导入").wait_for()
    look("preview")
    table.write_text("原网址,现网址,说明\n/a.htm,/news/,\n", encoding="utf-8")
    page.get_by_role("link", name="换一个文件").first.click()
    page.get_by_label("原域名").fill("old.gov.cn")
    page.get_by_label("由哪个站点答复").select_option("alpha")
    page.get_by_label("网址表").set_input_files(str(table))
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name="导入这 1 个网址").click()
    page.locator(".messages").wait_for()
    assert "已导入 1 个旧网址" in page.locator(".messages").inner_text()
    assert not opened.complaints
