"""What a browser is told of a session that ended, and the key under which it keeps what a person typed."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from govplatform.accounts.credentials.access import end_sessions
from govplatform.accounts.credentials.people_of_browser import COOKIE
from govplatform.accounts.models import User
from govplatform.tenancy.queries import get_tenant
from tests.cast import PASSWORD

HOST = "alpha.console.localhost"


@pytest.fixture
def browser(db):
    caches["default"].clear()
    return sign_in(Client(HTTP_HOST=HOST), "alpha_editor")


def sign_in(client, username, password=PASSWORD):
    answer = client.post("/admin/login/", {"username": username, "password": password})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return client


def state(client):
    answer = client.get("/admin/session/")
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.json()


def expire():
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def editor():
    return User.objects.get(username="alpha_editor")


def test_whoever_is_signed_in_gets_a_key_and_a_fresh_token(browser):
    told = state(browser)
    assert told["user"] == editor().pk and len(told["key"]) == 44 and told["arrived"] == []
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post("/admin/logout/", {"csrfmiddlewaretoken": told["csrf"]}).status_code == 302


def test_a_stranger_learns_nothing(db):
    assert state(Client(HTTP_HOST=HOST)) == {"user": None, "reason": ""}


def test_a_session_that_ran_out_says_so_and_keeps_the_key(browser):
    key = state(browser)["key"]
    expire()
    assert "没有操作" in state(browser)["reason"]
    assert state(sign_in(browser, "alpha_editor"))["key"] == key


def test_one_that_the_administrator_ended_says_so(browser):
    end_sessions(editor(), reason="电脑遗失。", tenant=get_tenant("alpha"), acting_user=None)
    assert "管理员结束了" in state(browser)["reason"]
    assert "管理员结束了" in browser.get("/admin/", follow=True).content.decode()


def test_one_whose_password_was_changed_elsewhere_says_so(browser):
    person = editor()
    person.set_password("Shui-ku-2026")
    person.save()
    assert "密码已在别处修改" in state(browser)["reason"]


def test_one_whose_account_was_closed_says_so(browser):
    User.objects.filter(pk=editor().pk).update(is_active=False)
    assert "已停用" in state(browser)["reason"]


def test_signing_out_by_hand_says_so_in_the_other_windows_and_throws_the_key_away(browser):
    key = state(browser)["key"]
    browser.post("/admin/logout/")
    assert "另一个窗口退出" in state(browser)["reason"]
    assert state(sign_in(browser, "alpha_editor"))["key"] != key


def test_somebody_else_at_the_machine_has_another_key_and_takes_none_away(browser):
    key = state(browser)["key"]
    expire()
    other = state(sign_in(browser, "alpha_content"))
    assert other["key"] not in ("", key)
    browser.post("/admin/logout/")
    assert state(sign_in(browser, "alpha_editor"))["key"] == key


def test_the_key_is_of_the_browser_and_its_cookie_names_none(browser):
    elsewhere = sign_in(Client(HTTP_HOST=HOST), "alpha_editor")
    assert state(elsewhere)["key"] != state(browser)["key"]
    cookie = browser.cookies[COOKIE]
    assert cookie["httponly"] and cookie["domain"] == "console.localhost"
    assert state(browser)["key"] not in cookie.value


@pytest.mark.parametrize("value", ["", "x", "{}:1:2"])
def test_a_cookie_that_is_not_ours_is_passed_over(browser, value):
    browser.cookies[COOKIE] = value
    assert state(browser)["user"] == editor().pk
    assert state(browser)["key"], "a new one was given"


def test_half_signed_in_one_has_no_key(browser):
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.create(user=editor(), confirmed=True)
    assert browser.get("/admin/session/").status_code == 302
