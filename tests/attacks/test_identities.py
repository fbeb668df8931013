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
from tests.conftest import console_client

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
