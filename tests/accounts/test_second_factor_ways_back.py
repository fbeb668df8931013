"""A lost phone, a wrong code, a password that somebody else chose: each has its way out."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.accounts.actions import set_password
from govplatform.accounts.credentials.resets import decide_reset, request_reset
from govplatform.accounts.credentials.second_factor import recovery_codes_left, renew_recovery_codes
from govplatform.accounts.models import AccountReset, User
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from tests.cast import PASSWORD

from .test_signing_in import _browser, _code, _half_in, _is_in, _send_code, _sign_in, device  # noqa: F401


@pytest.fixture
def second_operator(person: Any) -> User:
    from govplatform.accounts.actions import create_user, grant_role
    from govplatform.tenancy.queries import get_tenant

    user = create_user("operator2", full_name="运维乙", password=PASSWORD, acting_user=None)
    grant_role(user, "operator", tenant=get_tenant("console"), acting_user=None)
    return user


# --- recovery codes -------------------------------------------------------------------------


def test_binding_shows_recovery_codes_once_and_each_opens_once(db, person):
    client = _half_in()
    client.get("/admin/second-factor/setup/")
    new = TOTPDevice.objects.get(user=person("alpha_editor"))
    shown = client.post("/admin/second-factor/setup/", {"token": _code(new)})
    codes = list(StaticToken.objects.values_list("token", flat=True))
    assert len(codes) == 10 and all(code in shown.content.decode() for code in codes)
    assert "no-store" in shown.headers["Cache-Control"]
    assert codes[0] not in client.get("/admin/account/").content.decode()
    other = _half_in()
    assert not _is_in(other)
    assert _send_code(other, codes[0].upper()).headers["Location"] == "/admin/"
    assert _is_in(other)
    assert "恢复码不正确，或已经用过" in _send_code(_half_in(), codes[0]).content.decode()
    assert recovery_codes_left(person("alpha_editor")) == 9


def test_a_wrong_recovery_code_does_not_make_the_phone_wait(device):  # noqa: F811
    renew_recovery_codes(device.user)
    client = _half_in()
    assert "恢复码不正确" in _send_code(client, "aaaaa-bbbbb").content.decode()
    assert _send_code(client, _code(device)).status_code == 302


def test_new_codes_end_the_old_ones_and_want_a_code_first(device):  # noqa: F811
    old = renew_recovery_codes(device.user)
    client = _half_in()
    assert client.post("/admin/second-factor/recovery-codes/").headers["Location"] == "/admin/second-factor/"
    _send_code(client, _code(device))
    page = client.get("/admin/account/").content.decode()
    assert "还有 10 个恢复码没有用过" in page
    shown = client.post("/admin/second-factor/recovery-codes/").content.decode()
    assert old[0] not in shown and recovery_codes_left(device.user) == 10
    assert not StaticToken.objects.filter(token__in=old).exists()
    assert client.get("/admin/second-factor/recovery-codes/").status_code == 405


def test_who_has_no_second_factor_finds_the_way_to_it(db):
    client = _browser()
    _sign_in(client, "alpha_editor")
    page = client.get("/admin/account/").content.decode()
    assert "/admin/second-factor/setup/" in page and "还没有绑定" in page


# --- the form of the code -------------------------------------------------------------------


def test_after_a_wrong_code_the_form_says_how_long_to_wait(device):  # noqa: F811
    client = _half_in()
    for _attempt in range(3):
        _send_code(client, "000000")
    told = _send_code(client, _code(device)).content.decode()
    assert "秒后再输入" in told


def test_the_icons_of_the_page_do_not_lead_back_to_it(device):  # noqa: F811
    client = _half_in()
    page = client.get("/admin/second-factor/").content.decode()
    from django.urls import reverse

    sprite = reverse("wagtailadmin_sprite")
    assert sprite in page
    assert client.get(sprite).status_code == 200


# --- reset by two people --------------------------------------------------------------------


def test_two_people_reset_a_lost_second_factor_and_its_owner_is_told(device, person, second_operator):  # noqa: F811
    inside = _half_in()
    _send_code(inside, _code(device))
    reset, _link = request_reset(device.user, reason="手机丢失，已电话核实。", acting_user=person("operator"))
    assert TOTPDevice.objects.filter(user=device.user).exists() and _is_in(inside)
    with pytest.raises(Refused, match="两个人"):
        decide_reset(reset, confirm=True, acting_user=person("operator"))
    decide_reset(reset, confirm=True, acting_user=second_operator)
    assert not TOTPDevice.objects.filter(user=device.user).exists()
    assert not _is_in(inside)
    client = _browser()
    answer = client.post("/admin/login/", {"username": "alpha_editor", "password": PASSWORD}, follow=True)
    assert "确认重设" in answer.content.decode()
    acts = list(Entry.objects.filter(chain="platform", act__startswith="account.reset").values_list("act", flat=True))
    assert sorted(acts) == ["account.reset_confirmed", "account.reset_request"]


def test_a_supervisor_may_be_the_second_person(device, person):  # noqa: F811
    reset, _link = request_reset(device.user, reason="手机损坏，当面核实。", acting_user=person("operator"))
    decide_reset(reset, confirm=False, acting_user=person("supervisor"))
    assert TOTPDevice.objects.filter(user=device.user).exists()
    with pytest.raises(Refused, match="已驳回"):
        decide_reset(reset, confirm=True, acting_user=person("supervisor"))


@pytest.mark.parametrize("who", ["alpha_admin", "alpha_editor", "supervisor"])
def test_nobody_but_an_operator_asks_for_it(device, person, who):  # noqa: F811
    with pytest.raises(Refused):
        request_reset(device.user, reason="手机丢失。", acting_user=person(who))


@pytest.mark.parametrize("who", ["alpha_admin", "alpha_content", "alpha_editor2"])
def test_nobody_of_a_site_confirms_it(device, person, who):  # noqa: F811
    reset, _link = request_reset(device.user, reason="手机丢失。", acting_user=person("operator"))
    with pytest.raises(Refused):
        decide_reset(reset, confirm=True, acting_user=person(who))


def test_what_cannot_be_reset_is_refused_with_its_reason(device, person):  # noqa: F811
    operator = person("operator")
    with pytest.raises(Refused, match="须写明理由"):
        request_reset(device.user, reason=" ", acting_user=operator)
    with pytest.raises(Refused, match="没有绑定"):
        request_reset(person("alpha_editor2"), reason="手机丢失。", acting_user=operator)
    TOTPDevice.objects.create(user=operator, name="TOTP", confirmed=True)
    with pytest.raises(Refused, match="自己的"):
        request_reset(operator, reason="手机丢失。", acting_user=operator)
    request_reset(device.user, reason="手机丢失。", acting_user=operator)
    with pytest.raises(Refused, match="等待确认"):
        request_reset(device.user, reason="再来一次。", acting_user=operator)


def test_the_database_wants_two_people_as_well(device, person):  # noqa: F811
    reset, _link = request_reset(device.user, reason="手机丢失。", acting_user=person("operator"))
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountReset.objects.filter(pk=reset.pk).update(decided_by=person("operator"))
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountReset.objects.filter(pk=reset.pk).update(decided_by=device.user)


def test_in_the_console_one_asks_and_another_confirms(device, person, console):  # noqa: F811
    operator, supervisor = console("operator", "console"), console("supervisor", "console")
    address = f"/admin/people/{device.user.pk}/"
    assert "重设动态口令" in operator.get(address).content.decode()
    operator.post(address, {"act": "second_factor", "reason": "手机丢失，当面核实。"})
    mine = operator.get("/admin/account-resets/").content.decode()
    assert "须由别人确认" in mine and 'value="confirm"' not in mine
    reset = AccountReset.objects.get()
    assert operator.post("/admin/account-resets/", {"reset": reset.pk, "act": "confirm"}).status_code == 200
    assert AccountReset.objects.get().state == "waiting"
    done = supervisor.post("/admin/account-resets/", {"reset": reset.pk, "act": "confirm"}, follow=True)
    assert "本人下次登录时重新绑定" in done.content.decode()
    assert AccountReset.objects.get().state == "done"
    assert console("alpha_admin", "alpha").get("/admin/account-resets/").status_code == 403


def test_the_verb_takes_two_people_too(own_database, verb):
    from govplatform.accounts.queries import get_user

    TOTPDevice.objects.create(user=get_user("alpha_editor"), name="TOTP", confirmed=True)
    asked = verb("reset_second_factor", "alpha_editor", "--reason", "手机丢失。", "--as", "operator", "--json")
    number = str(json.loads(asked.stdout)["reset"])
    assert verb("reset_second_factor", "--confirm", number, "--as", "operator").returncode == 3
    done = verb("reset_second_factor", "--confirm", number, "--as", "supervisor", "--json")
    assert (done.returncode, json.loads(done.stdout)["state"]) == (0, "done")
    assert verb("reset_second_factor", "--confirm", "999", "--as", "supervisor").returncode == 3
    assert verb("reset_second_factor", "--as", "supervisor").returncode == 2
    assert not TOTPDevice.objects.exists()


# --- a password that somebody else chose ----------------------------------------------------


def test_a_temporary_password_is_changed_before_anything_else(db, person):
    from govplatform.accounts.actions import create_user, grant_role
    from govplatform.tenancy.queries import get_tenant

    given = {"full_name": "新来", "password": "Chosen-for-you-1", "must_change": True, "acting_user": None}
    grant_role(create_user("newcomer", **given), "editor", tenant=get_tenant("alpha"), acting_user=None)
    client = _browser()
    assert _sign_in(client, "newcomer", "Chosen-for-you-1").status_code == 302
    for address in ("/admin/", "/admin/pages/", "/admin/account/"):
        assert client.get(address).headers["Location"].startswith("/admin/new-password/?next=")
    sent = {"old_password": "Chosen-for-you-1"}
    same = client.post(
        "/admin/new-password/", {**sent, "new_password1": "Chosen-for-you-1", "new_password2": "Chosen-for-you-1"}
    )
    assert "不能与原密码相同" in same.content.decode()
    own = client.post(
        "/admin/new-password/?next=/admin/pages/",
        {**sent, "new_password1": "My-own-words-2", "new_password2": "My-own-words-2"},
    )
    assert own.headers["Location"] == "/admin/pages/"
    assert _is_in(client)
    assert not User.objects.get(username="newcomer").password_must_change


def test_the_old_password_is_no_new_one(db, person):
    with pytest.raises(Refused, match="不能与原密码相同"):
        set_password(person("alpha_editor"), PASSWORD, acting_user=person("alpha_editor"))
