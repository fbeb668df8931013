"""What follows when a dictionary became another: what is public is scanned by it, without anybody asking."""

from typing import Any

from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Tenant


def change_to_follow(tenant: Tenant | None, more: bool, less: bool) -> dict[str, Any]:
    """Return the arguments of ``follow_dictionary``."""
    return {"site": tenant.code if tenant is not None else "", "more": more, "less": less}


def follow_dictionary(site: str, more: bool, less: bool) -> None:
    """Queue the scans of a site, or of all for ''; words that are added one after the other wait as one."""
    enqueue(
        "govplatform.review.rescans.tasks.rescan_for_words",
        in_schema="public",
        once=f"rescan:words:{site}:{more:d}{less:d}",
        site=site,
        more=more,
        less=less,
    )
