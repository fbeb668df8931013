"""Somebody who controls accounts tries to approve alone: in another's name, with a link, or from the shell."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from govplatform.accounts.actions import create_user, deactivate_user, grant_role, revoke_role
from govplatform.accounts.credentials.resets import decide_reset, request_reset
from govplatform.accounts.credentials.sign_in_links import begin_account, issue_link
from govplatform.accounts.models import AccountReset, Membership, RoleOffer, User
from govplatform.accounts.offers.actions import accept_offer, confirm_offer, offer_role
from govplatform.accounts.offers.rules import offers_to
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests.cast import PASSWORD
from tests.conftest import console_client
from tests.factories import draft_article, submit

from .conftest import refused

OWN = "My-own-words-2"


def token_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[-1]


@pytest.fixture
def offer(person: Any, site: Any) -> Any:
    def make(role: str = "content-reviewer", to: str = "outsider", by: str = "alpha_admin", on: str = "alpha") -> Any:
        return offer_role(person(to), role, tenant=site(on), acting_user=person(by))

    return make


def roles_of(username: str) -> set[str]:
    return set(Membership.objects.filter(user__username=username).values_list("role", flat=True))


# --- the shell in somebody's name -------------------------------------------------------------


def test_three_words_that_all_came_from_the_shell_are_seen_as_that(own_database, verb):
    """Or whoever holds the shell speaks for all three, and no supervisor is told."""
    made = json.loads(
        verb("grant_role", "outsider", "content-reviewer", "--site", "alpha", "--as", "alpha_admin", "--json").stdout
    )
    number = str(made["offer"])
    assert verb("role_offers", "--confirm", number, "--as", "supervisor").returncode == 0
    assert verb("role_offers", "--accept", number, "--as", "outsider").returncode == 0
    assert roles_of("outsider") == {"content-reviewer"}
    acts = json.loads(verb("identity_acts", "--from-shell", "--json").stdout)["acts"]
    assert {"role.offer_confirmed", "role.grant"} <= {row["act"] for row in acts}
    assert all(row["shell"] for row in acts if row["act"] in {"role.offer_confirmed", "role.grant"})
    page = console_client("supervisor", "console").get("/admin/identity-acts/").content.decode()
    assert f"在{get_tenant('alpha').full_name}担任" in page, "sites are called by name"


def test_a_reset_by_two_names_from_the_shell_is_seen_as_that(own_database, verb):
    asked = verb("reset_password", "alpha_content", "--reason", "忘记。", "--as", "operator", "--json")
    number = str(json.loads(asked.stdout)["reset"])
    assert verb("reset_password", "--confirm", number, "--as", "supervisor").returncode == 0
    acts = json.loads(verb("identity_acts", "--from-shell", "--json").stdout)["acts"]
    assert {"account.reset_request", "account.reset_confirmed"} <= {row["act"] for row in acts}
    supervisor = console_client("supervisor", "console")
    assert "服务器命令" in supervisor.get("/admin/identity-acts/?from=shell").content.decode()
    assert "忘记。" in supervisor.get("/admin/identity-acts/?from=shell").content.decode()
    told = supervisor.get("/admin/").content.decode().partition("服务器命令办理")[2]
    assert told.startswith('</dt><dd class="bad">2<'), told[:60]


def test_what_is_done_in_the_console_is_not_the_shell_s(offer, person):
    from govplatform.audit.queries import identity_acts

    made = offer()
    confirm_offer(made, acting_user=person("supervisor"))
    accept_offer(made, acting_user=person("outsider"))
    assert (
        not identity_acts(from_shell=True)
        .filter(act__in=["role.grant", "role.offer_confirmed"])
        .filter(object_id=str(person("outsider").pk))
        .filter(detail__offer=made.pk)
        .exists()
    )


# --- links ------------------------------------------------------------------------------------


def test_one_operator_gets_no_link_of_a_reviewer_whose_password_two_have_reset(person, site):
    """A reviewer who has not signed in since looks like an account that has not begun."""
    assert person("alpha_content").last_login is None
    reset, _none = request_reset(
        person("alpha_content"), what="password", reason="忘记密码。", acting_user=person("operator")
    )
    decide_reset(reset, confirm=True, acting_user=person("supervisor"))
    with refused("第二人"):
        issue_link(person("alpha_content"), on=site("console"), acting_user=person("operator"))


def test_a_lost_link_of_a_reset_is_given_again_by_two(person):
    """The way out that the refusal names."""
    for _time in range(2):
        reset, _none = request_reset(
            person("alpha_content"), what="password", reason="链接丢失。", acting_user=person("operator")
        )
        link = decide_reset(reset, confirm=True, acting_user=person("supervisor"))
    owner = person("alpha_content")
    begin_account(owner, token_of(str(link)), password=OWN, accept=(), acting_user=owner)
    assert person("alpha_content").check_password(OWN)


def test_one_operator_gets_no_link_of_a_reviewer_whom_the_shell_made(person, site):
    made = create_user("xinren", full_name="新人", password=None, acting_user=None)
    grant_role(made, "content-reviewer", tenant=site("alpha"), acting_user=None)
    with refused("第二人"):
        issue_link(made, on=site("console"), acting_user=person("operator"))
    assert issue_link(made, on=site("console"), acting_user=None), "the shell may, on record as that"


def test_nobody_takes_over_what_was_confirmed_for_somebody_else_s_link(person, site, alpha):
    """alpha opened the account; beta's offer is confirmed; a new link would make alpha's administrator the reviewer."""
    made = create_user("xinren", full_name="新人", password=None, acting_user=person("alpha_admin"))
    offered = offer_role(made, "content-reviewer", tenant=site("beta"), acting_user=person("beta_admin"))
    assert issue_link(made, on=alpha, acting_user=person("alpha_admin")), "nobody has confirmed anything yet"
    confirm_offer(offered, acting_user=person("supervisor"))
    for who in ("alpha_admin", "operator"):
        with refused("第二人"):
            issue_link(made, on=alpha, acting_user=person(who))


def test_a_link_alone_accepts_nothing_for_somebody_with_a_phone(person, site, offer):
    """One operator resets an editor's password; without the phone that is no yes of the person."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    owner = person("outsider")
    TOTPDevice.objects.create(user=owner, name="TOTP", confirmed=True)
    _reset, link = request_reset(owner, what="password", reason="忘记。", acting_user=person("operator"))
    made = offer("editor")
    with refused("登录后"):
        begin_account(person("outsider"), token_of(str(link)), password=OWN, accept=[made], acting_user=owner)
    assert roles_of("outsider") == set()
    path = "/" + str(link).split("/", 3)[3]
    shown = Client(HTTP_HOST="console.localhost").get(path, follow=True).content.decode()
    assert 'name="accept"' not in shown


def test_the_token_is_in_no_log(person, site, console, caplog):
    made = create_user("xinren", full_name="新人", password=None, acting_user=None)
    link = issue_link(made, on=site("alpha"), acting_user=None)
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        answer = console("alpha_admin", "alpha").get("/" + link.split("/", 3)[3])
    assert answer.status_code == 409
    assert token_of(link) not in caplog.text


# --- whose word it was ------------------------------------------------------------------------


def test_a_confirmation_does_not_outlive_the_right_of_who_gave_it(offer, person):
    made = offer()
    confirm_offer(made, acting_user=person("supervisor"))
    deactivate_user(person("supervisor"), reason="账号被冒用", acting_user=person("operator"))
    with refused("确认人"):
        accept_offer(made, acting_user=person("outsider"))
    assert roles_of("outsider") == set()


def test_a_request_for_a_reset_does_not_outlive_the_right_of_who_made_it(person, site):
    reset, _none = request_reset(
        person("alpha_content"), what="password", reason="忘记。", acting_user=person("operator")
    )
    revoke_role(person("operator"), "operator", tenant=site("console"), acting_user=None)
    with refused("申请人"):
        decide_reset(reset, confirm=True, acting_user=person("supervisor"))
    decide_reset(reset, confirm=False, acting_user=person("supervisor"))
    assert AccountReset.objects.get().state == "refused"


def test_a_role_that_was_taken_away_does_not_come_back_by_an_old_offer(offer, person, site):
    made = offer()
    confirm_offer(made, acting_user=person("supervisor"))
    grant_role(person("outsider"), "content-reviewer", tenant=site("alpha"), acting_user=None)
    with pytest.raises(Refused, match="已经办结"):
        accept_offer(made, acting_user=person("outsider"))
    revoke_role(person("outsider"), "content-reviewer", tenant=site("alpha"), acting_user=person("alpha_admin"))
    assert not offers_to(person("outsider")).exists()
    with pytest.raises(Refused, match="已经办结"):
        accept_offer(made, acting_user=person("outsider"))
    assert RoleOffer.objects.get().state == "done" and roles_of("outsider") == set()


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Alpha_Content",
        "ＡLPHA_content",  # full width: it becomes A when the account is stored
        "аlpha_content",  # the first letter is Cyrillic
        "alpha_cοntent",  # a Greek omicron
        "ａlpha_content",
    ],
)
def test_no_second_account_goes_by_a_name_that_reads_the_same(person, name):
    before = User.objects.count()
    with pytest.raises(Refused, match="用户名"):
        create_user(name, full_name="某人", password=None, acting_user=person("alpha_admin"))
    assert User.objects.count() == before


@pytest.mark.parametrize("name", ["wang.wei", "王伟", "wang-wei_2@dept+1"])
def test_ordinary_names_are_accepted(person, name):
    assert create_user(name, full_name="王伟", password=None, acting_user=person("alpha_admin")).username == name


@pytest.mark.parametrize("full_name", ["\u200b", "甲内\u200b审", "\u202e审内甲", "甲内\u2028审"])
def test_a_full_name_hides_nothing(person, full_name):
    with pytest.raises(Refused, match="姓名"):
        create_user("xinren", full_name=full_name, password=None, acting_user=person("alpha_admin"))


# --- what an invitation tells, and what a password alone opens --------------------------------


def test_an_invitation_gives_away_no_full_name_by_way_of_the_link(console, person):
    """The full name is the person's to give, with the yes."""
    admin = console("alpha_admin", "alpha")
    admin.post("/admin/people/new/", {"join": "1", "join-username": "beta_editor", "join-role": "editor"})
    number = RoleOffer.objects.get().pk
    pages = [
        admin.post("/admin/people/", {"act": "link", "offer": number}),
        admin.post(
            "/admin/people/new/", {"join": "1", "join-username": "beta_editor", "join-role": "editor"}, follow=True
        ),
        admin.post("/admin/people/", {"act": "withdraw", "offer": number}, follow=True),
    ]
    assert "beta_editor" in pages[0].content.decode()
    for page in pages:
        assert "乙编辑" not in page.content.decode()


def test_nor_does_a_form_that_asks_for_a_colleague(alpha, console, person):
    """Whoever sends a user name that was not offered learns neither whose it is nor whether there is one."""
    page = draft_article()
    answers = []
    for name in ("beta_content", "nobody-at-all"):
        asked = {"content": name, "confidentiality": name, "reason": "防汛。"}
        answers.append(console("alpha_editor", "alpha").post(f"/admin/review/{page.pk}/emergency/", asked))
    submit(page)
    line = {"site": "alpha", "page": page.pk}
    for name in ("beta_content", "nobody-at-all"):
        answers.append(console("alpha_content", "alpha").post("/admin/review/hand-over/", {**line, "to": name}))
    for answer in answers:
        html = answer.content.decode()
        assert "请从列表里选择" in html and "乙内审" not in html and "没有用户名" not in html


def test_a_password_alone_neither_answers_offers_nor_changes_the_password(console, person, offer):
    from django_otp.plugins.otp_totp.models import TOTPDevice

    half = console("outsider", "alpha")
    TOTPDevice.objects.create(user=person("outsider"), name="TOTP", confirmed=True)
    made = offer("editor")
    answers = [
        half.post("/admin/own-offers/", {"offer": made.pk, "act": "accept"}),
        half.post("/admin/new-password/", {"old_password": PASSWORD, "new_password1": OWN, "new_password2": OWN}),
    ]
    for answer in answers:
        assert answer.status_code == 302 and "/second-factor/" in answer.headers["Location"]
    assert roles_of("outsider") == set() and person("outsider").check_password(PASSWORD)


def test_an_answer_that_names_no_act_decides_nothing(console, offer, person):
    """A form that a program or a reading device sends without its button."""
    made = offer()
    assert console("outsider", "alpha").post("/admin/own-offers/", {"offer": made.pk}).status_code == 404
    assert console("alpha_admin", "alpha").post("/admin/people/", {"offer": made.pk}).status_code == 404
    said = {"offer": made.pk, "reason": "不明"}
    assert console("supervisor", "console").post("/admin/offers/", said).status_code == 404
    reset, _none = request_reset(
        person("alpha_content"), what="password", reason="忘记。", acting_user=person("operator")
    )
    assert console("supervisor", "console").post("/admin/account-resets/", {"reset": reset.pk}).status_code == 404
    assert RoleOffer.objects.get().state == "waiting" and AccountReset.objects.get().state == "waiting"


@pytest.mark.parametrize(
    "address",
    [
        "password_reset/",
        "password_reset/done/",
        "password_reset/confirm/MQ/set-password/",
        "users/",
        "users/1/",
        "groups/",
    ],
)
def test_the_ways_of_wagtail_to_accounts_are_closed(console, address):
    for who, where in (("alpha_admin", "alpha"), ("operator", "console")):
        assert console(who, where).get(f"/admin/{address}").status_code in (403, 404)
