"""The record: whole, gap-free, and telling who held which role when they acted."""

import json
from collections import defaultdict
from collections.abc import Iterator

from .. import product
from ..world import SITES, World
from . import Against, When, invariant

_DUTIES = (("editor",), ("content-reviewer", "confidentiality-reviewer"), ("site-admin",), ("auditor",))


@invariant(When.ROWS)
def chains_have_no_gap(world: World) -> Iterator[Against]:
    """In every chain the numbers follow each other and each row names the hash of the one before."""
    rows = world.sql(
        "SELECT chain, number FROM (SELECT chain, number, previous_hash, lag(hash) OVER w AS hash_before,"
        " lag(number) OVER w AS number_before FROM public.audit_entry"
        " WINDOW w AS (PARTITION BY chain ORDER BY number)) x"
        " WHERE number_before IS NOT NULL AND (number <> number_before + 1 OR previous_hash <> hash_before) LIMIT 3"
    )
    for chain, number in rows:
        yield Against(f"chain {chain} is broken at {number}")


@invariant(When.ROWS)
def decided_by_who_held_the_role(world: World) -> Iterator[Against]:
    """By the chain itself, whoever decided held the role of the step at that moment; and who holds which role now is
    what the chain says."""
    for site in SITES:
        roles: dict[int, set[str]] = defaultdict(set)
        rows = world.sql(
            "SELECT number, act, actor_id, object_id, detail FROM public.audit_entry WHERE chain = %s"
            " AND act IN ('role.grant', 'role.revoke', 'review.approved', 'review.rejected') ORDER BY number",
            [world.schema(site)],
        )
        for number, act, actor, object_id, detail in rows:
            told = json.loads(detail) if isinstance(detail, str) else detail
            if act == "role.grant":
                roles[int(object_id)].add(told["role"])
            elif act == "role.revoke":
                roles[int(object_id)].discard(told["role"])
            else:
                role = "confidentiality-reviewer" if told["step"] == "confidentiality" else "content-reviewer"
                if role not in roles[actor]:
                    yield Against(f"{site}: row {number}: {actor} decided without being {role}", {"site": site})
        held: dict[int, set[str]] = defaultdict(set)
        for person, role in world.sql(
            "SELECT user_id, role FROM public.accounts_membership WHERE tenant_id = %s", [world.tenant(site).pk]
        ):
            held[person].add(role)
        for person in sorted({*roles, *held}):
            if roles[person] != held[person]:
                yield Against(f"{site}: {person} holds {sorted(held[person])}, the chain says {sorted(roles[person])}")


@invariant(When.ROWS)
def duties_are_separate(world: World) -> Iterator[Against]:
    """Nobody writes and reviews, or administers, or audits on one site."""
    for username, site, roles in world.sql(
        "SELECT u.username, t.code, array_agg(m.role) FROM public.accounts_membership m"
        " JOIN public.accounts_user u ON u.id = m.user_id JOIN public.tenancy_tenant t ON t.id = m.tenant_id"
        " GROUP BY 1, 2"
    ):
        sides = [duty for duty in _DUTIES if set(duty) & set(roles)]
        if len(sides) > 1:
            yield Against(f"{site}: {username} is {sorted(roles)}", {"site": site})


@invariant(When.SLOW)
def the_audit_finds_nothing(world: World) -> Iterator[Against]:
    """``verify_audit`` finds every row of every chain unchanged and every anchor met."""
    _rows, faults = product.find_chain_faults()
    for fault in faults:
        yield Against(str(fault))


@invariant(When.SLOW)
def the_walls_stand(world: World) -> Iterator[Against]:
    """``check_isolation`` finds no constraint across sites, no table in two places, no foreign host."""
    _sites, faults = product.find_isolation_faults()
    for fault in faults:
        yield Against(str(fault))
