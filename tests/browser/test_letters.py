"""A letter from a real browser: with the work that a script does, without any script, and back again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import accessibility_faults
from tests.browser.entering import enter
from tests.browser.test_nothing_lost import wait_until_kept
from tests.browser.test_whole_way import CONSOLE

pytestmark = pytest.mark.browser

WRITE, ASK, REQUEST = "/interaction/write/", "/interaction/ask/", "/interaction/disclosure/"


def send(page):
    with page.expect_navigation():
        page.get_by_role("button", name="提交").click()


def told(page):
    """Number and query code, as the page shows them."""
    expect(page.locator("h1")).to_have_text("来信已收到")
    return page.locator(".letter-numbers dd").all_inner_texts()


def test_sent_with_script_and_followed(served, window):
    opened = window(width=360)
    page = opened.page
    page.goto(served.address(WRITE))
    assert accessibility_faults(page) == []
    expect(page.get_by_label("验算题")).to_be_hidden()
    page.get_by_label("求助").check()
    page.get_by_label("标题").fill("路灯坏了")
    page.get_by_label("内容 *").fill("小区门口的路灯坏了三天。")
    send(page)
    number, code = told(page)
    assert page.context.cookies() == [] and opened.complaints == []
    page.goto(served.address(ASK))
    assert accessibility_faults(page) == []
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="查询").click()
    expect(page.locator(".letter-text")).to_contain_text("路灯坏了三天")
    expect(page.locator(".letter-numbers")).to_contain_text("待受理")
    a_reason_comes_back_into_its_own_form(window(1280, 900).page, served, number)


def a_reason_comes_back_into_its_own_form(page, served, number):
    """Two forms of one screen ask for a reason: what was typed into one is not given back into the other."""
    enter(page, served, "alpha_clerk")
    page.goto(served.address(f"/admin/cases/?q={number}", CONSOLE))
    with page.expect_navigation():
        page.get_by_role("link", name="路灯坏了").click()
    page.locator("#close-reason").fill("已经电话答复。")
    wait_until_kept(page, 1)
    page.reload()
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("#close-reason")).to_have_value("已经电话答复。")
    expect(page.locator("#abuse-reason")).to_have_value("")


def test_the_whole_way_without_script(served, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(served.address(WRITE))
    page.get_by_label("建议").check()
    page.get_by_label("标题").fill("不开脚本也能写")
    page.get_by_label("内容 *").fill("建议周末开放。")
    page.get_by_label("验算题").fill("0")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("验算题")
    expect(page.get_by_label("内容 *")).to_have_value("建议周末开放。")
    first, second = re.search("题：(.)加(.)", page.locator(".letter-sum label").inner_text()).groups()
    numerals = "零一二三四五六七八九"
    page.get_by_label("验算题").fill(str(numerals.index(first) + numerals.index(second)))
    send(page)
    number, code = told(page)
    page.goto(served.address(ASK))
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="查询").click()
    page.get_by_label("补充情况").fill("也建议晚上开放。")
    with page.expect_navigation():
        page.get_by_role("button", name="提交补充").click()
    expect(page.get_by_role("status")).to_contain_text("补充已收到")
    expect(page.locator(".letter")).to_contain_text("也建议晚上开放。")
    context.close()


def test_an_error_is_reported_from_the_foot_of_its_page(served, window):
    opened = window(width=360)
    page = opened.page
    page.goto(served.address("/"))
    with page.expect_navigation():
        page.get_by_role("link", name="政府网站找错").click()
    assert accessibility_faults(page) == []
    # Of the page that somebody came from, by what the browser says of it.
    expect(page.get_by_label("问题网址 *")).to_have_value(served.address("/"))
    page.get_by_label("链接错误").check()
    page.get_by_label("问题描述 *").fill("首页的一个链接打不开。")
    send(page)
    expect(page.locator("h1")).to_have_text("纠错已收到")
    assert page.context.cookies() == [] and opened.complaints == []
    page.goto(served.address("/interaction/errors/"))
    assert accessibility_faults(page) == []


def test_information_is_asked_for_without_script(served, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(served.address(REQUEST))
    page.get_by_label("自然人", exact=True).check()
    page.get_by_label("姓名或者单位名称").fill("申请人甲")
    page.get_by_label("证件类型").select_option("其他有效证件")
    page.get_by_label("证件号码").fill("演示证字0001号")
    page.get_by_label("联系电话").fill("0000-0000001")
    page.get_by_label("信息名称").fill("路灯养护合同")
    page.get_by_label("信息描述").fill("2025年的合同。")
    page.get_by_label("纸质").check()
    page.get_by_label("验算题").fill("0")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("验算题")
    expect(page.get_by_label("姓名或者单位名称")).to_have_value("申请人甲")
    page.get_by_label("当面领取").check()
    first, second = re.search("题：(.)加(.)", page.locator(".letter-sum label").inner_text()).groups()
    numerals = "零一二三四五六七八九"
    page.get_by_label("验算题").fill(str(numerals.index(first) + numerals.index(second)))
    send(page)
    expect(page.locator("h1")).to_have_text("申请已收到")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.context.cookies() == []
    context.close()
