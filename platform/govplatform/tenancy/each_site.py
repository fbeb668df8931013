"""The one guard for whatever runs over all sites: a site that fails keeps none of the others from being served.

``each_site`` runs an act inside each site. Whatever an act raises (a trigger, a missing table or schema, a connection
that broke) is kept as a ``SiteFault`` of that site, and the next one is served. ``SiteRun.each`` does the same for the
things inside one site: one page that cannot be published does not stop the pages after it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import OperationalError, connection, transaction
from django_tenants.utils import schema_context, tenant_context

from .current import current_tenant, forget_search_path
from .faults import describe_error, faults_of, forget_fault, missing_schema, note_fault
from .models import SiteFault, Tenant

Result = TypeVar("Result")
Item = TypeVar("Item")
_LONGEST_SUBJECT = 60
#: A server that restarts is back within seconds; so long is waited before all sites are given up.
_RECONNECT_AFTER_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class SiteFailure:
    """A site in which the act failed, and the error in words."""

    tenant: Tenant
    error: str


@dataclass
class SitesReport(Generic[Result]):
    """What came of it: ``done`` with what the act gave back, ``failed``, and ``paused``: not tried this time."""

    done: list[tuple[Tenant, Result]] = field(default_factory=list)
    failed: list[SiteFailure] = field(default_factory=list)
    paused: list[Tenant] = field(default_factory=list)


@dataclass
class SiteRun:
    """One turn of a job in one site. ``faults``: what is open of it inside the site, by subject."""

    tenant: Tenant
    job: str
    faults: dict[str, SiteFault] = field(default_factory=dict)
    again: bool = True
    _seen: set[str] = field(default_factory=set)

    def each(
        self,
        items: Iterable[Item],
        act: Callable[[Item], Result],
        *,
        subject: Callable[[Item], str],
        title: Callable[[Item], str] = str,
    ) -> list[Result]:
        """Do ``act`` with each item in a transaction of its own; returns what the acts that went well gave back.

        One that fails is kept under ``subject(item)`` and comes back after a pause of its own.
        """
        results = []
        for item in items:
            name = subject(item)[:_LONGEST_SUBJECT]
            self._seen.add(name)
            fault = self.faults.get(name)
            if fault is not None and self.again and fault.is_paused:
                continue
            try:
                with transaction.atomic():
                    results.append(act(item))
            except Exception as error:
                recover_connection()
                note_fault(self.tenant, self.job, error, subject=name, title=title(item), again=self.again)
            else:
                if fault is not None:
                    forget_fault(fault)
        return results

    def end(self) -> None:
        """Forget what failed earlier and is no longer there to be done: withdrawn, deleted, done by somebody."""
        for subject, fault in self.faults.items():
            if subject and subject not in self._seen:
                forget_fault(fault)


def each_site(
    act: Callable[[SiteRun], Result],
    *,
    job: str,
    tenants: Iterable[Tenant] | None = None,
    again: bool = True,
) -> SitesReport[Result]:
    """Run ``act`` inside each of ``tenants`` (every site but the console), whatever happens in any of them.

    ``job``: the name under which failures are kept. ``again``: a job that comes back by itself; a site that fails
    pauses then, a little longer each time (``faults.pause_after``). With ``again`` False, for verbs, every site is
    tried. Raises OperationalError only when the database itself cannot be reached any more.
    """
    report: SitesReport[Result] = SitesReport()
    with schema_context("public"):
        chosen = list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE) if tenants is None else tenants)
        known = faults_of(job)
        present = present_schemas(tenant.schema_name for tenant in chosen)
    for tenant in chosen:
        faults = known.get(tenant.pk, {})
        own = faults.get("")
        if again and own is not None and own.is_paused:
            report.paused.append(tenant)
            continue
        try:
            if tenant.schema_name not in present:
                # Not entered: PostgreSQL would look for the site's tables in the schemas after it.
                raise missing_schema(tenant)
            result = _act_inside(SiteRun(tenant, job, faults, again), act)
        except Exception as error:
            recover_connection()
            note_fault(tenant, job, error, again=again)
            report.failed.append(SiteFailure(tenant, describe_error(error)))
        else:
            if own is not None:
                forget_fault(own)
            report.done.append((tenant, result))
    return report


@contextmanager
def site_run(job: str) -> Iterator[SiteRun]:
    """One turn of ``job`` in the current site alone, as ``each_site`` would give it to its act."""
    tenant = current_tenant()
    run = SiteRun(tenant, job, faults_of(job, tenant).get(tenant.pk, {}))
    yield run
    run.end()


def present_schemas(names: Iterable[str]) -> set[str]:
    """Those of the schemas that are there; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [sorted(set(names))])
        return {name for (name,) in cursor.fetchall()}


#: The block around the act of a site in somebody's transaction: there a failed statement must not be the end of it.
kept_apart = transaction.atomic


def recover_connection() -> None:
    """After a failure: the connection as the next site needs it, a new one when it broke.

    Inside a transaction of the caller's nothing is done: its savepoint brings back what can be brought back. Raises
    OperationalError when the server does not answer for a quarter of a minute.
    """
    forget_search_path()
    if connection.in_atomic_block or (connection.connection is not None and connection.is_usable()):
        return
    connection.close()
    for seconds in _RECONNECT_AFTER_SECONDS[:-1]:
        time.sleep(seconds)
        try:
            connection.ensure_connection()
            return
        except OperationalError:
            continue
    time.sleep(_RECONNECT_AFTER_SECONDS[-1])
    connection.ensure_connection()


def _act_inside(run: SiteRun, act: Callable[[SiteRun], Result]) -> Result:
    with tenant_context(run.tenant):
        if connection.in_atomic_block:
            with kept_apart():
                result = act(run)
        else:
            result = act(run)
    run.end()
    return result
