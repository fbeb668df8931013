"""What is known of archives."""

from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.tenancy.models import Tenant

from .building import Scope
from .capture.described import is_column
from .models import Archive


def archives() -> QuerySet[Archive]:
    """All archives, the newest request first."""
    return Archive.objects.select_related("tenant", "requested_by")


def readable_archives() -> QuerySet[Archive]:
    """Those that are finished, by site and then the newest state first."""
    finished = Archive.objects.filter(state=Archive.State.DONE).exclude(verdict=Archive.Verdict.FAULTY)
    return finished.select_related("tenant").order_by("tenant__code", "-state_at", "-pk")


def verified_archive(tenant: Tenant, *, since: datetime | None = None) -> Archive | None:
    """The newest whole archive of all of ``tenant`` that was verified (from ``since`` on) and still lies in its place."""
    found = Archive.objects.filter(
        tenant=tenant, column="", state=Archive.State.DONE, verdict=Archive.Verdict.WHOLE
    ).order_by("-state_at", "-pk")
    if since is not None:
        found = found.filter(verified_at__gte=since)
    return next((archive for archive in found if Path(archive.folder).is_dir()), None)


def scope_of(tenant: Tenant, column: str) -> Scope:
    """What an archive of ``tenant`` covers. Raises Refused when it has no live column with the slug ``column``."""
    if not column:
        return Scope()
    with tenant_context(tenant):
        found = [page for page in Page.objects.filter(slug=column, live=True, depth__gt=2).specific() if is_column(page)]
        if len(found) != 1:
            raise Refused(
                _("“%(site)s”没有地址段为“%(column)s”的公开栏目。请检查 --column。")
                % {"site": tenant.full_name, "column": column}
            )
        return Scope(column, site_path(found[0]), found[0].title)
