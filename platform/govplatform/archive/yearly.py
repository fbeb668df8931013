"""Archives of sites that live on: asked for by themselves when so long a time has gone by as the rule pack says."""

from datetime import datetime, timedelta

from django.db.models import Max, Q

from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant

from .models import Archive

#: So many sites a day: an archive reads every public address of its site. The product's own number.
A_DAY = 5
#: One that could not be made is not asked for again before so many days.
PAUSE = timedelta(days=7)


def sites_due(now: datetime, most: int = A_DAY) -> list[Tenant]:
    """Return the sites whose yearly archive is due at ``now``, the longest overdue first; at most ``most``.

    Counted from the last archive of the whole site, or from the day on which the site was opened. A rule pack whose
    limit ``site_archive`` is 0 asks for none. Only sites that citizens read are due.
    """
    asked_lately = Archive.objects.filter(column="", requested_at__gt=now - PAUSE)
    running = Archive.objects.filter(column="", state__in=(Archive.State.WAITING, Archive.State.RUNNING))
    last = Max("archives__finished_at", filter=Q(archives__column="", archives__state=Archive.State.DONE))
    live = (
        Tenant.objects.filter(status=Tenant.Status.LIVE, moved_into=None, dropped_at=None)
        .exclude(kind=Tenant.Kind.CONSOLE)
        .exclude(pk__in=asked_lately.values("tenant"))
        .exclude(pk__in=running.values("tenant"))
        .annotate(archived_at=last)
    )
    found = []
    for tenant in live:
        days = rule_pack_of(tenant).limit("site_archive").days
        since = tenant.archived_at or tenant.created_at
        due = since + timedelta(days=days)
        if days and due <= now:
            found.append((due, tenant.code, tenant))
    return [tenant for _due, _code, tenant in sorted(found)[:most]]
