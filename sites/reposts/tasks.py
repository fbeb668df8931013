"""Jobs: one that fans out, and one per site, so that a site that fails is tried again alone."""

import logging

from django.db import transaction
from django_tasks import task
from django_tenants.utils import tenant_context

from content_library.models import Repost
from govplatform.locks.holding import holding
from govplatform.refusals import Busy, Refused

logger = logging.getLogger("sites.reposts")


@task()
def spread_version(resource_id: int) -> None:
    """Ask each site whose mirror does not follow by itself to review the newest version."""
    waiting = Repost.objects.filter(resource_id=resource_id, mode=Repost.Mode.MIRROR, pending__isnull=False)
    _enqueue_in_sites(follow_in_site, list(waiting.select_related("tenant")))


@task()
def follow_in_site(repost_id: int) -> None:
    """One site's part of it. A refusal is a result: editors see that a newer version waits."""
    from .actions import follow_source

    repost = Repost.objects.select_related("resource__current", "resource__tenant").filter(pk=repost_id).first()
    if repost is None:
        return
    try:
        with holding():
            follow_source(repost)
    except Busy:
        # The queue tries again.
        raise
    except Refused as refusal:
        logger.info("repost %s does not follow: %s", repost_id, refusal)


def _enqueue_in_sites(job: object, reposts: list[Repost]) -> None:
    with transaction.atomic():
        for repost in reposts:
            with tenant_context(repost.tenant):
                job.enqueue(repost_id=repost.pk)  # type: ignore[attr-defined]
