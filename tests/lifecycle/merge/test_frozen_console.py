"""Every address of a frozen site's console, asked for and posted to by each of its people."""

import pytest

from govplatform.console.admission import open_names, roles_by_name
from govplatform.tenancy.database_roles import WRITTEN_WHILE_READING
from tests.conftest import console_client
from tests.isolation.conftest import both, fingerprint
from tests.isolation.test_console_walk import FORM, all_addresses

from .frozen import freeze

__all__ = ["both"]


ROLES = {
    "beta_editor": "editor", "beta_content": "content-reviewer", "beta_secret": "confidentiality-reviewer",
    "beta_admin": "site-admin", "beta_auditor": "auditor",
}  # fmt: skip


@pytest.mark.parametrize("who", ROLES)
def test_it_is_read_everywhere_and_written_nowhere(both, who):
    beta = both["beta"]
    client = console_client(who, "beta")
    client.raise_request_exception = False
    addresses = [one for one in all_addresses(beta) if "logout" not in one.path and _has_a_door(one, ROLES[who])]
    assert len(addresses) > 5, "the walk finds its screens"
    read = {one.path: client.get(one.path, {"q": "x"}).status_code for one in addresses}
    freeze()
    before = content(beta.tenant.schema_name)
    broken, closed = [], []
    for one in addresses:
        client.cookies.pop("messages", None)
        status = client.get(one.path, {"q": "x"}).status_code
        if status >= 500 or (status == 409 and read[one.path] != 409):
            broken.append(f"get {one.path}: {status}")
        if read[one.path] < 300 and status >= 300:
            closed.append(f"get {one.path}: {status}")
        client.cookies.pop("messages", None)
        status = client.post(one.path, FORM).status_code
        if status >= 500:
            broken.append(f"post {one.path}: {status}")
    assert not broken, "\n".join(broken)
    assert not closed, "\n".join(closed)
    assert content(beta.tenant.schema_name) == before


def _has_a_door(address, role):
    """Whether the sheet opens an address to ``role``, or to everybody.

    The others are closed in front of every view, frozen or not (tests/isolation, tests/rights): nobody knocks there.
    """
    return role in roles_by_name().get(address.name, ()) or address.name in open_names()


def content(schema):
    return {table: rows for table, rows in fingerprint(schema).items() if table not in WRITTEN_WHILE_READING}
