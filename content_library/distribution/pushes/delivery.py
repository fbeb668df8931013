"""A push arrives: one site after the other, each in a transaction of its own, however often it is killed."""

import logging
from collections.abc import Iterable

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from content_library.distribution.reposting import (
    MadeRepost,
    reasons_against_receiving,
    reasons_against_reposting,
    reposter,
)
from content_library.models import Repost, Resource, ResourceVersion
from govplatform.accounts.models import User
from govplatform.audit.actions import hold_chain
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import ColumnMapping, PushTarget
from .columns import choose_column, mappings_of

logger = logging.getLogger("content_library.distribution")
_MOST_ATTEMPTS = 20
_OPEN = (PushTarget.State.WAITING, PushTarget.State.POSTPONED)


def deliver(target_ids: Iterable[int]) -> int:
    """Make the drafts of these targets. Returns how many there are now that were not before.

    Several processes may work on one push: each target is taken by one of them. One that fails stays WAITING and
    does not stop the others.
    """
    with schema_context("public"):
        targets = list(
            PushTarget.objects.filter(pk__in=list(target_ids), state__in=_OPEN)
            .select_related("push__resource__tenant", "push__resource__current", "push__requested_by", "tenant")
            .prefetch_related("tenant__domains")
            .defer("push__resource__current__html", "push__resource__current__text")
            .order_by("pk")
        )
        mappings = mappings_of([target.tenant for target in targets])
    made = 0
    for target in targets:
        try:
            made += _deliver_one(target, mappings.get(target.tenant_id, []))
        except DatabaseError:
            logger.exception("push %s: site %s failed for now", target.push_id, target.tenant.code)
            with schema_context("public"):
                _note_failure(target)
    return made


def _deliver_one(target: PushTarget, mappings: list[ColumnMapping]) -> bool:
    with tenant_context(target.tenant), transaction.atomic():
        _commit_without_waiting()
        if not _take(target):
            return False
        if target.tenant.status != Tenant.Status.LIVE:
            _settle(target, PushTarget.State.POSTPONED, _why_postponed(target.tenant))
            return False
        try:
            with transaction.atomic():
                hold_chain()
                page_id, reasons = _draft_for(target, mappings)
        except Refused as refusal:
            _settle(target, PushTarget.State.REFUSED, str(refusal))
            return False
        target.page_id, target.delivered_at = page_id, timezone.now()
        _settle(target, PushTarget.State.DELIVERED, "；".join(reasons))
    return True


def _draft_for(target: PushTarget, mappings: list[ColumnMapping]) -> tuple[int, tuple[str, ...]]:
    push, tenant = target.push, target.tenant
    if (present := _present(push.resource, tenant)) is not None:
        # Pushed before, subscribed to, or reposted by the site itself: that page does this duty as well.
        return present, ()
    made = draft_in_site(push.resource, tenant, mappings, push=push.pk, made_by=push.requested_by, submit=True)
    return made.page_id, made.reasons


def draft_in_site(
    resource: Resource, tenant: Tenant, mappings: list[ColumnMapping], *, push: int, made_by: User, submit: bool
) -> MadeRepost:
    """Inside the site, its chain held. Raises Refused when it may not be reposted (any more) or has no column."""
    version = hold_newest(resource)
    reasons = [*reasons_against_reposting(resource), *reasons_against_receiving(resource, tenant, Repost.Mode.MIRROR)]
    if reasons:
        raise Refused(reasons)
    site = reposter()
    column = choose_column(resource, mappings, site.columns())
    return site.make_pushed_draft(resource, version, column=column, push=push, pushed_by=made_by, submit=submit)


def hold_newest(resource: Resource) -> ResourceVersion:
    """Status and version as they are now and stay until the transaction ends: a recall waits, and finds the page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, repostable, disclosure, current_id FROM public.content_library_resource"
            " WHERE id = %s FOR SHARE",
            [resource.pk],
        )
        status, repostable, disclosure, current_id = cursor.fetchone()
    resource.status, resource.repostable, resource.disclosure = status, repostable, disclosure
    if resource.current_id != current_id:
        resource.current = ResourceVersion.objects.defer("html", "text").get(pk=current_id)
    return resource.current


def _present(resource: Resource, tenant: Tenant) -> int | None:
    found = Repost.objects.filter(resource=resource, tenant=tenant).exclude(state=Repost.State.WITHDRAWN)
    return found.order_by("pk").values_list("page_id", flat=True).first()


def _take(target: PushTarget) -> bool:
    """Ours for this transaction, unless somebody else is at it or has done it."""
    row = PushTarget.objects.select_for_update(skip_locked=True).filter(pk=target.pk, state__in=_OPEN)
    return row.values_list("pk", flat=True).first() is not None


def _settle(target: PushTarget, state: str, reason: str) -> None:
    target.state, target.reason = state, reason
    target.attempts += 1
    target.save(update_fields=["state", "reason", "page_id", "delivered_at", "attempts"])


def _note_failure(target: PushTarget) -> None:
    attempts = target.attempts + 1
    given_up = attempts >= _MOST_ATTEMPTS
    PushTarget.objects.filter(pk=target.pk, state__in=_OPEN).update(
        attempts=attempts,
        reason=_("生成时出现意外，已记录，系统会再试。"),
        **({"state": PushTarget.State.REFUSED} if given_up else {}),
    )


def _why_postponed(tenant: Tenant) -> str:
    return _("站点现在是“%(status)s”，恢复运行后自动生成。") % {"status": tenant.get_status_display()}


def _commit_without_waiting() -> None:
    # Draft and target are one transaction: what a crash of the database forgets, it forgets of both, and the
    # next look makes it again. So nobody has to wait a thousand times for the disk.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
