"""Reading the fleet of sites for its operators: state, last update, what waits, what failed."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from psycopg import sql

from govplatform.tenancy.models import Tenant


@dataclass
class SiteState:
    """One site in the tree. ``last_update``: newest publication; counts of now."""

    tenant: Tenant
    depth: int
    last_update: datetime | None = None
    waiting: int = 0
    failed_jobs: int = 0
    children: list["SiteState"] = field(default_factory=list)


_FACTS = """
SELECT {label}, (SELECT max(last_published_at) FROM {s}.wagtailcore_page WHERE live AND depth > 2),
       (SELECT count(*) FROM {s}.wagtailcore_workflowstate WHERE status = 'in_progress')
"""
_FAILED = """
SELECT args->>'schema', count(*) FROM public.procrastinate_jobs
WHERE status = 'failed' AND args ? 'schema' GROUP BY 1
"""


def read_fleet() -> list[SiteState]:
    """Every site but the console, parents before their children; three statements in all."""
    tenants = list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).prefetch_related("domains").order_by("code"))
    if not tenants:
        return []
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL(_FACTS).format(label=sql.Literal(t.schema_name), s=sql.Identifier(t.schema_name)) for t in tenants
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        facts = {schema: (updated, waiting) for schema, updated, waiting in cursor.fetchall()}
        cursor.execute(_FAILED)
        failed = dict(cursor.fetchall())
    states = {
        t.pk: SiteState(t, 0, facts[t.schema_name][0], facts[t.schema_name][1], failed.get(t.schema_name, 0))
        for t in tenants
    }
    roots: list[SiteState] = []
    for state in states.values():
        parent = states.get(state.tenant.parent_id or 0)
        (parent.children if parent else roots).append(state)
    return _flat(roots, 0)


def _flat(states: list[SiteState], depth: int) -> list[SiteState]:
    rank = {Tenant.Level.PROVINCE: 0, Tenant.Level.CITY: 1, Tenant.Level.COUNTY: 2}
    rows: list[SiteState] = []
    for state in sorted(states, key=lambda s: (rank.get(Tenant.Level(s.tenant.level), 3), s.tenant.code)):
        state.depth = depth
        rows += [state, *_flat(state.children, depth + 1)]
    return rows
