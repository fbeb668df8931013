"""Handlers that tell a push what became of its page on a receiving site: sent back by a reviewer, or live."""

from django.utils import timezone
from wagtail.models import Page

from govplatform.audit.actions import record_act
from govplatform.review.models import Decision
from govplatform.tenancy.current import current_tenant_or_none

from ..models import PushTarget
from .upkeep import end_duties


def note_rejection(page: Page) -> None:
    """Keep a receiving reviewer's opinion with the push, for the supervisor and the source to read."""
    tenant = current_tenant_or_none()
    if tenant is None:
        return
    targets = PushTarget.objects.filter(tenant=tenant, page_id=page.pk)
    if not targets.exists():
        return
    decision = Decision.objects.filter(page_id=page.pk, verdict=Decision.Verdict.REJECTED).order_by("-pk").first()
    opinion = decision.opinion if decision else ""
    name = decision.reviewer_name if decision else ""
    targets.update(rejection=opinion, rejected_by=name, rejected_at=timezone.now())
    record_act(
        "push.rejected",
        acting_user=decision.reviewer if decision else None,
        obj=page,
        detail={"push": list(targets.values_list("push_id", flat=True)), "opinion": opinion},
    )


def end_duty(page: Page) -> None:
    """Mark the duty done when its page goes live, so that nobody is reminded of it any more."""
    tenant = current_tenant_or_none()
    if tenant is not None and PushTarget.objects.filter(tenant=tenant, page_id=page.pk, done_at=None).exists():
        end_duties(tenant.pk, page.pk, done_at=page.first_published_at or timezone.now())
