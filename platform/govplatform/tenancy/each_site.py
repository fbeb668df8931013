"""Runs an act over all sites, so that a site in which it fails keeps none of the others from being served.

``each_site`` runs the act inside each site. Whatever it raises (a trigger, a missing table or schema, a connection that
broke) is kept as a ``SiteFault`` of that site, and the next one is served. ``SiteRun.each`` does the same for the
things inside one site: one page that cannot be published does not stop the pages after it. A frozen site
(``freezing.py``) is left out, or what is refused there for that reason is, and neither is a fault.
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
from .postgresql.frozen import SiteFrozen

Result = TypeVar("Result")
Item = TypeVar("Item")
_LONGEST_SUBJECT = 60
#: A server that restarts is back within seconds; so long is waited before all sites are given up.
_RECONNECT_AFTER_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class SiteFailure:
    """A site in which the act failed, with the error in words (``faults.describe_error``)."""

    tenant: Tenant
    error: str


@dataclass
class SitesReport(Generic[Result]):
    """The outcome over all sites. ``done``: with the act's result; ``failed``; ``paused``: not tried this time, or
    frozen.
    """

    done: list[tuple[Tenant, Result]] = field(default_factory=list)
    failed: list[SiteFailure] = field(default_factory=list)
    paused: list[Tenant] = field(default_factory=list)


@dataclass
class SiteRun:
    """One run of a job in one site.

    ``faults``: its open faults inside the site, by subject; '' is the site as a whole.
    """

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
        """Do ``act`` with each of ``items`` in a transaction of its own; return the results of those that succeeded.

        A failure is kept as the fault ``subject(item)`` of the site, with ``title(item)`` as its words, and the item is
        left out until its pause is over (only with ``again``).
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
            except SiteFrozen:
                # It is done when the site can be written in again, or never.
                recover_connection()
            except Exception as error:
                recover_connection()
                note_fault(self.tenant, self.job, error, subject=name, title=title(item), again=self.again)
            else:
                if fault is not None:
                    forget_fault(fault)
        return results

    def end(self) -> None:
        """Forget the faults of things that this run did not meet any more: withdrawn, deleted, or done by somebody."""
        for subject, fault in self.faults.items():
            if subject and subject not in self._seen:
                forget_fault(fault)


def each_site(
    act: Callable[[SiteRun], Result],
    *,
    job: str,
    tenants: Iterable[Tenant] | None = None,
    again: bool = True,
    frozen_too: bool = False,
) -> SitesReport[Result]:
    """Run ``act`` inside each of ``tenants`` (by default every site but the console) and go on when it fails in one.

    Sites whose schema was dropped at their end are passed over: there is nothing inside them.

    ``job``: the name under which failures are kept. ``again`` True for a job that comes back by itself: a site that
    failed is then left out for a while, a little longer each time (``faults.pause_after``). With ``again`` False, for
    verbs, every site is tried. ``frozen_too``: for a job that comes back and has work for frozen sites too, outside of
    their schemas. Raises OperationalError only when the database itself is out of reach.
    """
    report: SitesReport[Result] = SitesReport()
    with schema_context("public"):
        named = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).with_schema() if tenants is None else tenants
        chosen = [tenant for tenant in named if tenant.dropped_at is None]
        known = faults_of(job)
        present = present_schemas(tenant.schema_name for tenant in chosen)
    if again and not frozen_too:
        report.paused += [tenant for tenant in chosen if tenant.frozen]
        chosen = [tenant for tenant in chosen if not tenant.frozen]
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
        except SiteFrozen as refusal:
            recover_connection()
            if again:
                report.paused.append(tenant)
            else:
                report.failed.append(SiteFailure(tenant, describe_error(refusal)))
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
    """Run ``job`` in the current site alone, with a SiteRun as ``each_site`` gives it to its act."""
    tenant = current_tenant()
    run = SiteRun(tenant, job, faults_of(job, tenant).get(tenant.pk, {}))
    yield run
    run.end()


def present_schemas(names: Iterable[str]) -> set[str]:
    """Return those of ``names`` that are schemas of the database; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [sorted(set(names))])
        return {name for (name,) in cursor.fetchall()}


#: The block around the act of a site in somebody's transaction: there a failed statement must not be the end of it.
kept_apart = transaction.atomic


def recover_connection() -> None:
    """Make the connection usable for the next site after a failure; opens a new one when it broke.

    Inside a transaction of the caller only the search path is sent again: the caller's savepoint restores the rest.
    Raises OperationalError when the server does not answer for a quarter of a minute.
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
