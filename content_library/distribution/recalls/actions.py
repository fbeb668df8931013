"""Recall: the resource is withdrawn at once, and each site that showed it owes a receipt."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context
from wagtail.models import Page

from content_library.distribution.reposting import origin_of
from content_library.models import Repost, Resource
from content_library.resources.actions import withdraw_resource
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CONTENT_REVIEWER
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.gate.status import APPROVED, page_status
from govplatform.review.submission.actions import withdraw_page

from ..models import Recall, RecallReceipt
from ..permissions import reasons_against_recalling

BATCH = 25


def recall_resource(resource: Resource, *, acting_user: User, reason: str) -> Recall:
    """Nobody serves it from the commit on; receipts follow. Raises Refused with the reasons.

    By a content reviewer of the source, who withdraws the page there, or by a supervisor, whose withdrawal is one at
    once (to be confirmed by somebody else). What was reposted from elsewhere is recalled at its origin.
    """
    with transaction.atomic():
        resource = origin_of(resource)
        reasons = reasons_against_recalling(acting_user, resource)
        if not reason.strip():
            reasons.append(_("收回须写明理由。"))
        if resource.is_withdrawn:
            reasons.append(_("“%(title)s”已经撤回；进度请看收回回执。") % {"title": resource.title})
        if reasons:
            raise Refused(reasons)
        source = resource.tenant
        if source is None:
            with schema_context("public"):
                withdraw_resource(resource, reason=reason.strip())
                record_act("push.recall", acting_user=acting_user, obj=resource, detail=_detail(resource, reason))
        else:
            with tenant_context(source):
                record_act("push.recall", acting_user=acting_user, obj=resource, detail=_detail(resource, reason))
                _withdraw_at_source(resource, acting_user, reason.strip())
        recall = Recall.objects.filter(resource=resource).order_by("-pk").first()
        if recall is None:
            raise LookupError("a withdrawal opens a recall")
        recall.requested_by, recall.reason = acting_user, reason.strip()
        recall.save(update_fields=["requested_by", "reason"])
    return recall


def _withdraw_at_source(resource: Resource, acting_user: User, reason: str) -> None:
    page = Page.objects.filter(pk=resource.page_id).first()
    if page is not None and (page.live or page_status(page) == APPROVED):
        by_reviewer = resource.tenant is not None and has_role(acting_user, CONTENT_REVIEWER.code, resource.tenant)
        withdraw_page(page, acting_user=acting_user, reason=reason, break_glass=not by_reviewer)
    # A source page that was down already (or whose site is closed) leaves the library to be told.
    withdraw_resource(resource, reason=reason)


def open_recall(resource: Resource, reason: str) -> Recall:
    """In the transaction that withdraws ``resource`` and holds its row: every page that shows it owes a receipt."""
    from .. import tasks

    recall = Recall.objects.create(resource=resource, reason=reason)
    shown = Repost.objects.filter(resource=resource).exclude(state=Repost.State.WITHDRAWN).order_by("pk")
    receipts = [
        RecallReceipt(recall=recall, tenant_id=tenant_id, page_id=page_id)
        for tenant_id, page_id in shown.values_list("tenant_id", "page_id")
    ]
    if resource.tenant_id is not None:
        receipts.insert(
            0, RecallReceipt(recall=recall, tenant_id=resource.tenant_id, page_id=resource.page_id, is_source=True)
        )
    RecallReceipt.objects.bulk_create(receipts)
    ids = list(recall.receipts.order_by("pk").values_list("pk", flat=True))
    with schema_context("public"):
        for start in range(0, len(ids), BATCH):
            tasks.take_down_batch.enqueue(receipt_ids=ids[start : start + BATCH])
    if not ids:
        Recall.objects.filter(pk=recall.pk).update(ended_at=timezone.now())
    return recall


def end_restored(resource: Resource) -> None:
    """The source is public again: what is still open of its recalls ends here."""
    Recall.objects.filter(resource=resource, ended_at__isnull=True).update(restored=True, ended_at=timezone.now())


def _detail(resource: Resource, reason: str) -> dict[str, str]:
    return {"resource": str(resource.uuid), "reason": reason.strip()}
