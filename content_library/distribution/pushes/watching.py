"""What a push learns of its page on a receiving site: returned by a reviewer, or live."""

from django.utils import timezone
from wagtail.models import Page

from govplatform.audit.actions import record_act
from govplatform.review.models import Decision
from govplatform.tenancy.current import current_tenant_or_none

from ..models import PushTarget
from .upkeep import end_duties


def note_rejection(page: Page) -> None:
    """Show the opinion of the receiving site's reviewer to the supervisor and the source."""
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
    """The page is live: the duty is done, and nobody is reminded of it any more."""
    tenant = current_tenant_or_none()
    if tenant is not None and PushTarget.objects.filter(tenant=tenant, page_id=page.pk, done_at=None).exists():
        end_duties(tenant.pk, page.pk, done_at=page.first_published_at or timezone.now())
