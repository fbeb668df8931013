"""Every lock is taken in one place, and the paper on it says what the code does."""

import re
from pathlib import Path

import pytest

from govplatform.locks.order import ORDER

from .test_house_rules import ROOT, python_files

pytestmark = pytest.mark.unit

_LOCKING = re.compile(
    r"select_for_update|pg_advisory_(?:xact_)?lock\b|\bFOR (?:NO KEY )?UPDATE\b|\bFOR (?:KEY )?SHARE\b"
)
#: Statements that take a lock with much else in one round trip, or a lock that no act of a site takes.
ALLOWED = {
    "platform/govplatform/locks/holding.py",
    # the roles that a decision rests on, read and held in one statement
    "platform/govplatform/accounts/acting.py",
    # a column and all that a pushed draft needs to know of its site, a thousand times over
    "sites/reposts/pushed.py",
    # one by one: opening sites, merges into one site, initialising the platform, loading the demo
    "platform/govplatform/tenancy/provisioning.py",
    "platform/govplatform/lifecycle/actions.py",
    "platform/govplatform/lifecycle/merge/carrying/running.py",
    "sites/demo/loading.py",
}


def test_locks_are_taken_in_one_place():
    found = {
        str(path.relative_to(ROOT))
        for path in python_files()
        if "migrations" not in path.parts and _LOCKING.search(path.read_text())
    }
    assert found <= ALLOWED, found - ALLOWED
    assert found >= ALLOWED, f"no longer needed: {ALLOWED - found}"


def test_the_decision_record_tells_the_order():
    text = Path(ROOT, "deploy/decisions/018-one-lock-order.md").read_text()
    told = re.findall(r"^\| (\d+) \| ([^|]+?) \|", text, re.MULTILINE)
    assert [name for _number, name in told] == [rank.name for rank in ORDER]
