"""The work behind receipts: the page comes down, every address is requested, what is not gone is tried again."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from content_library.distribution.reposting import reposter
from govplatform.refusals import Refused
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.models import Tenant

from ..models import Recall, RecallReceipt
from .asking import ask

logger = logging.getLogger("content_library.distribution")
GONE = 410
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
_CLOSED = (Tenant.Status.OFFLINE, Tenant.Status.PREPARING)


def take_down_receipts(receipt_ids: Iterable[int]) -> int:
    """Take down the pages of these receipts, in that order, and ask for their addresses. Return how many are confirmed.

    May be killed and called again. Another process may be at the same receipts: what it has confirmed is passed over.
    """
    wanted = list(receipt_ids)
    # The state of the sites is read anew: what this process knows may be minutes old.
    forget_hosts()
    with schema_context("public"):
        receipts = sorted(
            RecallReceipt.objects.filter(pk__in=wanted, recall__restored=False)
            .exclude(state=RecallReceipt.State.CONFIRMED)
            .select_related("recall__resource", "tenant")
            .prefetch_related("tenant__domains"),
            key=lambda receipt: wanted.index(receipt.pk),
        )
    for receipt in receipts:
        if _still_open(receipt):
            _one(receipt)
    for recall_id in sorted({receipt.recall_id for receipt in receipts}):
        _end_when_complete(recall_id)
    return sum(receipt.state == RecallReceipt.State.CONFIRMED for receipt in receipts)


def _still_open(receipt: RecallReceipt) -> bool:
    with schema_context("public"):
        rows = RecallReceipt.objects.filter(pk=receipt.pk, recall__restored=False)
        state = rows.values_list("state", flat=True).first()
    receipt.state = state or receipt.state
    return state not in (None, RecallReceipt.State.CONFIRMED)


def _one(receipt: RecallReceipt) -> None:
    try:
        _take_down(receipt)
        _confirm(receipt)
    except Refused as refusal:
        _failed(receipt, str(refusal))
    except Exception as problem:
        # Whatever failed, this site is tried again, and the others do not wait for it.
        logger.exception("recall %s: site %s failed", receipt.recall_id, receipt.tenant.code)
        recover_connection()
        _failed(receipt, _("撤下时出现意外：%(problem)s") % {"problem": type(problem).__name__})


def _take_down(receipt: RecallReceipt) -> None:
    if receipt.tenant.dropped_at is not None:
        # Nothing of this site is served any more: its pages went with its schema, its hosts answer from the ledger.
        receipt.addresses, receipt.taken_down_at = [], receipt.taken_down_at or timezone.now()
        _save(receipt)
        return
    with tenant_context(receipt.tenant):
        # Read before it comes down, and again after: what was public once is asked for.
        addresses = reposter().public_addresses(int(receipt.page_id or 0))
        if not receipt.is_source:
            reposter().take_down(int(receipt.page_id or 0), reason=receipt.recall.reason)
    receipt.addresses = addresses
    if receipt.taken_down_at is None:
        receipt.taken_down_at = timezone.now()
        receipt.state = RecallReceipt.State.TAKEN_DOWN
    _save(receipt)


def _confirm(receipt: RecallReceipt) -> None:
    answers = {path: ask(receipt.tenant, path) for path in receipt.addresses}
    receipt.still_served = [path for path, status in answers.items() if status != GONE]
    if not receipt.still_served:
        receipt.state, receipt.problem = RecallReceipt.State.CONFIRMED, ""
        receipt.confirmed_at = timezone.now()
        _save(receipt)
        return
    if receipt.tenant.status in _CLOSED and set(answers.values()) <= {503, GONE}:
        receipt.state = RecallReceipt.State.OFFLINE
        receipt.problem = _("站点未运行，公众访问不到；恢复运行后逐个网址核对。")
        receipt.next_at = timezone.now() + _LONGEST_WAIT
        _save(receipt)
        return
    told = "、".join(f"{path}（{answers[path]}）" for path in receipt.still_served)
    _failed(receipt, _("撤下之后仍有应答：%(addresses)s") % {"addresses": told})


def _failed(receipt: RecallReceipt, problem: str) -> None:
    receipt.attempts += 1
    receipt.state, receipt.problem = RecallReceipt.State.FAILED, problem
    receipt.next_at = timezone.now() + min(_FIRST_WAIT * 2 ** min(receipt.attempts - 1, 10), _LONGEST_WAIT)
    _save(receipt)


def _save(receipt: RecallReceipt) -> None:
    with schema_context("public"):
        # One statement, a transaction by itself. A confirmed receipt stays so, whatever a slower process saves.
        RecallReceipt.objects.filter(pk=receipt.pk).exclude(state=RecallReceipt.State.CONFIRMED).update(
            state=receipt.state,
            addresses=receipt.addresses,
            still_served=receipt.still_served,
            problem=receipt.problem,
            attempts=receipt.attempts,
            next_at=receipt.next_at,
            taken_down_at=receipt.taken_down_at,
            confirmed_at=receipt.confirmed_at,
        )


def _end_when_complete(recall_id: int) -> None:
    with schema_context("public"), transaction.atomic():
        open_receipts = RecallReceipt.objects.filter(recall_id=recall_id).exclude(state=RecallReceipt.State.CONFIRMED)
        if not open_receipts.exists():
            Recall.objects.filter(pk=recall_id, ended_at__isnull=True).update(ended_at=timezone.now())
