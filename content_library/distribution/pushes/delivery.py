"""The delivery of a push: one site after the other, each in its own transaction, so that a kill loses nothing."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
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
from govplatform.locks.holding import hold_shared, holding
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.models import Tenant

from ..models import ColumnMapping, PushTarget
from .answering import answer_duties
from .columns import choose_column, mappings_of

logger = logging.getLogger("content_library.distribution")
_MOST_ATTEMPTS = 20
_OPEN = (PushTarget.State.WAITING, PushTarget.State.POSTPONED)


def deliver(target_ids: Iterable[int]) -> int:
    """Make the drafts of these targets. Return how many are there now that were not before.

    Several processes may work on one push: each target is taken by one of them. A target that fails does not stop the
    others; it stays open and is tried again, up to 20 times.
    """
    with schema_context("public"):
        targets = list(
            PushTarget.objects.filter(pk__in=list(target_ids), state__in=_OPEN)
            .select_related("push__resource__tenant", "push__resource__current", "push__requested_by", "tenant")
            .prefetch_related("tenant__domains")
            .defer(
                "push__resource__current__html", "push__resource__current__text", "push__resource__current__link_marks"
            )
            .order_by("pk")
        )
        mappings = mappings_of([target.tenant for target in targets])
        pushed_before = _pushed_before(targets)
    made = 0
    for target in targets:
        try:
            made += _deliver_one(target, mappings.get(target.tenant_id, []), again=target.pk in pushed_before)
        except Busy as busy:
            # The target stays open: ``take_up_again``, run every minute, enqueues it.
            logger.info("push %s: site %s is busy: %s", target.push_id, target.tenant.code, busy)
        except Exception:
            # Whatever failed, the sites after this one in the batch get their drafts.
            logger.exception("push %s: site %s failed for now", target.push_id, target.tenant.code)
            recover_connection()
            with schema_context("public"):
                _note_failure(target)
    return made


def _deliver_one(target: PushTarget, mappings: list[ColumnMapping], *, again: bool) -> bool:
    with tenant_context(target.tenant), holding():
        _commit_without_waiting()
        # Another process at this target held the site's chain too: by now it is done, or nobody is at it.
        if not PushTarget.objects.filter(pk=target.pk, state__in=_OPEN).exists():
            return False
        if target.tenant.status != Tenant.Status.LIVE:
            _settle(target, PushTarget.State.POSTPONED, _why_postponed(target.tenant))
            return False
        try:
            with transaction.atomic():
                page_id, target.done_at, reasons, target.made_revision = _draft_for(target, mappings)
        except Busy:
            raise
        except Refused as refusal:
            _settle(target, PushTarget.State.REFUSED, str(refusal))
            return False
        target.page_id, target.delivered_at = page_id, timezone.now()
        _settle(target, PushTarget.State.DELIVERED, "；".join(reasons))
        if again:
            answer_duties(target.push.resource_id, target.tenant_id, target.page_id)
    return True


def _pushed_before(targets: list[PushTarget]) -> set[int]:
    """Return the ids of targets whose site was pushed the same resource earlier; one statement."""
    resources = {target.push.resource_id for target in targets}
    rows = PushTarget.objects.filter(
        push__resource__in=resources,
        tenant__in=[target.tenant_id for target in targets],
        state=PushTarget.State.DELIVERED,
    )
    earlier = set(rows.values_list("push__resource_id", "tenant_id"))
    return {target.pk for target in targets if (target.push.resource_id, target.tenant_id) in earlier}


def _draft_for(
    target: PushTarget, mappings: list[ColumnMapping]
) -> tuple[int, datetime | None, tuple[str, ...], int | None]:
    """The page, when it went live if it did already, what spoke against submitting it, its revision if made here."""
    push, tenant = target.push, target.tenant
    if (present := _present(push.resource, tenant)) is not None:
        # Pushed before, subscribed to, or reposted by the site itself: that page does this duty as well.
        return present.page_id, present.published_at, (), None
    made = draft_in_site(push.resource, tenant, mappings, push=push.pk, made_by=push.requested_by, submit=True)
    return made.page_id, None, made.reasons, made.revision


def draft_in_site(
    resource: Resource, tenant: Tenant, mappings: list[ColumnMapping], *, push: int, made_by: User, submit: bool
) -> MadeRepost:
    """Make the draft of a mirror of ``resource`` in ``tenant``; call inside the site with its chain held.

    Raises Refused when the resource may not be reposted (any more) or the site has no column for it.
    """

    def hold_version() -> ResourceVersion:
        version = hold_newest(resource)
        if reasons := _reasons_against(resource, tenant):
            raise Refused(reasons)
        return version

    # Reasons against the resource itself are told before those of a missing column.
    if reasons := _reasons_against(resource, tenant):
        raise Refused(reasons)
    site = reposter()
    column = choose_column(resource, mappings, site.columns())
    return site.make_pushed_draft(resource, hold_version, column=column, push=push, pushed_by=made_by, submit=submit)


def _reasons_against(resource: Resource, tenant: Tenant) -> list[str]:
    return [*reasons_against_reposting(resource), *reasons_against_receiving(resource, tenant, Repost.Mode.MIRROR)]


def hold_newest(resource: Resource) -> ResourceVersion:
    """Lock the resource's row (shared) and return its newest version; ``resource`` is brought up to date.

    Both stay as they are until the transaction ends: a recall waits, and finds the page. LookupError without a row.
    """
    row = hold_shared(Resource._meta.db_table, resource.pk, "status", "repostable", "disclosure", "current_id")
    if row is None:
        raise LookupError(f"resource {resource.pk} is gone")
    resource.status, resource.repostable, resource.disclosure, current_id = row
    if resource.current_id != current_id:
        resource.current = ResourceVersion.objects.defer("html", "text", "link_marks").get(pk=current_id)
    return resource.current


def _present(resource: Resource, tenant: Tenant) -> Repost | None:
    found = Repost.objects.filter(resource=resource, tenant=tenant).exclude(state=Repost.State.WITHDRAWN)
    return found.order_by("pk").first()


def _settle(target: PushTarget, state: str, reason: str) -> None:
    target.state, target.reason = state, reason
    target.attempts += 1
    target.ended_at = timezone.now() if state == PushTarget.State.REFUSED else target.done_at
    target.save(
        update_fields=[
            "state", "reason", "page_id", "made_revision", "delivered_at", "attempts", "done_at", "ended_at",
        ]
    )  # fmt: skip


def _note_failure(target: PushTarget) -> None:
    attempts = target.attempts + 1
    given_up = attempts >= _MOST_ATTEMPTS
    PushTarget.objects.filter(pk=target.pk, state__in=_OPEN).update(
        attempts=attempts,
        reason=_("多次生成均出现意外，不再自动重试，请告知平台运维人员，处理后重新推送。")
        if given_up
        else _("生成时出现意外，已记录，系统会再试。"),
        **({"state": PushTarget.State.REFUSED, "ended_at": timezone.now()} if given_up else {}),
    )


def _why_postponed(tenant: Tenant) -> str:
    return _("站点现在是“%(status)s”，恢复运行后自动生成。") % {"status": tenant.get_status_display()}


def _commit_without_waiting() -> None:
    # Draft and target are one transaction: what a crash of the database forgets, it forgets of both, and the
    # next look makes it again. So nobody has to wait a thousand times for the disk.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
