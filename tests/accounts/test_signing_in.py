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

from govplatform.accounts.credentials.known_devices import COOKIE
from govplatform.accounts.models import User
from tests.cast import PASSWORD


def _browser(site: str = "alpha") -> Client:
    return Client(HTTP_HOST=f"{site}.console.localhost", headers={"user-agent": "test"})


def _sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/admin/login/", {"username": username, "password": password})


def _is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


# --- lock-out -----------------------------------------------------------------------------


HERE = "10.0.0.1"


def _fail(username: str, times: int, address: str = HERE, **cookies: str) -> Any:
    answer = None
    for attempt in range(times):
        client = _browser()
        client.cookies.load(cookies)
        # each by another browser: where it comes from is what counts
        answer = client.post(
            "/admin/login/",
            {"username": username, "password": "wrong"},
            REMOTE_ADDR=address,
            headers={"user-agent": f"browser {attempt}"},
        )
    return answer


def _lock(username: str, address: str = HERE) -> Any:
    return _fail(username, settings.AXES_FAILURE_LIMIT, address)


def _try(username: str, address: str = HERE, site: str = "alpha", **cookies: str) -> Any:
    client = _browser(site)
    client.cookies.load(cookies)
    return client.post("/admin/login/", {"username": username, "password": PASSWORD}, REMOTE_ADDR=address)


def test_after_the_limit_even_the_right_password_is_refused_from_there(db):
    for attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        assert _sign_in(_browser(), "alpha_editor", f"wrong {attempt}").status_code == 200
    assert _sign_in(_browser(), "alpha_editor", "wrong").status_code == 429
    client = _browser()
    answer = _sign_in(client, "alpha_editor")
    assert answer.status_code == 429
    assert "分钟" in answer.content.decode()
    assert not _is_in(client)


def test_the_lock_holds_on_every_console_and_for_every_browser_there(db):
    assert _lock("both_content").status_code == 429
    for site in ("alpha", "beta"):
        assert _try("both_content", site=site).status_code == 429


def test_strangers_elsewhere_lock_nobody_out(db):
    _lock("alpha_editor")
    assert _try("alpha_editor", "10.9.9.9").status_code == 302


def test_trying_on_does_not_make_the_lock_longer(db):
    from axes.models import AccessAttempt

    _lock("alpha_editor")
    begun = set(AccessAttempt.objects.values_list("attempt_time", "failures_since_start"))
    assert _fail("alpha_editor", 3).status_code == 429
    assert set(AccessAttempt.objects.values_list("attempt_time", "failures_since_start")) == begun


def test_many_failures_from_everywhere_slow_an_account_down_by_a_minute_at_most(db):
    from govplatform.accounts.credentials.failed_sign_ins import seconds_to_wait

    for number in range(settings.SIGN_IN_FAILURES_BEFORE_DELAY - 1):
        _fail("alpha_editor", 1, f"10.1.0.{number}")
    assert seconds_to_wait("alpha_editor") == 0
    waits = []
    for number in range(8):
        _age_failures(timedelta(seconds=settings.LONGEST_SIGN_IN_DELAY))
        _fail("alpha_editor", 1, f"10.2.0.{number}")
        waits.append(seconds_to_wait("alpha_editor"))
    assert waits[0] <= 1 < waits[3] <= 8
    assert waits[-1] <= settings.LONGEST_SIGN_IN_DELAY < 2 * waits[-1]
    answer = _try("alpha_editor", "10.3.0.1")
    assert answer.status_code == 429
    assert "秒后再试" in answer.content.decode()
    assert int(answer.headers["Retry-After"]) <= settings.LONGEST_SIGN_IN_DELAY
    assert _try("alpha_editor2", "10.3.0.1").status_code == 302
    _age_failures(timedelta(seconds=settings.LONGEST_SIGN_IN_DELAY))
    assert _try("alpha_editor", "10.3.0.1").status_code == 302


def _age_failures(by: timedelta) -> None:
    from axes.models import AccessAttempt
    from django.db.models import F

    AccessAttempt.objects.update(attempt_time=F("attempt_time") - by)


def _known_browser(device: TOTPDevice) -> dict[str, str]:
    client = _half_in()
    _send_code(client, _code(device))
    assert _is_in(client)
    return {COOKIE: client.cookies[COOKIE].value}


def test_a_browser_that_gave_both_factors_is_locked_by_itself_alone(device):
    known = _known_browser(device)
    _lock("alpha_editor")
    for number in range(20):
        _fail("alpha_editor", 1, f"10.1.0.{number}")
    assert _try("alpha_editor").status_code == 429
    assert _try("alpha_editor", **known).status_code == 302
    assert _fail("alpha_editor", settings.AXES_FAILURE_LIMIT, "10.7.7.7", **known).status_code == 429
    assert _try("alpha_editor", "10.8.8.8", **known).status_code == 429


def test_a_known_browser_is_known_for_its_own_account_and_until_something_is_reset(device, person):
    known = _known_browser(device)
    _lock("alpha_editor2")
    assert _try("alpha_editor2", **known).status_code == 429
    _lock("alpha_editor")
    assert _try("alpha_editor", **{COOKIE: known[COOKIE][:-2]}).status_code == 429
    TOTPDevice.objects.update(confirmed=False)
    assert _try("alpha_editor", **known).status_code == 429
    TOTPDevice.objects.update(confirmed=True)
    assert _try("alpha_editor", **known).status_code == 302
    user = person("alpha_editor")
    user.set_password("Another-2026-pass")
    user.save()
    client = _browser()
    client.cookies.load(known)
    data = {"username": "alpha_editor", "password": "Another-2026-pass"}
    assert client.post("/admin/login/", data, REMOTE_ADDR=HERE).status_code == 429


def test_the_owner_and_the_auditor_see_who_tried(db, console):
    client = _browser()
    _sign_in(client, "alpha_editor")
    _lock("alpha_editor", "10.4.4.4")
    client = _browser()
    told = client.post(
        "/admin/login/", {"username": "alpha_editor", "password": PASSWORD}, REMOTE_ADDR="10.5.5.5", follow=True
    )
    assert "5 次用你的用户名登录失败" in told.content.decode()
    assert "10.4.4.4" in client.get("/admin/account/").content.decode()
    record = console("alpha_auditor", "alpha").get("/admin/audit/").content.decode()
    assert "登录暂停" in record and "10.4.4.4" in record


def test_of_an_account_s_failures_the_newest_are_kept_and_none_for_ever(db, settings):
    from axes.models import AccessFailureLog

    from govplatform.accounts.tasks import remove_old_failures

    settings.AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 3
    for number in range(5):
        _fail("nobody_at_all", 1, f"10.6.0.{number}")
    kept = AccessFailureLog.objects.filter(username="nobody_at_all")
    assert sorted(kept.values_list("ip_address", flat=True)) == ["10.6.0.2", "10.6.0.3", "10.6.0.4"]
    kept.update(attempt_time=timezone.now() - timedelta(days=settings.FAILED_SIGN_INS_KEPT_DAYS + 1))
    remove_old_failures.func(0)
    assert not AccessFailureLog.objects.filter(username="nobody_at_all").exists()


def test_after_a_wrong_password_the_password_is_typed_next(db):
    client = Client(HTTP_HOST="alpha.console.localhost")
    fresh = client.get("/admin/login/").context["form"]
    assert "autofocus" in str(fresh["username"]) and "autofocus" not in str(fresh["password"])
    again = client.post("/admin/login/", {"username": "alpha_editor", "password": "wrong"}).context["form"]
    assert "autofocus" in str(again["password"]) and "autofocus" not in str(again["username"])


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
    assert "恢复码" in client.post("/admin/second-factor/setup/", {"token": _code(device)}).content.decode()
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
