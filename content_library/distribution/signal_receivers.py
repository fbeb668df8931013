"""A withdrawal anywhere opens a recall, a new resource reaches its subscribers, a rejection reaches who pushed."""

from typing import Any

from django.utils import timezone
from wagtail.models import Page, WorkflowState
from wagtail.signals import workflow_rejected

from content_library.models import Resource, ResourceVersion
from content_library.signals import resource_restored, resource_withdrawn, version_entered
from govplatform.audit.actions import record_act
from govplatform.review.models import Decision
from govplatform.review.signals import page_cleared
from govplatform.review.submission.deadlines import register_duties
from govplatform.tenancy.current import current_tenant_or_none

from . import tasks
from .models import PushNotice, PushTarget
from .queries import deadlines_of
from .recalls.actions import end_restored, open_recall
from .subscriptions import subscriptions_for


def connect() -> None:
    register_duties(deadlines_of)
    resource_withdrawn.connect(recall_withdrawn, dispatch_uid="pushes-withdrawn")
    resource_restored.connect(note_restored, dispatch_uid="pushes-restored")
    version_entered.connect(note_version, dispatch_uid="pushes-version")
    workflow_rejected.connect(note_rejection, sender=WorkflowState, dispatch_uid="pushes-rejected")
    page_cleared.connect(note_done, dispatch_uid="pushes-done")


def recall_withdrawn(*, resource: Resource, reason: str, **_kwargs: Any) -> None:
    open_recall(resource, reason)


def note_restored(*, resource: Resource, **_kwargs: Any) -> None:
    end_restored(resource)


def note_version(*, resource: Resource, version: ResourceVersion, previous: Any, **_kwargs: Any) -> None:
    """The first version goes to subscribers; a later one may bring back what was withdrawn."""
    if previous is not None:
        end_restored(resource)
    elif subscriptions_for(resource):
        tasks.spread_to_subscribers.enqueue(resource_id=resource.pk)


def note_rejection(*, instance: WorkflowState, **_kwargs: Any) -> None:
    """The opinion of the receiver's reviewer, where the supervisor and the source see it."""
    page, tenant = instance.content_object, current_tenant_or_none()
    if not isinstance(page, Page) or tenant is None:
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


def note_done(*, page: Any, **_kwargs: Any) -> None:
    """Live: nobody is reminded any more."""
    tenant = current_tenant_or_none()
    if tenant is not None:
        PushNotice.objects.filter(target__tenant=tenant, target__page_id=page.pk).delete()
