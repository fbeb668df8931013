"""A password is known to its owner alone: accounts begin with a one-time link, and so does the time after a reset."""

import json
import re
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from govplatform.accounts.actions import create_user, deactivate_user, set_password
from govplatform.accounts.credentials.resets import decide_reset, request_reset
from govplatform.accounts.credentials.sign_in_links import issue_link
from govplatform.accounts.models import AccountReset, Membership, RoleOffer, User
from govplatform.accounts.offers.actions import offer_role
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from tests.cast import PASSWORD

from .test_signing_in import _browser, _is_in, _sign_in

OWN = "My-own-words-2"


def link_in(html: str) -> str:
    """The one-time link that a page shows."""
    found = re.search(r"https?://[^<\s]+/admin/start/[^<\s]+", html)
    assert found, html[:3000]
    return found.group()


def open_link(link: str, client: Client | None = None) -> tuple[Client, Any]:
    """A browser that has opened the link, and the form behind it."""
    parts = urlsplit(link)
    client = client or Client(HTTP_HOST=parts.netloc.partition(":")[0])
    return client, client.get(parts.path, follow=True)


def choose(link: str, password: str = OWN, **more: Any) -> Any:
    client, shown = open_link(link)
    address = shown.redirect_chain[-1][0] if shown.redirect_chain else urlsplit(link).path
    return client.post(address, {"new_password1": password, "new_password2": password, **more})


@pytest.fixture
def newcomer(alpha: Any, console: Any) -> tuple[User, str]:
    """Opened by alpha's administrator as an editor: the account, and the link that was shown."""
    sent = {"create": "1", "username": "xinren", "full_name": "新人", "role": "editor"}
    shown = console("alpha_admin", "alpha").post("/admin/people/new/", sent)
    assert "no-store" in shown.headers["Cache-Control"]
    return User.objects.get(username="xinren"), link_in(shown.content.decode())


# --- beginning --------------------------------------------------------------------------------


def test_the_owner_chooses_the_password_and_accepts_the_role(newcomer, alpha):
    user, link = newcomer
    assert not user.has_usable_password() and not Membership.objects.filter(user=user).exists()
    client, shown = open_link(link)
    page = shown.content.decode()
    assert "新人" in page and "xinren" in page and "编辑" in page
    assert link.rsplit("/", 2)[-2] not in shown.redirect_chain[-1][0], "the token stays in no address"
    done = choose(link, accept=[RoleOffer.objects.get().pk])
    assert done.headers["Location"] == "/admin/login/"
    assert [m.role for m in Membership.objects.filter(user=user)] == ["editor"]
    client = _browser()
    assert _sign_in(client, "xinren", OWN).status_code == 302
    assert _is_in(client)
    assert Entry.objects.filter(act="account.begin", object_id=str(user.pk)).count() == 1


def test_what_is_not_accepted_waits(newcomer):
    user, link = newcomer
    choose(link)
    assert not Membership.objects.filter(user=user).exists()
    assert RoleOffer.objects.get().state == "waiting"


def test_nobody_else_s_offer_is_accepted_with_it(newcomer, person, site):
    _user, link = newcomer
    other = offer_role(person("outsider"), "editor", tenant=site("beta"), acting_user=person("beta_admin"))
    assert choose(link, accept=[other.pk]).status_code == 200
    assert RoleOffer.objects.get(pk=other.pk).accepted_at is None


def test_a_link_is_good_once(newcomer):
    _user, link = newcomer
    choose(link)
    assert "链接已经失效" in open_link(link)[1].content.decode()


def test_two_who_hold_the_link_do_not_both_use_it(own_database):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    from govplatform.accounts.credentials.sign_in_links import begin_account
    from govplatform.tenancy.queries import get_tenant

    user = create_user("xinren", full_name="新人", password=None, acting_user=None)
    token = urlsplit(issue_link(user, on=get_tenant("alpha"), acting_user=None)).path.split("/")[-2]
    together = Barrier(2)

    def begin(password: str) -> str:
        try:
            fresh = User.objects.get(pk=user.pk)
            together.wait(30)
            begin_account(fresh, token, password=password, accept=(), acting_user=fresh)
        except Refused as refusal:
            return refusal.reasons[0]
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(begin, ["First-words-of-1", "Second-words-of-2"]))
    assert answers[0] == "" and "已经失效" in answers[1]


def test_a_link_that_is_too_old_or_out_of_date_opens_nothing(newcomer, console, person, settings):
    user, link = newcomer
    admin = console("alpha_admin", "alpha")
    again = admin.post("/admin/people/", {"act": "link", "offer": RoleOffer.objects.get().pk})
    new = link_in(again.content.decode())
    assert "链接已经失效" in open_link(link)[1].content.decode(), "the new link makes the old one void"
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "链接已经失效" in open_link(new)[1].content.decode()
    settings.PASSWORD_RESET_TIMEOUT = 60
    deactivate_user(user, reason="误开", acting_user=person("operator"))
    assert "链接已经失效" in open_link(new)[1].content.decode()
    for wrong in ("/admin/start/MQ/abc/", "/admin/start/!!/abc-def/", f"/admin/start/{user.pk}/{'x' * 500}/"):
        assert "链接已经失效" in open_link(f"http://alpha.console.localhost{wrong}")[1].content.decode()


def test_the_password_keeps_the_rules_and_nothing_is_lost(newcomer):
    user, link = newcomer
    answer = choose(link, password="abcdefghijk", accept=[RoleOffer.objects.get().pk])
    assert answer.status_code == 200 and "至少三种" in answer.content.decode()
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_who_gave_the_link_out_does_not_use_it_while_signed_in(newcomer, console):
    user, link = newcomer
    _client, shown = open_link(link, console("alpha_admin", "alpha"))
    assert shown.status_code == 409 and "由账号本人打开" in shown.content.decode()
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_only_the_site_that_opened_the_account_gives_out_a_new_link(newcomer, person, site, console):
    """Who gets a link can become that person: another site's administrator invites, and gets none."""
    user, _link = newcomer
    made = offer_role(user, "editor", tenant=site("beta"), acting_user=person("beta_admin"))
    with pytest.raises(Refused, match="只有开设账号的站点"):
        issue_link(user, on=site("beta"), acting_user=person("beta_admin"))
    beta = console("beta_admin", "beta")
    listed = beta.get("/admin/people/").content.decode()
    assert "xinren" in listed and "新人" not in listed and 'value="link"' not in listed
    assert "只有开设账号的站点" in beta.post("/admin/people/", {"act": "link", "offer": made.pk}).content.decode()


def test_no_link_for_an_account_that_has_begun(person, site):
    for who in ("alpha_admin", "operator"):
        with pytest.raises(Refused):
            issue_link(person("alpha_content"), on=site("alpha"), acting_user=person(who))


def test_nobody_chooses_a_password_for_somebody_else(person, db):
    for who in ("alpha_admin", "operator", "supervisor"):
        with pytest.raises(Refused, match="密码只由本人设定"):
            set_password(person("alpha_content"), OWN, acting_user=person(who))
        with pytest.raises(Refused, match=r"密码只由本人设定|只有站点管理员"):
            create_user("xinren", full_name="新人", password=OWN, acting_user=person(who))


# --- a reset of the password ------------------------------------------------------------------


def test_a_reviewer_s_password_is_reset_by_two_people(person, console, alpha):
    reviewer = _browser()
    _sign_in(reviewer, "alpha_content", PASSWORD)
    operator, supervisor = console("operator", "console"), console("supervisor", "console")
    address = f"/admin/people/{person('alpha_content').pk}/"
    assert "须由另一位运维人员或监管员确认" in operator.get(address).content.decode()
    operator.post(address, {"act": "password", "reason": "忘记密码，当面核实。"})
    reset = AccountReset.objects.get()
    assert (reset.what, reset.state) == ("password", "waiting")
    assert person("alpha_content").check_password(PASSWORD) and _is_in(reviewer), "nothing is changed by one person"
    again = operator.post(address, {"act": "password", "reason": "又来电话。"}).content.decode()
    assert "确认或驳回后，才能再申请" in again and "又来电话。" in again, "the way out is said, what was typed stays"
    assert "1 项账号重设等待第二人确认" in supervisor.get("/admin/").content.decode()
    assert "账号重设等待第二人确认" not in operator.get("/admin/").content.decode()
    assert operator.post("/admin/account-resets/", {"reset": reset.pk, "act": "confirm"}).status_code == 200
    assert AccountReset.objects.get().state == "waiting"
    shown = supervisor.post("/admin/account-resets/", {"reset": reset.pk, "act": "confirm"})
    link = link_in(shown.content.decode())
    assert not _is_in(reviewer), "all sessions have ended"
    assert "用户名或密码不正确" in _sign_in(_browser(), "alpha_content", PASSWORD).content.decode()
    assert choose(link).status_code == 302
    told = _browser()
    _sign_in(told, "alpha_content", OWN)
    page = told.get("/admin/").content.decode()
    assert "你的密码已由" in page and "申请" in page
    assert "1" in supervisor.get("/admin/").content.decode().partition("重设账号")[2][:40]
    acts = supervisor.get("/admin/identity-acts/").content.decode()
    assert "重设了" in acts and "忘记密码，当面核实。" in acts


def test_a_reset_password_leaves_the_second_factor(person):
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.create(user=person("alpha_content"), name="TOTP", confirmed=True)
    asked = {"what": "password", "reason": "忘记密码。", "acting_user": person("operator")}
    reset, link = request_reset(person("alpha_content"), **asked)
    assert link is None
    assert decide_reset(reset, confirm=True, acting_user=person("supervisor"))
    assert TOTPDevice.objects.filter(user=person("alpha_content")).exists()


def test_an_editor_s_password_is_reset_by_one_operator_and_it_is_told(person, console, db):
    operator = console("operator", "console")
    shown = operator.post(f"/admin/people/{person('alpha_editor').pk}/", {"act": "password", "reason": "忘记密码。"})
    link = link_in(shown.content.decode())
    assert AccountReset.objects.get().state == "done"
    choose(link)
    told = _browser()
    _sign_in(told, "alpha_editor", OWN)
    assert "你的密码已由" in told.get("/admin/").content.decode()


def test_who_is_offered_to_approve_is_reset_by_two_as_well(person, site, console, db):
    """Or an operator would reset an editor's password alone and accept the reviewer's role in that name."""
    revoked = person("outsider")
    offer_role(revoked, "content-reviewer", tenant=site("alpha"), acting_user=person("alpha_admin"))
    asked = {"what": "password", "reason": "忘记密码。", "acting_user": person("operator")}
    reset, link = request_reset(revoked, **asked)
    assert (reset.state, link) == ("waiting", None)
    decide_reset(reset, confirm=True, acting_user=person("supervisor"))
    shown = console("supervisor", "console").get("/admin/offers/").content.decode()
    assert "重设过密码" in shown, "who confirms the role sees that"


def test_what_cannot_be_reset_is_refused_with_its_reason(person, db):
    operator = person("operator")
    fresh = create_user("xinren", full_name="新人", password=None, acting_user=operator)
    with pytest.raises(Refused, match="还没有开始使用账号"):
        request_reset(fresh, what="password", reason="忘记。", acting_user=operator)
    with pytest.raises(Refused, match="自己的账号"):
        request_reset(operator, what="password", reason="忘记。", acting_user=operator)
    with pytest.raises(Refused, match="须写明理由"):
        request_reset(person("alpha_editor"), what="password", reason="", acting_user=operator)
    deactivate_user(person("alpha_editor2"), reason="离职", acting_user=operator)
    with pytest.raises(Refused, match="已停用"):
        request_reset(person("alpha_editor2"), what="password", reason="忘记。", acting_user=operator)


def test_the_verbs_give_links(own_database, verb):
    made = json.loads(verb("create_user", "xinren", "--full-name", "新人", "--link", "--json").stdout)
    assert "/admin/start/" in made["link"]
    again = json.loads(verb("sign_in_link", "xinren", "--site", "alpha", "--json").stdout)
    assert again["link"] != made["link"] and "alpha" in urlsplit(again["link"]).netloc
    assert "链接已经失效" in open_link(made["link"])[1].content.decode()
    assert choose(again["link"]).status_code == 302
    assert verb("sign_in_link", "xinren").returncode == 3
    asked = json.loads(
        verb("reset_password", "alpha_content", "--reason", "忘记密码。", "--as", "operator", "--json").stdout
    )
    assert asked["state"] == "waiting" and "link" not in asked
    number = str(asked["reset"])
    assert verb("reset_password", "--confirm", number, "--as", "operator").returncode == 3
    assert verb("reset_password", "--confirm", number).returncode == 2
    done = json.loads(verb("reset_password", "--confirm", number, "--as", "supervisor", "--json").stdout)
    assert done["state"] == "done" and choose(done["link"]).status_code == 302
    # Whoever holds the shell holds the machine: at once, and on record as that.
    shell = json.loads(verb("reset_password", "operator", "--reason", "只有一名运维。", "--json").stdout)
    assert shell["state"] == "done" and shell["link"]
    acts = json.loads(verb("identity_acts", "--from-shell", "--json").stdout)["acts"]
    assert "account.reset_confirmed" in [row["act"] for row in acts]


def test_old_acts_are_left_out(person, db):
    from govplatform.audit.queries import identity_acts

    create_user("xinren", full_name="新人", password=None, acting_user=None)
    assert identity_acts(since=timezone.now() - timedelta(days=1)).filter(object_title__contains="新人").exists()
    assert not identity_acts(since=timezone.now() + timedelta(days=1)).exists()
    assert not identity_acts().filter(act="account.sign_in").exists()
