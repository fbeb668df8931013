"""How far the files of each site are behind what is published on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from govplatform.rendering.reads import Read
from govplatform.rule_packs.time_words import span_words
from govplatform.tenancy.models import Tenant

from .changes import key_of
from .models import Change, DeliveredFile, SiteDelivery, SiteRelease


@dataclass(frozen=True)
class Behind:
    """``pending``: changes that citizens do not see yet; ``oldest``: when the first of them was made, None without."""

    tenant: Tenant
    state: SiteDelivery | None
    pending: int
    oldest: datetime | None

    @property
    def release(self) -> int:
        return self.state.sequence if self.state is not None else 0

    @property
    def oldest_seconds(self) -> int:
        return int((timezone.now() - self.oldest).total_seconds()) if self.oldest else 0

    @property
    def waited(self) -> str:
        """How long the first of them has waited, in words; '' without any."""
        return span_words(self.oldest, timezone.now()) if self.oldest else ""

    @property
    def is_whole(self) -> bool:
        return self.state is None or self.state.whole


def sites_behind(code: str = "") -> list[Behind]:
    """Every site that citizens can open, or the one with ``code``; those that wait longest first."""
    sites = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).select_related("delivery").prefetch_related("domains")
    if code:
        sites = sites.filter(code=code)
    changes = Change.objects.filter(early=False).values("tenant")
    waiting = {
        row["tenant"]: (row["pending"], row["oldest"])
        for row in changes.annotate(pending=Count("pk"), oldest=Min("made_at"))
    }
    rows = [
        Behind(site, getattr(site, "delivery", None), *waiting.get(site.pk, (0, None)))
        for site in sites
        if site.answers_citizens or site.pk in waiting
    ]
    return sorted(rows, key=lambda row: (-row.oldest_seconds, row.tenant.code))


def waiting_since(tenant: Tenant, page_id: int) -> datetime | None:
    """Since when a change of that page waits for its files; None when citizens see it as it is."""
    waiting = Change.objects.filter(Q(page=page_id) | Q(everything=True), tenant=tenant, early=False)
    moment: datetime | None = waiting.aggregate(oldest=Min("made_at"))["oldest"]
    return moment


def sites_showing(reads: Iterable[Read]) -> list[Tenant]:
    """Sites with files that were made of one of ``reads``, in the order of their numbers."""
    asked, sites = set(reads), SiteDelivery.objects.exclude(host="").values_list("pk", flat=True)
    keys = [key_of(site, read) for site in sites for read in asked]
    found = DeliveredFile.objects.filter(until__isnull=True, reads__overlap=keys).values("tenant").distinct()
    return list(Tenant.objects.filter(pk__in=found).order_by("pk"))


def releases_of(tenant: Tenant, most: int = 50) -> list[SiteRelease]:
    """The newest releases of the site, the newest first."""
    return list(SiteRelease.objects.filter(tenant=tenant).order_by("-sequence")[:most])


def describe_release(release: SiteRelease) -> dict[str, Any]:
    """As the verb ``releases`` prints it."""
    return {
        "release": release.sequence,
        "cause": release.cause,
        "files": release.files,
        "written": release.written,
        "withheld": release.withheld,
        "signed_at": release.signed_at.isoformat(timespec="seconds"),
        "reason": release.reason,
    }
