"""The steps after a pushed draft is made: index and scan, and publication under a standing clearance."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django_tenants.utils import schema_context, tenant_context

from content_library.distribution.reposting import reposter
from govplatform.refusals import Refused
from govplatform.tenancy.each_site import recover_connection

from .models import PushTarget
from .standing import publish_under_standing_clearance

logger = logging.getLogger("content_library.distribution")


def follow_up(target_ids: Iterable[int]) -> int:
    """Scan the drafts of these targets and publish where a standing clearance allows. Return how many are done.

    May be killed and called again; one site's failure does not stop the others.
    """
    with schema_context("public"):
        targets = list(
            PushTarget.objects.filter(
                pk__in=list(target_ids), state=PushTarget.State.DELIVERED, followed_up=False, page_id__isnull=False
            )
            .select_related("push__resource__tenant", "tenant")
            .prefetch_related("tenant__domains")
            .order_by("pk")
        )
    done = 0
    for target in targets:
        try:
            done += _follow_up_one(target)
        except Refused as refusal:
            logger.warning("push %s: site %s is not ready: %s", target.push_id, target.tenant.code, refusal)
        except Exception:
            logger.exception("push %s: site %s is not ready", target.push_id, target.tenant.code)
            recover_connection()
    return done


def _follow_up_one(target: PushTarget) -> bool:
    with tenant_context(target.tenant):
        # The scan keeps its own transactions: a kill loses one file at most.
        reposter().prepare_pushed_draft(int(target.page_id or 0))
        note = publish_under_standing_clearance(target)
        with transaction.atomic():
            changed = PushTarget.objects.filter(pk=target.pk, followed_up=False).update(followed_up=True)
            if note:
                PushTarget.objects.filter(pk=target.pk).update(reason=note)
    return bool(changed)
