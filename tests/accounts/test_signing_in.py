"""Signing in: lock-out, second factor, the end of a session."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.accounts.models import User
from tests.cast import PASSWORD


def _browser(site: str = "alpha") -> Client:
    return Client(HTTP_HOST=f"{site}.console.localhost", headers={"user-agent": "test"})


def _sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/admin/login/", {"username": username, "password": password})


def _is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


# --- lock-out -----------------------------------------------------------------------------


def _lock(username: str) -> Any:
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        # each from another place and another browser: the account is what is locked
        answer = _browser().post(
            "/admin/login/",
            {"username": username, "password": "wrong"},
            REMOTE_ADDR=f"10.0.0.{_attempt + 1}",
            headers={"user-agent": f"browser {_attempt}"},
        )
    return answer


def test_an_account_is_locked_after_the_limit_even_for_the_right_password(db):
    for attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        assert _sign_in(_browser(), "alpha_editor", f"wrong {attempt}").status_code == 200
    assert _sign_in(_browser(), "alpha_editor", "wrong").status_code == 429
    client = _browser()
    answer = _sign_in(client, "alpha_editor")
    assert answer.status_code == 429
    assert "分钟" in answer.content.decode()
    assert not _is_in(client)


def test_the_lock_holds_on_every_console_and_from_everywhere(db):
    assert _lock("both_content").status_code == 429
    for site in ("alpha", "beta"):
        assert _sign_in(_browser(site), "both_content").status_code == 429


def test_other_accounts_are_not_locked(db):
    _lock("alpha_editor")
    client = _browser()
    assert _sign_in(client, "alpha_editor2").status_code == 302
    assert _is_in(client)


def test_the_lock_ends_after_its_time(db):
    from axes.models import AccessAttempt

    _lock("alpha_editor")
    later = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME, seconds=5)
    AccessAttempt.objects.update(attempt_time=later)
    client = _browser()
    assert _sign_in(client, "alpha_editor").status_code == 302
    assert _is_in(client)


def test_a_sign_in_that_succeeds_forgets_the_failures_before(db):
    for _round in range(2):
        for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
            _sign_in(_browser(), "alpha_editor", "wrong")
        assert _sign_in(_browser(), "alpha_editor").status_code == 302


def test_a_closed_account_does_not_get_in_and_is_put_out(db, person):
    client = _browser()
    _sign_in(client, "alpha_editor")
    assert _is_in(client)
    User.objects.filter(username="alpha_editor").update(is_active=False)
    assert not _is_in(client)
    assert _sign_in(_browser(), "alpha_editor").status_code == 200


# --- the second factor --------------------------------------------------------------------


@pytest.fixture
def device(db: None, person: Any) -> TOTPDevice:
    return TOTPDevice.objects.create(user=person("alpha_editor"), name="TOTP", confirmed=True)


def _code(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06d}"


def _half_in() -> Client:
    client = _browser()
    assert _sign_in(client, "alpha_editor").status_code == 302
    return client


def _send_code(client: Client, code: str) -> Any:
    return client.post("/admin/second-factor/?next=/admin/", {"token": code})


def test_a_second_factor_is_asked_for_before_anything_else(device):
    client = _half_in()
    for address in ("/admin/", "/admin/pages/", "/admin/account/", "/admin/people/", "/admin/images/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/second-factor/?next=")


def test_a_wrong_code_is_refused_and_the_right_one_enters(device):
    client = _half_in()
    wrong = f"{(int(_code(device)) + 1) % 1_000_000:06d}"
    answer = _send_code(client, wrong)
    assert "动态口令不正确" in answer.content.decode()
    assert not _is_in(client)
    # after a wrong code the device waits; the wait is over now
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert _send_code(client, _code(device)).headers["Location"] == "/admin/"
    assert _is_in(client)


def test_wrong_codes_make_the_device_wait(device):
    client = _half_in()
    for _attempt in range(3):
        _send_code(client, "000000")
    assert _send_code(client, _code(device)).status_code == 200
    assert not _is_in(client)


def test_a_code_is_good_once(device):
    code = _code(device)
    assert _send_code(_half_in(), code).status_code == 302
    second = _half_in()
    assert _send_code(second, code).status_code == 200
    assert not _is_in(second)


def test_somebody_else_s_code_does_not_enter(device, person):
    other = TOTPDevice.objects.create(user=person("alpha_editor2"), name="TOTP", confirmed=True)
    client = _half_in()
    assert _send_code(client, _code(other)).status_code == 200
    assert not _is_in(client)


def test_whoever_has_the_password_alone_cannot_set_up_a_device_of_their_own(device):
    client = _half_in()
    shown = client.get("/admin/second-factor/setup/")
    assert shown.status_code == 302
    assert not TOTPDevice.objects.filter(confirmed=False).exists()
    own = TOTPDevice.objects.create(user=device.user, name="TOTP", confirmed=False)
    client.post("/admin/second-factor/setup/", {"token": _code(own)})
    assert not _is_in(client)
    assert TOTPDevice.objects.filter(pk=device.pk, confirmed=True).exists()


def test_a_device_that_was_never_confirmed_does_not_enter(device):
    own = TOTPDevice.objects.create(user=device.user, name="TOTP", confirmed=False)
    client = _half_in()
    assert _send_code(client, _code(own)).status_code == 200
    assert not _is_in(client)


def test_where_a_second_factor_is_demanded_it_is_set_up_first(db, settings, person):
    settings.SECOND_FACTOR_REQUIRED = True
    client = _half_in()
    assert client.get("/admin/").headers["Location"] == "/admin/second-factor/setup/"
    assert client.get("/admin/second-factor/setup/").status_code == 200
    device = TOTPDevice.objects.get(user=person("alpha_editor"))
    assert not device.confirmed
    assert client.post("/admin/second-factor/setup/", {"token": "000000"}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert client.post("/admin/second-factor/setup/", {"token": _code(device)}).status_code == 302
    assert _is_in(client)


def test_the_second_factor_is_asked_anew_in_another_browser(device):
    assert _send_code(_half_in(), _code(device)).status_code == 302
    assert not _is_in(_half_in())


# --- the session --------------------------------------------------------------------------


def test_a_session_ends_by_itself(db):
    client = _half_in()
    assert _is_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]


def test_every_request_puts_the_end_of_the_session_off(db):
    client = _half_in()
    soon = timezone.now() + timedelta(seconds=60)
    Session.objects.update(expire_date=soon)
    assert _is_in(client)
    assert Session.objects.get().expire_date > soon


def test_one_sign_in_is_good_for_all_consoles_and_for_no_public_host(db):
    client = _browser()
    answer = _sign_in(client, "both_content")
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["domain"] == "console.localhost"
    assert cookie["httponly"]
    assert client.get("/admin/", headers={"host": "beta.console.localhost"}).status_code == 200
    public = client.get("/", headers={"host": "alpha.localhost"})
    assert not public.cookies
    assert client.get("/admin/", headers={"host": "alpha.localhost"}).status_code == 404


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(db, person):
    client, elsewhere = _half_in(), _half_in()
    fields = {
        "password-old_password": "wrong",
        "password-new_password1": "Shui-ku-2026",
        "password-new_password2": "Shui-ku-2026",
    }
    client.post("/admin/account/", fields)
    assert person("alpha_editor").check_password(PASSWORD)
    client.post("/admin/account/", {**fields, "password-old_password": PASSWORD, "theme-theme": "system",
                                    "theme-contrast": "system", "theme-density": "default"})  # fmt: skip
    assert person("alpha_editor").check_password("Shui-ku-2026")
    assert _is_in(client)
    assert not _is_in(elsewhere)
