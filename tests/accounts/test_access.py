"""Whoever looks after people sees how an account stands with signing in, and helps without a reset."""

import json

import pytest
from django.core.cache import caches
from django.test import Client

from govplatform.accounts.credentials.access import access_of, end_sessions, unlock_account
from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests.cast import PASSWORD
from tests.conftest import console_client

HOST = "alpha.console.localhost"


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def _try(password, *, name="alpha_editor", address="198.51.100.7"):
    client = Client(HTTP_HOST=HOST, REMOTE_ADDR=address)
    return client.post("/admin/login/", {"username": name, "password": password})


def _person(name="alpha_editor"):
    return User.objects.get(username=name)


@pytest.fixture
def locked(db):
    caches["default"].clear()
    for _ in range(5):
        _try("wrong")
    return _person()


def test_a_locked_account_says_where_from_and_until_when(locked):
    (lock,) = access_of([locked])[locked.pk].locks
    assert (lock.address, lock.failures) == ("198.51.100.7", 5)
    page = console_client("alpha_admin", "alpha").get(f"/admin/people/{locked.pk}/").content.decode()
    assert f"从 198.51.100.7 输错 5 次，到 {lock.until.astimezone():%H:%M}"[:24] in page
    assert "登录暂停" in console_client("alpha_admin", "alpha").get("/admin/people/").content.decode()


def test_a_site_s_administrator_unlocks_and_it_is_on_record(locked):
    assert _try(PASSWORD).status_code != 302
    client = console_client("alpha_admin", "alpha")
    done = client.post(f"/admin/people/{locked.pk}/", {"act": "unlock", "reason": "本人当面核实。"}, follow=True)
    assert "可以马上再登录" in done.content.decode()
    assert not access_of([locked])[locked.pk].is_paused
    assert _try(PASSWORD).status_code == 302
    record = Entry.objects.get(act="account.unlock")
    assert record.detail == {"reason": "本人当面核实。", "addresses": ["198.51.100.7"]}
    assert record.actor_name == _person("alpha_admin").signed_name


def test_sessions_end_in_every_browser_and_signing_in_again_works(db):
    caches["default"].clear()
    browsers = [Client(HTTP_HOST=HOST) for _ in range(2)]
    for browser in browsers:
        assert browser.post("/admin/login/", {"username": "alpha_editor", "password": PASSWORD}).status_code == 302
        assert browser.get("/admin/").status_code == 200
    assert _person().last_login is not None
    client = console_client("alpha_admin", "alpha")
    page = f"/admin/people/{_person().pk}/"
    assert "请写明理由" in client.post(page, {"act": "end_sessions", "reason": " "}).content.decode()
    assert browsers[0].get("/admin/").status_code == 200
    assert client.post(page, {"act": "end_sessions", "reason": "电脑遗失。"}).status_code == 302
    for browser in browsers:
        assert browser.get("/admin/").status_code == 302
    assert _try(PASSWORD, address="198.51.100.9").status_code == 302
    assert Entry.objects.get(act="account.sessions_ended").detail == {"reason": "电脑遗失。"}


@pytest.mark.parametrize("act", [unlock_account, end_sessions])
@pytest.mark.parametrize(
    ("who", "site", "word"),
    [
        ("alpha_editor", "alpha", "只有本站的站点管理员"),
        ("beta_admin", "beta", "没有任职"),
        ("beta_admin", "alpha", "只有本站的站点管理员"),
        ("supervisor", "alpha", "只有本站的站点管理员"),
    ],
)
def test_others_may_not(locked, act, who, site, word):
    with pytest.raises(Refused, match=word):
        act(locked, reason="想帮忙。", tenant=get_tenant(site), acting_user=_person(who))
    assert access_of([locked])[locked.pk].is_paused


def test_who_is_not_paused_is_not_unlocked(db):
    with pytest.raises(Refused, match="没有被暂停"):
        unlock_account(_person(), reason="x", tenant=get_tenant("alpha"), acting_user=None)


def test_statements_do_not_grow_with_the_people(locked, django_assert_num_queries):
    people = list(User.objects.all())
    assert len(people) > 8
    with django_assert_num_queries(4):
        access_of(people)


def test_by_the_verb(verb):
    told = json.loads(verb("account", "show", "alpha_editor", "--json").stdout)
    assert (told["username"], told["paused"], told["second_factor"]) == ("alpha_editor", False, False)
    assert list(told["roles"]) == ["alpha"]
    words = ("alpha_editor", "--reason", "电脑遗失。", "--json")
    assert verb("account", "end-sessions", *words, "--as", "alpha_admin", "--site", "alpha").returncode == 0
    assert verb("account", "end-sessions", *words, "--as", "alpha_editor", "--site", "alpha").returncode == 3
    assert verb("account", "unlock", *words).returncode == 3
    assert verb("account", "show", "nobody", "--json").returncode == 3
