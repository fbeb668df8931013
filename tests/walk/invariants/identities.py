"""Who approves was made so by three people, or by the shell."""

from collections.abc import Iterator

from ..world import World
from . import Against, When, invariant


@invariant(When.ROWS)
def nobody_approves_by_one_person_s_word(world: World) -> Iterator[Against]:
    """Every role that takes two and that a person gave was accepted by its holder and confirmed by a third."""
    rows = world.sql(
        "SELECT u.username, m.role, t.code FROM public.accounts_membership m"
        " JOIN public.accounts_user u ON u.id = m.user_id JOIN public.tenancy_tenant t ON t.id = m.tenant_id"
        " WHERE m.granted_by_id IS NOT NULL AND m.role NOT IN ('editor', 'auditor') AND NOT EXISTS ("
        "  SELECT 1 FROM public.accounts_roleoffer o WHERE o.person_id = m.user_id AND o.tenant_id = m.tenant_id"
        "  AND o.role = m.role AND o.state = 'done' AND o.accepted_at IS NOT NULL AND o.offered_by_id = m.granted_by_id"
        "  AND o.confirmed_by_id NOT IN (o.person_id, o.offered_by_id))"
    )
    for username, role, site in rows:
        yield Against(f"{username} is {role} on {site} without a second person", {"site": site, "role": role})
