"""Every screen of every role, as the server writes it: Chinese, nothing of machines, no way that ends in a refusal.

What scripts write is read in the browser (tests/browser/test_every_screen.py).
"""

import re

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.console_addresses import ROLES_BY_NAME
from tests.cases.planted import console_places
from tests.conftest import console_client
from tests.console.latin import Shown, latin_words, machine_words
from tests.console.offered import closed_ways
from tests.isolation.addresses import console_addresses
from tests.isolation.conftest import plant
from tests.layers import layered

#: (who, where, role)
PEOPLE = (
    ("alpha_editor", "alpha", "editor"),
    ("alpha_clerk", "alpha", "clerk"),
    ("alpha_content", "alpha", "content-reviewer"),
    ("alpha_secret", "alpha", "confidentiality-reviewer"),
    ("alpha_admin", "alpha", "site-admin"),
    ("alpha_auditor", "alpha", "auditor"),
    ("operator", "console", "operator"),
    ("supervisor", "console", "supervisor"),
)
#: Titles and names that the tests themselves give, which end in the code of a site.
OF_THE_TESTS = re.compile(r"公开信息alpha|(?:alpha|beta)-closed")
#: Screens that say what is secret or foreign by nature, and why.
PASSED_OVER = {
    "second_factor_setup": "the secret that is typed into a telephone",
    "review_preview": "the public page itself",
    "library_rendered": "the public page itself",
    "wagtailadmin_pages:view_draft": "the public page itself",
    "wagtailadmin_pages:revisions_view": "the public page itself",
    "wagtailadmin_pages:preview_on_add": "the public page itself",
    "wagtailadmin_pages:preview_on_edit": "the public page itself",
    "review_sheet": "a paper that proves by digests",
}


@layered
def planted():
    connection.set_schema_to_public()
    values = plant(get_tenant("alpha")).values
    with tenant_context(get_tenant("alpha")):
        return values, console_places()


def screens(planted, role):
    """(name, path) of what the role may open, one of each for each set of ids; ``planted``: ids, and other places."""
    values, places = planted
    seen = {path: name for name, path in places if role in ROLES_BY_NAME[name]}
    for ids in values:
        for address in console_addresses(ids):
            if role in ROLES_BY_NAME.get(address.name, ()) and address.name not in PASSED_OVER:
                seen.setdefault(address.path, address.name)
    return [(name, path) for path, name in seen.items()]


@pytest.mark.parametrize(("who", "where", "role"), PEOPLE, ids=[role for _who, _where, role in PEOPLE])
def test_each_screen_speaks_chinese_and_offers_only_what_opens(planted, who, where, role):
    client = console_client(who, where)
    client.raise_request_exception = False
    wrong, closed, opened = {}, {}, []
    for name, path in screens(planted, role):
        client.cookies.pop("messages", None)
        response = client.get(path, headers={"host": f"{where}.console.localhost"})
        if response.streaming or response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
            continue
        opened.append(name)
        html = response.content.decode()
        if ways := closed_ways(html, role):
            closed[path] = ways
        shown = Shown(OF_THE_TESTS.sub(" ", html))
        if words := latin_words(shown.parts) + machine_words([*shown.parts, *shown.codes]):
            wrong[path] = words
    assert len(opened) >= 5, "the walk finds its screens"
    if role in ("editor", "clerk"):
        assert {name for name, _path in planted[1] if role in ROLES_BY_NAME[name]} <= set(opened)
    assert wrong == {}
    assert closed == {}
