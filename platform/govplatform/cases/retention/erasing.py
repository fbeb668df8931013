"""Removing what is due: looked at first, carried out in batches of one transaction each, and again after a kill."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.refusals import Busy
from govplatform.rule_packs.files import RulePackError
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.models import Tenant

from ..models import Erasure
from .holders import Holder, holders, merged_sites

logger = logging.getLogger("govplatform.cases")
#: Rows of one transaction: whoever waits for the chain of that site waits some tens of milliseconds.
BATCH = 200


@dataclass(frozen=True)
class Amount:
    """So many rows of a holder on a site: due, or erased."""

    holder: Holder
    site: Tenant
    rows: int


def count_due(now: datetime | None = None) -> list[Amount]:
    """What would be removed now, by holder and site; nothing is changed. A site that is broken is left out."""
    found = []
    for holder in holders():
        for site in [*_sites_of(holder), *_merged_of(holder)]:
            try:
                with transaction.atomic(), tenant_context(site):
                    rows = holder.due(site, now or timezone.now()).count()
            except (DatabaseError, RulePackError) as problem:
                logger.warning("personal data of %s (%s) cannot be counted: %s", site.code, holder.code, problem)
                continue
            if rows:
                found.append(Amount(holder, site, rows))
    return found


def erase_due(now: datetime | None = None) -> list[Amount]:
    """Remove what is due, by holder and site. May be killed anywhere and called again: each batch is whole.

    A site that is busy or broken is left for the next time, and keeps none of the others.
    """
    now, done = now or timezone.now(), []
    for holder in holders():
        for site, rows in _in_public(holder, now) if holder.site_field else _in_schemas(holder, now):
            if rows:
                done.append(Amount(holder, site, rows))
    return done


def erase_merged(now: datetime | None = None) -> list[Amount]:
    """The same in the schemas of sites that were merged, in which the application itself can write nothing any more.

    For a process with the owner's login: any other leaves all of it for the next time.
    """
    now, done = now or timezone.now(), []
    for holder in holders():
        if sites := _merged_of(holder):
            erase = partial(_erase_as_owner, holder, now)
            report = each_site(erase, job="erase_merged_data", tenants=sites, frozen_too=True)
            done += [Amount(holder, site, rows) for site, rows in report.done if rows]
    return done


# --- inside ------------------------------------------------------------------------------


def _sites_of(holder: Holder) -> list[Tenant]:
    """The sites that have any of its rows."""
    with schema_context("public"):
        if holder.sites is not None:
            return list(holder.sites().order_by("code"))
        kept = holder.kept(None).order_by().values(holder.site_field).distinct()
        return list(Tenant.objects.filter(pk__in=kept).order_by("code"))


def _merged_of(holder: Holder) -> list[Tenant]:
    """The merged sites whose schemas have rows of it; none of those whose rows lie in ``public``."""
    if holder.sites is None:
        return []
    with schema_context("public"):
        return list(merged_sites().order_by("code"))


def _erase_as_owner(holder: Holder, now: datetime, run: SiteRun) -> int:
    with as_owner():
        return _erase(holder, run.tenant, now)


def _in_public(holder: Holder, now: datetime) -> Iterator[tuple[Tenant, int]]:
    for site in _sites_of(holder):
        try:
            with tenant_context(site):
                yield site, _erase(holder, site, now)
        except (Busy, DatabaseError, RulePackError) as problem:
            logger.warning("personal data of %s (%s) is left for the next time: %s", site.code, holder.code, problem)


def _in_schemas(holder: Holder, now: datetime) -> list[tuple[Tenant, int]]:
    """As every job over sites: what fails in one is on record there, and the others are served."""
    sites = _sites_of(holder)
    return each_site(lambda run: _erase(holder, run.tenant, now), job="erase_due_data", tenants=sites).done


def _erase(holder: Holder, site: Tenant, now: datetime) -> int:
    total = 0
    while keys := list(holder.due(site, now).values_list("pk", flat=True)[:BATCH]):
        with holding():
            rows = holder.erase(site, keys)
            if rows:
                _note(holder, site, rows)
        if not rows:
            break
        total += rows
    return total


def _note(holder: Holder, site: Tenant, rows: int) -> None:
    """The record and the number of the day: nothing of anybody."""
    day = timezone.localdate()
    known, is_new = Erasure.objects.get_or_create(holder=holder.code, site=site, day=day, defaults={"rows": rows})
    if not is_new:
        Erasure.objects.filter(pk=known.pk).update(rows=F("rows") + rows)
    record_act("case_data.erased", acting_user=None, detail={"holder": holder.code, "rows": rows})
