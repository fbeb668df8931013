"""Reading merges: one by its number, those of a site, what a screen shows of one, and the banner of a frozen site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.permissions import has_role, holds_in_console
from govplatform.accounts.roles import OPERATOR, SITE_ADMIN, SUPERVISOR
from govplatform.refusals import Refused
from govplatform.tenancy.freezing import words_of
from govplatform.tenancy.hosts import console_url, public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant

from ..models import Merge

State = Merge.State
#: Counts that stand in the answer of ``merge_site``.
COUNTED = ("pages", "revisions", "files", "addresses")


def get_merge(number: int) -> Merge:
    """The merge of that number, with its sites. Raises Refused when there is none."""
    merge = all_merges().filter(pk=number).first()
    if merge is None:
        raise Refused(_("没有第 %(number)d 号并入。") % {"number": number})
    return merge


def all_merges(site: Tenant | None = None) -> QuerySet[Merge]:
    """All merges, the newest first, with their sites and people; of ``site``, those in which it takes part."""
    found = Merge.objects.select_related(
        "source", "destination", "requested_by", "ended_by", "application__tenant", "application__into"
    ).prefetch_related("source__domains", "destination__domains")
    return found if site is None else found.filter(Q(source=site) | Q(destination=site))


def describe_outcome(merge: Merge) -> dict[str, Any]:
    """The merge as ``merge_site`` prints it, JSON-able."""
    return {
        "merge": merge.pk,
        "state": merge.state,
        **{name: merge.counts.get(name, 0) for name in COUNTED},
        "seconds": merge.seconds,
        "switch_seconds": merge.switch_seconds,
        "reasons": merge.reasons,
    }


def describe_merge(merge: Merge) -> dict[str, Any]:
    """The merge as ``merges`` prints it, JSON-able."""
    return {
        **describe_outcome(merge),
        "source": merge.source.code,
        "destination": merge.destination.code,
        "requested_by": merge.requested_by.username if merge.requested_by else None,
        "requested_at": merge.requested_at.isoformat(),
        "switched_at": _iso(merge.switched_at),
        "verified_at": _iso(merge.verified_at),
        "faults": len(merge.faults),
        "ended_at": _iso(merge.ended_at),
    }


@dataclass(frozen=True)
class FrozenBanner:
    """What stands above every page of the console of a frozen site. ``merge_url``: '' for who may not open it;
    ``content_url``: where the content is now, '' before the switch.
    """

    words: str
    since: datetime | None
    content_url: str
    merge_url: str


def frozen_banner(tenant: Tenant | None, user: Any) -> FrozenBanner | None:
    """The banner of ``tenant`` for ``user``; None, without a statement, for a site that is not frozen."""
    if tenant is None or not tenant.frozen:
        return None
    with schema_context("public"):
        merge = all_merges().filter(source_id=tenant.pk).first()
        moved = tenant.moved_into_id is not None and merge is not None
        return FrozenBanner(
            words_of(tenant),
            tenant.frozen_since,
            public_url(merge.destination) if merge is not None and moved else "",
            _address(merge, tenant, user) if merge is not None else "",
        )


def _address(merge: Merge, tenant: Tenant, user: Any) -> str:
    """Where ``user`` reads about the merge: on the platform's console, or as its administrator on the site's own."""
    path = reverse("lifecycle_merge", args=[merge.pk])
    if holds_in_console(user, {OPERATOR.code, SUPERVISOR.code}):
        return console_url(console_tenant(), path)
    return path if has_role(user, SITE_ADMIN.code, tenant) else ""


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
