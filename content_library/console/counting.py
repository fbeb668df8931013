"""Figures of the whole library for those who supervise it.

One pass over the resources gives all of them; at a million rows that takes about a second, so they are
kept for a few minutes together with the time of counting.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from ..models import Repost, Resource

_KEPT_SECONDS = 300
_MOST_REPOSTED = 20
_LATEST = 10
_BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)

_FIGURES = """
SELECT GROUPING(tenant_id), GROUPING(class), GROUPING(month), GROUPING(level), GROUPING(status),
       tenant_id, class, month, level, status,
       count(*) FILTER (WHERE status <> 'withdrawn'), count(*) FILTER (WHERE status = 'corrected'),
       count(*) FILTER (WHERE status = 'withdrawn')
FROM (
  SELECT tenant_id, left(subject_class, 2) AS class, level, status,
         date_trunc('month', published_at AT TIME ZONE %s)::date AS month
  FROM public.content_library_resource WHERE published_at >= %s
) AS r
GROUP BY GROUPING SETS ((tenant_id), (class), (month), (level), (status))
"""


@dataclass(frozen=True)
class Figure:
    """The counts of one group of resources. ``public``: those not withdrawn, the corrected included."""

    key: str
    public: int
    corrected: int
    withdrawn: int


@dataclass
class Figures:
    """The figures of all groups, counted ``at``; the key of a group is a text, '' for resources without one.

    ``by_site`` has tenant ids as keys, ``by_class`` the top classes, ``by_month`` months like ``2026-11``.
    """

    at: datetime
    by_site: list[Figure] = field(default_factory=list)
    by_class: list[Figure] = field(default_factory=list)
    by_month: list[Figure] = field(default_factory=list)
    by_level: list[Figure] = field(default_factory=list)
    by_status: list[Figure] = field(default_factory=list)

    def total(self, name: str) -> int:
        return sum(getattr(figure, name) for figure in self.by_status)


def read_figures(months: int | None) -> Figures:
    """Count what was published in the last ``months`` months, the current one included; None counts everything.

    The answer may be up to five minutes old; ``at`` says of when it is.
    """
    key = f"library-figures:{months}"
    kept: Figures | None = cache.get(key)
    if kept is None:
        kept = _count(months)
        cache.set(key, kept, _KEPT_SECONDS)
    return kept


def first_month(months: int) -> date:
    """Return the first day of the period of ``months`` months that ends with the current month."""
    return month_after(timezone.localdate(), 1 - months)


def month_after(day: date, months: int) -> date:
    """Return the first day of the month ``months`` after that of ``day``; negative numbers go back."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _count(months: int | None) -> Figures:
    since = _BEFORE_ALL
    if months is not None:
        since = timezone.make_aware(datetime.combine(first_month(months), datetime.min.time()))
    made = Figures(at=timezone.now())
    lists = (made.by_site, made.by_class, made.by_month, made.by_level, made.by_status)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [settings.TIME_ZONE, since])
        for row in cursor.fetchall():
            which = row[:5].index(0)
            value = row[5 + which]
            key = value.strftime("%Y-%m") if isinstance(value, date) else str(value or "")
            lists[which].append(Figure(key, *row[10:]))
    for figures in lists:
        figures.sort(key=lambda figure: (-figure.public, figure.key))
    made.by_month.sort(key=lambda figure: figure.key)
    return made


@dataclass(frozen=True)
class Reposted:
    """A resource and the number of sites that show it."""

    resource: Resource
    sites: int


def most_reposted() -> list[Reposted]:
    """Return the 20 resources that are live on most sites; the answer may be up to five minutes old."""
    pairs: list[tuple[int, int]] | None = cache.get("library-most-reposted")
    if pairs is None:
        counted = (
            Repost.objects.filter(state=Repost.State.LIVE)
            .values_list("resource_id")
            .annotate(sites=Count("tenant", distinct=True))
            .order_by("-sites", "-resource_id")
        )
        pairs = list(counted[:_MOST_REPOSTED])
        cache.set("library-most-reposted", pairs, _KEPT_SECONDS)
    found = Resource.objects.select_related("tenant").in_bulk([pk for pk, _sites in pairs])
    return [Reposted(found[pk], sites) for pk, sites in pairs if pk in found]


def latest_with(status: str) -> list[Resource]:
    """Return the ten resources of ``status`` that changed last, the newest first."""
    found = Resource.objects.filter(status=status).select_related("tenant").order_by("-updated_at", "-pk")
    return list(found[:_LATEST])


@dataclass(frozen=True)
class Quiet:
    """A site and when it last published something of its own and a repost; None: never."""

    site: Tenant
    own: datetime | None
    repost: datetime | None


def quiet_sites(days: int) -> list[Quiet]:
    """Return the sites in operation that published nothing for ``days`` days, the longest silent first."""
    newest = Resource.objects.filter(tenant=OuterRef("pk")).order_by("-published_at").values("published_at")[:1]
    reposts = Repost.objects.filter(tenant=OuterRef("pk"), state=Repost.State.LIVE, published_at__isnull=False)
    reposted = reposts.order_by("-published_at").values("published_at")[:1]
    limit = timezone.now() - timedelta(days=days)
    live = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).filter(status=Tenant.Status.LIVE)
    quiet = []
    for site in live.annotate(newest=Subquery(newest), reposted=Subquery(reposted)).order_by("code"):
        own, repost = site.newest, site.reposted
        if (own is None or own < limit) and (repost is None or repost < limit):
            quiet.append(Quiet(site, own, repost))
    return sorted(quiet, key=lambda one: max(one.own or _BEFORE_ALL, one.repost or _BEFORE_ALL))
