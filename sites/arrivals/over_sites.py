"""Arrivals of all sites at once, for those who look after the platform: a list over the schemas of all sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload

from django.utils import timezone
from psycopg import sql

from govplatform.accounts.models import User
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.over_sites import ask_sites

from .models import Arrival

#: Whether a decision on historical content waits for its approval, or is in force.
WAITS, IN_FORCE = "waiting", "in force"

_FROM = """
FROM {s}.arrivals_arrival a LEFT JOIN LATERAL (
    SELECT d.id, d.approved_at FROM {s}.arrivals_historicalclearance d
    WHERE d.arrival_id = a.id AND d.revoked_at IS NULL AND d.ends_on >= {today} ORDER BY d.id DESC LIMIT 1
) AS open ON TRUE
WHERE position({words} IN a.host) > 0 AND ({state} = '' OR a.state = {state})
  AND ({decision} = '' OR {decision} = CASE WHEN open.id IS NULL THEN '' WHEN open.approved_at IS NULL THEN {waits}
       ELSE {in_force} END)
"""
_COUNT = "SELECT count(*) AS found " + _FROM
_ROWS = (
    """
SELECT {label} AS schema_name, a.id, a.host, a.source_name, a.size, a.crawl <> '' AS kept, a.state, a.importing,
       a.stopping, a.done, a.total, a.reason, a.created_at, COALESCE(a.uploaded_by_id, a.started_by_id) AS person,
       a.uploaded_by_id IS NOT NULL AS uploaded,
       CASE WHEN open.id IS NULL THEN '' WHEN open.approved_at IS NULL THEN {waits} ELSE {in_force} END AS decision
"""
    + _FROM
)


@dataclass(frozen=True)
class Wanted:
    """Which arrivals: ``words`` in the old host, a ``state``, a ``decision`` (WAITS, IN_FORCE); '' for any."""

    words: str = ""
    state: str = ""
    decision: str = ""


@dataclass(frozen=True)
class SiteArrival:
    """One arrival of one site. ``kept``: its crawl is there; ``by_hand``: uploaded by ``person``, else their verb's."""

    tenant: Tenant
    number: int
    host: str
    source_name: str
    size: int
    kept: bool
    state: str
    importing: bool
    stopping: bool
    done: int
    total: int
    reason: str
    created_at: datetime
    person: User | None
    by_hand: bool
    decision: str

    @property
    def state_label(self) -> str:
        return str(Arrival.State(self.state).label)

    @property
    def working(self) -> bool:
        return self.state in (Arrival.State.WAITING, Arrival.State.SURVEYING, Arrival.State.RUNNING)


class ArrivalsOfSites(Sequence[SiteArrival]):
    """The arrivals of ``tenants`` that are ``wanted``, the newest first; a slice is one statement over all of them."""

    def __init__(self, tenants: Sequence[Tenant], wanted: Wanted) -> None:
        self._by_schema = {tenant.schema_name: tenant for tenant in tenants}
        self._wanted = wanted
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = int(sum(row[0] for row in self._ask(_COUNT, sql.SQL("{}"))))
        return self._count

    @overload
    def __getitem__(self, place: int) -> SiteArrival: ...

    @overload
    def __getitem__(self, place: slice) -> list[SiteArrival]: ...

    def __getitem__(self, place: int | slice) -> SiteArrival | list[SiteArrival]:
        if not isinstance(place, slice):
            return self[place : place + 1][0]
        first = place.start or 0
        most = max((len(self) if place.stop is None else place.stop) - first, 0)
        rows = self._ask(_ROWS, sql.SQL("{} ORDER BY created_at DESC, 1, 2 LIMIT %s OFFSET %s"), [most, first])
        people = User.objects.in_bulk({row[-3] for row in rows})
        return [self._arrival(*row, people=people) for row in rows]

    def _arrival(self, schema: str, *told: Any, people: dict[int, User]) -> SiteArrival:
        *facts, person, by_hand, decision = told
        values = [*facts, people.get(person), by_hand, decision]
        return SiteArrival(self._by_schema[schema], *values)

    def _ask(self, statement: str, tail: sql.SQL, params: Sequence[int] = ()) -> list[tuple[Any, ...]]:
        wanted = self._wanted
        told = {
            "today": sql.Literal(local_day(timezone.now())),
            # Doubled, for the statement has parameters behind it.
            "words": sql.Literal(wanted.words.lower().replace("%", "%%")),
            "state": sql.Literal(wanted.state.replace("%", "%%")),
            "decision": sql.Literal(wanted.decision.replace("%", "%%")),
            "waits": sql.Literal(WAITS),
            "in_force": sql.Literal(IN_FORCE),
        }

        def asked_in(schema: str) -> sql.Composable:
            return sql.SQL(statement).format(label=sql.Literal(schema), s=sql.Identifier(schema), **told)

        return ask_sites(asked_in, self._by_schema, tail=tail, params=params)
