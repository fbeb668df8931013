"""Queries over the fleet of sites for operators: tree, last update, what waits, what failed."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, prefetch_related_objects
from psycopg import sql

from govplatform.accounts.models import Membership
from govplatform.tenancy.models import SiteFault, Tenant
from govplatform.tenancy.over_sites import ask_sites


@dataclass
class SiteState:
    """One site in the tree of sites, ``depth`` 0 at the top.

    ``last_update``: newest publication; ``waiting``: pages under review; ``failed_jobs``, ``faults``: how many now;
    ``answers``: whether its schema can be read; ``people``: whether anybody can sign in there.
    """

    tenant: Tenant
    depth: int
    last_update: datetime | None = None
    waiting: int = 0
    failed_jobs: int = 0
    faults: int = 0
    answers: bool = True
    people: bool = True
    children: list["SiteState"] = field(default_factory=list)


_FACTS = sql.SQL("""
SELECT {label}, (SELECT max(last_published_at) FROM {s}.wagtailcore_page WHERE live AND depth > 2),
       (SELECT count(*) FROM {s}.wagtailcore_workflowstate WHERE status = 'in_progress')
""")
_FAILED = """
SELECT args->>'schema', count(*) FROM public.procrastinate_jobs
WHERE status = 'failed' AND args->>'schema' = ANY(%s) GROUP BY 1
"""


def fleet_order() -> list[SiteState]:
    """Every site but the console, superior sites before those below them.

    Only ``tenant``, ``depth`` and ``children`` are filled in.
    """
    states = {tenant.pk: SiteState(tenant, 0) for tenant in Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE)}
    roots: list[SiteState] = []
    for state in states.values():
        parent = states.get(state.tenant.parent_id or 0)
        (parent.children if parent else roots).append(state)
    return _flat(roots, 0)


def read_facts(states: list[SiteState]) -> list[SiteState]:
    """Fill in the rest of ``states`` from the schemas and the queue, and return them; four statements in all."""
    prefetch_related_objects([state.tenant for state in states], "domains")
    schemas = [state.tenant.schema_name for state in states if state.tenant.dropped_at is None]
    rows = ask_sites(lambda name: _FACTS.format(label=sql.Literal(name), s=sql.Identifier(name)), schemas)
    facts = {schema: (updated, waiting) for schema, updated, waiting in rows}
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, [schemas])
        failed = dict(cursor.fetchall())
    counted = SiteFault.objects.filter(tenant=OuterRef("pk")).order_by().values("tenant").annotate(n=Count("pk"))
    told = Tenant.objects.filter(pk__in=[state.tenant.pk for state in states]).values_list(
        "pk", Subquery(counted.values("n")), Exists(_people().filter(tenant=OuterRef("pk")))
    )
    faults, people = {}, {}
    for site, n, manned in told:
        faults[site], people[site] = n or 0, manned
    for state in states:
        state.people = people.get(state.tenant.pk, False)
        state.answers = state.tenant.schema_name in facts
        state.last_update, state.waiting = facts.get(state.tenant.schema_name, (None, 0))
        state.failed_jobs = failed.get(state.tenant.schema_name, 0)
        state.faults = faults.get(state.tenant.pk, 0)
    return states


def sites_with_people(sites: list[int]) -> set[int]:
    """Those of ``sites`` (their numbers) on which somebody has a role and can sign in."""
    return set(_people().filter(tenant__in=sites).values_list("tenant", flat=True).distinct())


def _people() -> QuerySet[Membership]:
    """Roles of those who can sign in."""
    return Membership.objects.filter(user__is_active=True)


def _flat(states: list[SiteState], depth: int) -> list[SiteState]:
    rank = {Tenant.Level.PROVINCE: 0, Tenant.Level.CITY: 1, Tenant.Level.COUNTY: 2}
    rows: list[SiteState] = []
    for state in sorted(states, key=lambda s: (rank.get(Tenant.Level(s.tenant.level), 3), s.tenant.code)):
        state.depth = depth
        rows += [state, *_flat(state.children, depth + 1)]
    return rows
