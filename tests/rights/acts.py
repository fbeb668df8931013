"""Every function of the platform that acts in somebody's name, and how a test has it act.

``find_acts`` reads the code; the modules ``acts_of_*.py`` say of each how it is called and who may, or why it asks
for no right of its own (``exceptions.py``). A new one that is in neither fails the test.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from govplatform.accounts.models import Membership, User

ROOT = Path(__file__).resolve().parents[2]
#: Source root -> what its modules' names begin with.
SOURCES = {"platform": "", "content_library": "content_library.", "sites": "sites.", "search": "search."}
#: Does the act for this person.
Doing = Callable[[User], Any]


@dataclass(frozen=True)
class Act:
    """``may``: user name of somebody who may do it; ``prepare``: makes what it is done to, and returns the doing.

    ``rests_on_role`` False: it is the person's own affair (their absence, their claim), whatever roles they hold, or it
    keeps nothing that a role which goes meanwhile would have to take back (a trial).
    """

    name: str
    may: str
    prepare: Callable[[], Doing]
    rests_on_role: bool = True


ACTS: dict[str, Act] = {}


def act(name: str, *, may: str, rests_on_role: bool = True) -> Callable[[Callable[[], Doing]], Callable[[], Doing]]:
    """The function prepares the act of that name: module and function, of site alpha, inside whose schema it runs."""

    def keep(prepare: Callable[[], Doing]) -> Callable[[], Doing]:
        if name in ACTS:
            raise ValueError(f"{name} is prepared twice")
        ACTS[name] = Act(name, may, prepare, rests_on_role)
        return prepare

    return keep


def find_acts() -> set[str]:
    """Public functions with a parameter ``acting_user``, besides the rules themselves (``permissions.py``)."""
    found = set()
    for root, beginning in SOURCES.items():
        for path in (ROOT / root).rglob("*.py"):
            if path.name == "permissions.py":
                continue
            module = beginning + ".".join(path.relative_to(ROOT / root).with_suffix("").parts)
            if "acting_user" not in (text := path.read_text(encoding="utf-8")):
                continue
            for node in ast.parse(text).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "reasons_against_")):
                    names = {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
                    if "acting_user" in names:
                        found.add(f"{module}.{node.name}")
    return found


@contextmanager
def roles_taken_away_at_the_lock(user: User) -> Iterator[list[str]]:
    """The roles of ``user`` are gone at the moment when an act asks the database to hold them.

    So it is for who waits for a lock while somebody else takes the role away. Yields when that happened, once or never.
    """
    taken: list[str] = []

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not taken and isinstance(sql, str) and "accounts_membership" in sql and "FOR KEY SHARE" in sql:
            taken.append(sql)
            Membership.objects.filter(user_id=user.pk).delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield taken
