"""Nobody becomes a reviewer by one person's word, and nobody holds a role without having said yes."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from govplatform.accounts.actions import create_user, deactivate_user, grant_role, revoke_role
from govplatform.accounts.models import Membership, RoleOffer
from govplatform.accounts.offers.actions import (
    accept_offer,
    confirm_offer,
    decline_offer,
    offer_role,
    refuse_offer,
    withdraw_offer,
)
from govplatform.accounts.offers.rules import offers_to, offers_to_confirm
from govplatform.accounts.roles import ROLES
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from tests.cast import PASSWORD


@pytest.fixture
def offer(person: Any, site: Any) -> Any:
    """``offer("content-reviewer")``: alpha's administrator offers it to somebody who has no role anywhere."""

    def make(role: str = "content-reviewer", to: str = "outsider", by: str = "alpha_admin", on: str = "alpha") -> Any:
        return offer_role(person(to), role, tenant=site(on), acting_user=person(by))

    return make


def roles_of(username: str) -> set[str]:
    return set(Membership.objects.filter(user__username=username).values_list("role", flat=True))


# --- three words ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["content-reviewer", "confidentiality-reviewer", "site-admin"])
def test_a_role_that_approves_or_decides_who_approves_takes_three_people(offer, person, role):
    made = offer(role)
    assert roles_of("outsider") == set()
    accept_offer(made, acting_user=person("outsider"))
    assert roles_of("outsider") == set(), "the person's own yes is not enough"
    done = confirm_offer(made, acting_user=person("supervisor"))
    assert roles_of("outsider") == {role} and done.state == "done"
    membership = Membership.objects.get(user__username="outsider")
    assert membership.granted_by == person("alpha_admin")
    granted = Entry.objects.get(act="role.grant", object_title=person("outsider").signed_name)
    assert granted.detail["confirmed_by"] == person("supervisor").signed_name and granted.chain == "site_alpha"


def test_confirmed_first_it_waits_for_the_person(offer, person):
    made = offer()
    confirm_offer(made, acting_user=person("supervisor"))
    assert roles_of("outsider") == set()
    accept_offer(made, acting_user=person("outsider"))
    assert roles_of("outsider") == {"content-reviewer"}


def test_an_editor_accepts_and_that_is_enough(offer, person):
    made = offer("editor")
    with pytest.raises(Refused, match="不需要第二人确认"):
        confirm_offer(made, acting_user=person("supervisor"))
    accept_offer(made, acting_user=person("outsider"))
    assert roles_of("outsider") == {"editor"}


@pytest.mark.parametrize("who", ["alpha_admin", "operator", "alpha_auditor", "beta_admin", "alpha_content", "outsider"])
def test_nobody_else_is_the_second_person(offer, person, who):
    with pytest.raises(Refused):
        confirm_offer(offer(), acting_user=person(who))
    assert not RoleOffer.objects.get().confirmed_by_id


def test_the_portal_above_confirms_for_the_sites_below(offer, person, site):
    beta = site("beta")
    beta.parent = site("alpha")
    beta.save()
    made = offer(by="beta_admin", on="beta")
    assert list(offers_to_confirm(person("alpha_admin"))) == [made]
    confirm_offer(RoleOffer.objects.get(), acting_user=person("alpha_admin"))
    own = offer("site-admin")
    assert list(offers_to_confirm(person("alpha_admin"))) == []
    with pytest.raises(Refused, match="须由监管员确认"):
        confirm_offer(own, acting_user=person("beta_admin"))


def test_the_console_s_own_roles_are_confirmed_by_another_operator_or_a_supervisor(offer, person, site):
    second = create_user("operator2", full_name="运维乙", password=PASSWORD, acting_user=None)
    grant_role(second, "operator", tenant=site("console"), acting_user=None)
    made = offer("supervisor", by="operator", on="console")
    with pytest.raises(Refused, match="邀请人不能自己确认"):
        confirm_offer(made, acting_user=person("operator"))
    confirm_offer(made, acting_user=second)
    accept_offer(made, acting_user=person("outsider"))
    assert roles_of("outsider") == {"supervisor"}


def test_who_offers_does_not_confirm_and_nobody_confirms_for_themselves(offer, person, site):
    grant_role(person("supervisor"), "operator", tenant=site("console"), acting_user=None)
    made = offer(by="supervisor")
    with pytest.raises(Refused, match="邀请人不能自己确认"):
        confirm_offer(made, acting_user=person("supervisor"))
    mine = offer(to="supervisor")
    with pytest.raises(Refused, match="不能确认自己的任职"):
        confirm_offer(mine, acting_user=person("supervisor"))


def test_the_database_wants_different_people_as_well(offer, person):
    made = offer()
    for who in ("alpha_admin", "outsider"):
        with pytest.raises(IntegrityError, match="different_people"), transaction.atomic():
            RoleOffer.objects.filter(pk=made.pk).update(confirmed_by=person(who))
    with pytest.raises(IntegrityError, match="different_people"), transaction.atomic():
        RoleOffer.objects.filter(pk=made.pk).update(offered_by=person("outsider"))


def test_only_the_person_accepts_or_declines(offer, person):
    made = offer()
    for who in ("alpha_admin", "operator", "supervisor"):
        with pytest.raises(Refused, match="只能由本人"):
            accept_offer(made, acting_user=person(who))
        with pytest.raises(Refused, match="只能由本人"):
            decline_offer(made, acting_user=person(who))


# --- ends -------------------------------------------------------------------------------------


def test_an_offer_that_ended_is_answered_by_nobody(offer, person):
    supervisor, outsider, admin = person("supervisor"), person("outsider"), person("alpha_admin")
    ends = [
        (lambda made: refuse_offer(made, reason="查无此人。", acting_user=supervisor), "未予确认"),
        (lambda made: decline_offer(made, acting_user=outsider), "本人谢绝"),
        (lambda made: withdraw_offer(made, acting_user=admin), "已撤回"),
    ]
    for end, said in ends:
        made = offer()
        end(made)
        for answer in (
            lambda made=made: accept_offer(made, acting_user=outsider),
            lambda made=made: confirm_offer(made, acting_user=supervisor),
            lambda made=made: withdraw_offer(made, acting_user=admin),
        ):
            with pytest.raises(Refused, match=said):
                answer()
    assert roles_of("outsider") == set()


def test_a_refusal_says_why(offer, person):
    with pytest.raises(Refused, match="须写明理由"):
        refuse_offer(offer(), reason=" ", acting_user=person("supervisor"))


def test_an_old_offer_has_lapsed_and_a_new_one_takes_its_place(offer, person):
    old = offer()
    RoleOffer.objects.update(offered_at=old.offered_at - timedelta(days=31))
    with pytest.raises(Refused, match="已经过期"):
        accept_offer(old, acting_user=person("outsider"))
    assert not offers_to(person("outsider")).exists()
    new = offer()
    assert [o.state for o in RoleOffer.objects.order_by("pk")] == ["expired", "waiting"]
    with pytest.raises(Refused, match="已在等待"):
        offer()
    assert list(offers_to(person("outsider"))) == [new]


def test_what_changed_since_the_offer_is_asked_again(offer, person, site):
    made, second = offer(), offer("confidentiality-reviewer")
    for each in (made, second):
        confirm_offer(each, acting_user=person("supervisor"))
    grant_role(person("outsider"), "editor", tenant=site("alpha"), acting_user=None)
    with pytest.raises(Refused, match="须由不同的人担任"):
        accept_offer(made, acting_user=person("outsider"))
    revoke_role(person("outsider"), "editor", tenant=site("alpha"), acting_user=None)
    revoke_role(person("alpha_admin"), "site-admin", tenant=site("alpha"), acting_user=None)
    with pytest.raises(Refused, match="已不再管理"):
        accept_offer(made, acting_user=person("outsider"))
    deactivate_user(person("outsider"), reason="离职", acting_user=None)
    assert roles_of("outsider") == set()


def test_what_is_held_is_not_offered_again(offer):
    with pytest.raises(Refused, match="不必再邀请"):
        offer("editor", to="alpha_editor")


def test_people_give_no_role_at_once(person, site):
    """The attack: an administrator makes three people and clears a page alone."""
    for role in ROLES:
        with pytest.raises(Refused, match="请邀请本人任职"):
            grant_role(person("outsider"), role, tenant=site("alpha"), acting_user=person("alpha_admin"))
    assert roles_of("outsider") == set()


# --- in the console and from the shell --------------------------------------------------------


def test_an_invitation_is_answered_in_the_console(alpha, console, person, site):
    admin = console("alpha_admin", "alpha")
    sent = {"join": "1", "join-username": "beta_editor", "join-role": "content-reviewer"}
    shown = admin.post("/admin/people/new/", sent, follow=True).content.decode()
    assert "已邀请 beta_editor" in shown and "乙编辑" not in shown, "the full name is the person's to give"
    made = RoleOffer.objects.get()
    invited = console("beta_editor", "beta")
    assert "1 项给你的任职邀请" in invited.get("/admin/").content.decode()
    page = invited.get("/admin/own-offers/").content.decode()
    assert site("alpha").full_name in page and "内容审核" in page
    done = invited.post("/admin/own-offers/", {"offer": made.pk, "act": "accept"}, follow=True).content.decode()
    assert "第二人确认后生效" in done
    supervisor = console("supervisor", "console")
    assert "1 项任职等待第二人确认" in supervisor.get("/admin/").content.decode()
    assert "乙编辑" in supervisor.get("/admin/offers/").content.decode()
    nothing = supervisor.post("/admin/offers/", {"offer": made.pk, "act": "refuse", "reason": ""}).content.decode()
    assert "须写明理由" in nothing
    said = supervisor.post("/admin/offers/", {"offer": made.pk, "act": "confirm"}, follow=True).content.decode()
    assert "任“内容审核”" in said
    assert Membership.objects.filter(user=person("beta_editor"), tenant=alpha, role="content-reviewer").exists()
    assert "乙编辑" in admin.get("/admin/people/").content.decode()


def test_a_refusal_without_a_reason_is_asked_for_it_where_it_is_missing(offer, person, console):
    made = offer("content-reviewer")
    supervisor = console("supervisor", "console")
    assert "<details>" in supervisor.get("/admin/offers/").content.decode()
    answer = supervisor.post("/admin/offers/", {"act": "refuse", "offer": made.pk}).content.decode()
    assert "<details open>" in answer and "须写明理由" in answer and "console/refused.js" in answer


def test_an_offer_is_withdrawn_by_the_site_and_nobody_else_s_is_found(alpha, console, offer, person):
    made = offer()
    assert (
        console("beta_admin", "beta").post("/admin/people/", {"act": "withdraw", "offer": made.pk}).status_code == 404
    )
    assert console("alpha_editor", "alpha").post("/admin/people/", {"offer": made.pk}).status_code == 403
    stranger = console("beta_editor", "beta")
    assert stranger.post("/admin/own-offers/", {"offer": made.pk, "act": "accept"}).status_code == 404
    # A site administrator without sites below has nothing to confirm.
    assert (
        console("alpha_admin", "alpha").post("/admin/offers/", {"offer": made.pk, "act": "confirm"}).status_code == 404
    )
    admin = console("alpha_admin", "alpha")
    assert "第二人确认" in admin.get("/admin/people/").content.decode()
    admin.post("/admin/people/", {"act": "withdraw", "offer": made.pk})
    assert RoleOffer.objects.get().state == "withdrawn"


def test_whoever_has_no_role_yet_answers_on_the_way_in(alpha, console, offer):
    offer("editor")
    client = console("outsider", "alpha")
    told = client.get("/admin/login/").content.decode()
    assert "给你的任职邀请" in told and 'value="accept"' in told
    made = RoleOffer.objects.get()
    assert client.post("/admin/own-offers/", {"offer": made.pk, "act": "accept"}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_the_verbs_offer_and_answer(own_database, verb):
    granted = verb("grant_role", "outsider", "content-reviewer", "--site", "alpha", "--as", "alpha_admin", "--json")
    told = json.loads(granted.stdout)
    assert told["roles"] == []
    number = str(told["offer"])
    waiting = json.loads(verb("role_offers", "--site", "alpha", "--json").stdout)["offers"]
    assert [row["user"] for row in waiting] == ["outsider"]
    assert verb("role_offers", "--confirm", number, "--as", "alpha_admin").returncode == 3
    assert verb("role_offers", "--confirm", number, "--as", "supervisor").returncode == 0
    done = verb("role_offers", "--accept", number, "--as", "outsider", "--json")
    assert json.loads(done.stdout)["state"] == "done"
    assert verb("role_offers", "--accept", "999", "--as", "outsider").returncode == 3
    assert verb("role_offers", "--accept", number).returncode == 2
    at_once = verb("grant_role", "outsider", "editor", "--site", "beta", "--json")
    assert json.loads(at_once.stdout)["roles"] == ["editor"]
    acts = json.loads(verb("identity_acts", "--from-shell", "--json").stdout)["acts"]
    assert acts[0]["act"] == "role.grant" and acts[0]["site"] == "beta" and acts[0]["by"].startswith("shell:")
