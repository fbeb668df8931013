"""Every address of every console, asked for by people who must not get what lies behind it."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import console_client

from .addresses import Address, console_addresses
from .conftest import Planted, fingerprint

#: What a hostile form would send: every button of Wagtail's views at once.
FORM = {
    "title": "攻击", "slug": "attack", "source": "x", "action-publish": "1", "action-submit": "1", "confirm": "1",
    "new_title": "攻击", "new_slug": "attack-copy", "publish_copies": "1", "reason": "x", "comment": "x",
    "next": "/admin/", "include_descendants": "on", "q": "哨兵", "opinion": "同意", "verdict": "approve",
}  # fmt: skip
QUERIES = {"q": "哨兵", "search": "哨兵", "fields": "*", "id": "1", "page_type": "wagtailcore.page"}
#: Words that no person of alpha reads about beta, whatever their role.
BETA_PEOPLE = ["乙编辑", "乙内审", "乙密审", "乙管理", "乙审计"]
#: What was offered to the person, whoever has no role yet answers there; how their own session stands.
OWN = {"get /admin/own-offers/", "get /admin/session/"}


def body_of(response: Any) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode(errors="replace")
    return response.content.decode(errors="replace")


def walk(client: Client, host: str, addresses: list[Address], secrets: list[str]) -> tuple[list[str], list[str]]:
    """(addresses that answered 2xx, "address: secret" for every leak) over GET and POST."""
    opened, leaks = [], []
    client.raise_request_exception = False
    for address in addresses:
        for method, data in (("get", QUERIES), ("post", FORM)):
            # What no page has shown yet would grow with every refusal, and with it the cost of each request.
            client.cookies.pop("messages", None)
            response = getattr(client, method)(address.path, data, headers={"host": host})
            text = body_of(response)
            if response.status_code < 300 and f"{method} {address.path}" not in OWN:
                opened.append(f"{method} {address.path}")
            leaks += [f"{method} {address.path}: {word}" for word in secrets if word in text]
    return opened, leaks


def all_addresses(planted: Planted) -> list[Address]:
    seen = {}
    for values in planted.values:
        for address in console_addresses(values):
            seen.setdefault(address.path, address)
    return list(seen.values())


#: On beta none of alpha's people has a role, so the door answers all of them alike: one of them stands for the others.
_ALIKE = [pytest.param(who, marks=pytest.mark.soak) for who in ("alpha_content", "alpha_admin", "alpha_auditor")]


@pytest.mark.parametrize("who", ["alpha_editor", "operator", *_ALIKE])
def test_a_person_of_alpha_gets_nothing_from_beta_s_console(both, who):
    beta = both["beta"]
    client = console_client(who, "console" if who == "operator" else "alpha")
    before = fingerprint(beta.tenant.schema_name)
    opened, leaks = walk(client, "beta.console.localhost", all_addresses(beta), [*beta.secrets, *BETA_PEOPLE])
    assert not leaks, "\n".join(leaks)
    assert not opened, "\n".join(opened)
    assert fingerprint(beta.tenant.schema_name) == before


#: What an editor opens names the most things by their numbers; the others open fewer of the same addresses.
_FEWER = [pytest.param(who, marks=pytest.mark.soak) for who in ("alpha_content", "alpha_admin")]


@pytest.mark.parametrize("who", ["alpha_editor", *_FEWER])
def test_beta_s_ids_on_alpha_s_own_console_show_nothing_of_beta(both, who):
    beta = both["beta"]
    client = console_client(who, "alpha")
    before = fingerprint(beta.tenant.schema_name)
    _opened, leaks = walk(client, "alpha.console.localhost", all_addresses(beta), [*beta.secrets, *BETA_PEOPLE])
    assert not leaks, "\n".join(leaks)
    assert fingerprint(beta.tenant.schema_name) == before


@pytest.mark.parametrize("who", ["alpha_auditor", pytest.param("alpha_admin", marks=pytest.mark.soak)])
def test_no_draft_is_seen_by_those_who_may_not_read_drafts(both, who):
    alpha = both["alpha"]
    client = console_client(who, "alpha")
    _opened, leaks = walk(client, "alpha.console.localhost", all_addresses(alpha), alpha.secrets)
    if who == "alpha_auditor":
        # The record says on what an act was done, by its title; the auditor reads the record.
        titles = [word for word in alpha.secrets if word[2:] in ("草稿哨兵", "送审哨兵", "修改哨兵")]
        # the record, its newest lines on the start page, its table, and what it says of one document
        places = ["get /admin/audit/", "get /admin/", "post /admin/audit/export/"]
        places += [f"get /admin/documents-record/alpha/{values['page_id']}/" for values in alpha.values]
        leaks = [leak for leak in leaks if leak not in [f"{place}: {title}" for place in places for title in titles]]
    assert not leaks, "\n".join(leaks)


def test_a_person_without_a_role_gets_nothing_anywhere(both):
    alpha = both["alpha"]
    client = console_client("outsider", "alpha")
    opened, leaks = walk(client, "alpha.console.localhost", all_addresses(alpha), alpha.secrets)
    assert not leaks, "\n".join(leaks)
    assert not opened, "\n".join(opened)
