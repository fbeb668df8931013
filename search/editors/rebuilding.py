"""Entering everything of a site in the search of its console anew: after an upgrade, or when its table was lost."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from wagtail.search.models import IndexEntry

from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.models import Tenant

_JOB = "rebuild_console_search"


def rebuild_console_search(
    tenant: Tenant | None = None, *, progress: Callable[[int, int, str], None] | None = None
) -> dict[str, Any]:
    """Enter all of one site, or of every one: ``{"sites", "objects", "seconds", "faults": [{"site", "error"}]}``.

    A site is one transaction: until its end the console finds what it found before. A site that fails stops no other.
    """
    began = time.monotonic()
    tenants = list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).with_schema()) if tenant is None else [tenant]
    done = 0

    def enter(run: SiteRun) -> int:
        nonlocal done
        call_command("wagtail_update_index", verbosity=0)
        done += 1
        if progress is not None:
            progress(done, len(tenants), run.tenant.code)
        return int(IndexEntry.objects.count())

    report = each_site(enter, job=_JOB, tenants=tenants, again=False)
    return {
        "sites": len(report.done),
        "objects": sum(count for _tenant, count in report.done),
        "seconds": round(time.monotonic() - began, 1),
        "faults": [{"site": failure.tenant.code, "error": failure.error} for failure in report.failed],
    }
