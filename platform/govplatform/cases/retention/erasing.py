"""Removing what is due: looked at first, carried out in batches of one transaction each, and again after a kill."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.refusals import Busy
from govplatform.rule_packs.files import RulePackError
from govplatform.tenancy.models import Tenant

from ..models import Erasure
from .holders import Holder, holders

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
    """What would be removed now, by holder and site; nothing is changed."""
    found = []
    for holder, site in _everywhere():
        with tenant_context(site):
            if rows := holder.due(site, now or timezone.now()).count():
                found.append(Amount(holder, site, rows))
    return found


def erase_due(now: datetime | None = None) -> list[Amount]:
    """Remove what is due, by holder and site. May be killed anywhere and called again: each batch is whole.

    A site that is busy or broken is left for the next time, and keeps none of the others.
    """
    done = []
    for holder, site in _everywhere():
        try:
            with tenant_context(site):
                rows = _erase(holder, site, now or timezone.now())
        except (Busy, RulePackError) as problem:
            logger.warning("personal data of %s (%s) is left for the next time: %s", site.code, holder.code, problem)
            continue
        if rows:
            done.append(Amount(holder, site, rows))
    return done


# --- inside ------------------------------------------------------------------------------


def _everywhere() -> Iterator[tuple[Holder, Tenant]]:
    """Each holder with the sites that have any of its rows, in the order of the sheet."""
    for holder in holders():
        with schema_context("public"):
            sites = Tenant.objects.filter(dropped_at=None)
            if holder.site_field:
                kept = holder.kept(None).order_by().values(holder.site_field).distinct()
                sites = Tenant.objects.filter(pk__in=kept)
            else:
                # What lies in a frozen site is being carried elsewhere, and is removed there.
                sites = sites.exclude(kind=Tenant.Kind.CONSOLE).filter(frozen=False)
            chosen = list(sites.order_by("code"))
        for site in chosen:
            yield holder, site


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
