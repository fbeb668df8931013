"""A membership that was written past the product is named, whoever the row says gave it."""

import json
from typing import Any

import pytest

from govplatform.accounts.actions import grant_role, revoke_role
from govplatform.accounts.identity_faults import find_identity_faults
from govplatform.accounts.models import Membership, RoleOffer
from govplatform.accounts.offers.actions import accept_offer, confirm_offer, offer_role

from .conftest import execute


@pytest.fixture
def problems(db: None) -> Any:
    """``problems("outsider")``: what is said of that person; the cast of the tests has no record."""

    def find(username: str) -> list[str]:
        return [fault["problem"] for fault in find_identity_faults()[1] if fault["user"] == username]

    return find


def forge(person: Any, site: Any, granted_by: Any = None, role: str = "content-reviewer") -> None:
    execute(
        "INSERT INTO public.accounts_membership (user_id, tenant_id, role, granted_by_id, granted_at)"
        " VALUES (%s, %s, %s, %s, now())",
        [person.pk, site.pk, role, granted_by.pk if granted_by else None],
    )


@pytest.mark.parametrize("by", [None, "alpha_admin"])
def test_a_reviewer_by_raw_sql_is_named(person, site, problems, by):
    forge(person("outsider"), site("alpha"), person(by) if by else None)
    assert problems("outsider") == ["任职没有授予记录"]


def test_a_role_that_was_taken_away_and_put_back_is_named(person, site, problems):
    grant_role(person("outsider"), "content-reviewer", tenant=site("alpha"), acting_user=None)
    assert problems("outsider") == []
    revoke_role(person("outsider"), "content-reviewer", tenant=site("alpha"), acting_user=person("alpha_admin"))
    forge(person("outsider"), site("alpha"))
    assert problems("outsider") == ["任职没有授予记录"]


def test_an_offer_that_was_finished_by_raw_sql_is_named(person, site, problems):
    outsider, alpha = person("outsider"), site("alpha")
    made = offer_role(outsider, "content-reviewer", tenant=alpha, acting_user=person("alpha_admin"))
    RoleOffer.objects.filter(pk=made.pk).update(confirmed_by=person("supervisor"))
    accept_offer(made, acting_user=outsider)
    assert Membership.objects.filter(user=outsider, role="content-reviewer").exists()
    assert problems("outsider") == ["没有第二人确认的记录"]


def test_an_offer_whose_role_was_changed_under_way_is_named(person, site, problems):
    outsider, alpha = person("outsider"), site("alpha")
    made = offer_role(outsider, "editor", tenant=alpha, acting_user=person("alpha_admin"))
    RoleOffer.objects.filter(pk=made.pk).update(role="content-reviewer")
    confirm_offer(made, acting_user=person("supervisor"))
    accept_offer(made, acting_user=outsider)
    assert problems("outsider") == [], "what was confirmed and accepted is what the two saw"
    Membership.objects.filter(user=outsider).update(role="confidentiality-reviewer")
    assert problems("outsider") == ["任职没有授予记录"]


def test_three_words_in_the_record_explain_a_reviewer(person, site, problems):
    made = offer_role(person("outsider"), "site-admin", tenant=site("alpha"), acting_user=person("operator"))
    accept_offer(made, acting_user=person("outsider"))
    confirm_offer(made, acting_user=person("supervisor"))
    assert Membership.objects.filter(user=person("outsider"), role="site-admin").exists()
    assert problems("outsider") == []


def test_the_verb_names_who_is_not_explained(own_database, verb):
    done = verb("verify_identities", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["checked"] == len(told["faults"]) > 0, "the cast of the tests was written past the product"
