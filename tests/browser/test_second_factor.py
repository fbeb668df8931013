"""The second factor as a person meets it: errors that are seen, codes to write down, one of them used on a phone."""

import base64

import pytest
from django_otp.oath import totp

from tests.browser.entering import enter

from .test_whole_way import sign_in

pytestmark = pytest.mark.browser


def test_a_phone_is_bound_lost_and_made_up_for(served, window):
    desk = window()
    page = desk.page
    enter(page, served, "beta_admin", "beta.console.localhost")
    page.goto(served.address("/admin/account/", "beta.console.localhost"))
    page.get_by_role("link", name="绑定动态口令").click()
    secret = page.locator(".entrance__secret").inner_text()
    page.locator("#id_token").fill("12345x")
    page.get_by_role("button", name="绑定").click()
    page.get_by_text("动态口令不正确或已过期").wait_for()
    page.locator("#id_token").fill(f"{totp(base64.b32decode(secret)):06d}")
    page.get_by_role("button", name="绑定").click()
    page.get_by_role("heading", name="请保存恢复码").wait_for()
    codes = page.locator(".entrance__codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="已保存，继续").click()
    page.get_by_text("还有 10 个恢复码没有用过").wait_for()

    phone = window(width=360)
    page = phone.page
    sign_in(page, served, "beta_admin", "beta.console.localhost")
    asked = [address for address in phone.requests if "second-factor" in address]
    assert len(asked) == 1, "the page leads to itself"
    page.locator("#id_token").fill("aaaaa-bbbbb")
    page.get_by_role("button", name="确认").click()
    page.get_by_text("恢复码不正确，或已经用过").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_timeout(1100)  # the library makes a device wait a second after a wrong code
    page.locator("#id_token").fill(codes[3])
    page.get_by_role("button", name="确认").click()
    page.wait_for_url("**/admin/")
    assert page.locator("#id_token").count() == 0
    assert desk.complaints == phone.complaints == []
