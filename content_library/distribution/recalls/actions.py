"""The act of recalling: the resource is withdrawn at once, and each site that showed it owes a receipt."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context
from wagtail.models import Page

from content_library.distribution.reposting import origin_of
from content_library.models import Repost, Resource, ResourceVersion
from content_library.resources.actions import withdraw_resource
from content_library.resources.showing import copies_of
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CONTENT_REVIEWER
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.gate.status import APPROVED, page_status
from govplatform.review.submission.actions import withdraw_and_follow
from govplatform.tenancy.jobs import enqueue

from ..models import Recall, RecallReceipt
from ..permissions import reasons_against_recalling

#: The job behind receipts, by name: its module imports this one.
TAKE_DOWN = "content_library.distribution.tasks.take_down_batch"
HELP_TAKING_DOWN = "content_library.distribution.tasks.help_taking_down"
#: Number of receipts of one job.
BATCH = 25


def recall_resource(resource: Resource, *, acting_user: User, reason: str) -> Recall:
    """Withdraw a resource, so that from the commit on nobody serves it; receipts follow. Raises Refused.

    By a content reviewer of the source, who withdraws the page there, or by a supervisor, whose withdrawal is one at
    once (to be confirmed by somebody else). What was reposted from elsewhere is recalled at its origin.
    """
    resource = origin_of(resource)
    source = resource.tenant
    # Of a site that ended and was dropped the library and the record are left; its page went with its schema.
    is_here = source is not None and source.dropped_at is None
    inside = tenant_context(source) if is_here else schema_context("public")
    pages = [resource.page_id] if is_here and resource.page_id is not None else []
    chains = [source.schema_name] if source is not None else []
    with inside, acting(acting_user, *chains, pages=pages, on=source):
        # Read while holding the chain: a recall or withdrawal that came first is seen.
        resource.refresh_from_db(fields=["status"])
        reasons = reasons_against_recalling(acting_user, resource)
        if not reason.strip():
            reasons.append(_("收回须写明理由。"))
        if resource.is_withdrawn:
            reasons.append(_already_withdrawn(resource))
        if reasons:
            raise Refused(reasons)
        record_act(
            "push.recall",
            acting_user=acting_user,
            obj=resource,
            detail=_detail(resource, reason),
            chain=chains[0] if chains else None,
        )
        followed = withdraw_resource(resource, reason=reason.strip(), recalled_by=acting_user)
        if followed is None:
            raise Refused(_already_withdrawn(resource))
        if is_here:
            _withdraw_page(resource, acting_user, reason.strip())
    return followed.result_of(open_recall)


def _withdraw_page(resource: Resource, acting_user: User, reason: str) -> None:
    """Withdraw the page of a resource that is withdrawn already, unless it is gone or down."""
    page = Page.objects.filter(pk=resource.page_id).first()
    if page is None or not (page.live or page_status(page) == APPROVED):
        return
    by_reviewer = resource.tenant is not None and has_role(acting_user, CONTENT_REVIEWER.code, resource.tenant)
    withdraw_and_follow(page, acting_user=acting_user, reason=reason, break_glass=not by_reviewer)


def open_recall(resource: Resource, reason: str, recalled_by: User | None) -> Recall:
    """In the transaction that withdraws ``resource`` and holds its row: every page that shows it owes a receipt.

    So does every page with words that were copied from it, at however many removes, and what shows those in turn.
    """
    copies = list(copies_of(resource))
    shown = Repost.objects.filter(resource__in=[resource, *copies]).exclude(state=Repost.State.WITHDRAWN)
    places: dict[tuple[int, int | None], None] = {}
    places |= dict.fromkeys(shown.order_by("pk").values_list("tenant_id", "page_id"))
    places |= {(copy.tenant_id, copy.page_id): None for copy in copies if copy.tenant_id and not copy.is_withdrawn}
    receipts = [RecallReceipt(tenant_id=tenant_id, page_id=page_id) for tenant_id, page_id in places]
    if resource.tenant_id is not None:
        receipts.insert(0, RecallReceipt(tenant_id=resource.tenant_id, page_id=resource.page_id, is_source=True))
    # Written once and whole: a row that is changed later would be locked behind the reposts.
    recall = Recall.objects.create(
        resource=resource,
        reason=reason,
        requested_by=recalled_by,
        total=len(receipts),
        ended_at=None if receipts else timezone.now(),
    )
    for receipt in receipts:
        receipt.recall = recall
    RecallReceipt.objects.bulk_create(receipts)
    ids = list(recall.receipts.order_by("pk").values_list("pk", flat=True))
    asker = resource.tenant.schema_name if resource.tenant is not None else "public"
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    with schema_context("public"):
        for batch in batches:
            enqueue(TAKE_DOWN, on_behalf_of=asker, receipt_ids=batch)
        # What is urgent has one process. Of many sites the last are begun by another one, towards the first.
        for batch in reversed(batches[1:]):
            enqueue(HELP_TAKING_DOWN, on_behalf_of=asker, receipt_ids=batch[::-1])
    return recall


def end_corrected(resource: Resource, previous: ResourceVersion | None) -> None:
    """End the recalls of a resource that has a later version: it may bring back what was withdrawn.

    ``previous`` None: this is the first version, and nothing happens. Raises Refused for a resource of another platform
    that somebody recalled here: nobody here reviews its next version before the library has it.
    """
    if previous is None:
        return
    last = Recall.objects.filter(resource=resource).order_by("-pk").first()
    if last is not None and resource.tenant_id is None and last.requested_by_id is not None and not last.restored:
        raise Refused(
            _("“%(title)s”已由本平台收回，不随来源恢复。确需恢复的，请来源单位作为新的资源重新发布。")
            % {"title": resource.title}
        )
    end_restored(resource)


def end_restored(resource: Resource) -> None:
    """End the open recalls of a resource whose source is public again; their receipts are asked for no more."""
    ended = list(Recall.objects.filter(resource=resource, ended_at__isnull=True).values_list("pk", flat=True))
    if ended:
        Recall.objects.filter(pk__in=ended).update(restored=True, ended_at=timezone.now())
        still_open = RecallReceipt.objects.filter(recall__in=ended).exclude(state=RecallReceipt.State.CONFIRMED)
        still_open.update(next_at=None)


def _already_withdrawn(resource: Resource) -> str:
    return _("“%(title)s”已经撤回；进度请看收回回执。") % {"title": resource.title}


def _detail(resource: Resource, reason: str) -> dict[str, str]:
    return {"resource": str(resource.uuid), "reason": reason.strip()}
