"""What the review puts into every template: its workflows; and what it does when a schedule is due."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models.signals import pre_delete
from wagtail.models import Page, Task, Workflow, WorkflowPage, WorkflowTask
from wagtail.signals import page_published, pre_page_move

from govplatform.refusals import Refused
from govplatform.tenancy.signals import template_prepared

from .gate.levels import CONFIDENTIALITY_TASK_NAME, CONTENT_TASK_NAMES, WORKFLOW_NAMES
from .gate.requirements import reasons_against_deleting, reasons_against_moving
from .models import Clearance, ConfidentialityReviewTask, ContentReviewTask


def connect() -> None:
    template_prepared.connect(prepare_workflow, dispatch_uid="review-workflow")
    page_published.connect(note_scheduled_publication, dispatch_uid="review-scheduled")
    pre_page_move.connect(refuse_moving_live_content, dispatch_uid="review-move")
    pre_delete.connect(refuse_deleting_kept_content, dispatch_uid="review-delete")


def refuse_moving_live_content(
    *, instance: Page, parent_page_before: Page, parent_page_after: Page, **_kwargs: Any
) -> None:
    """Whoever moves, through whichever door. Raises Refused."""
    if reasons := reasons_against_moving(instance, parent_page_before, parent_page_after):
        raise Refused(reasons)


def refuse_deleting_kept_content(*, sender: type, instance: Any, **_kwargs: Any) -> None:
    """Page by page, a whole branch and a queryset alike; the foreign keys refuse the rest. Raises Refused."""
    if issubclass(sender, Page) and (reasons := reasons_against_deleting(instance)):
        raise Refused(reasons)


def prepare_workflow(**_kwargs: Any) -> None:
    """One workflow per number of content reviews, the first on the root of the tree; Wagtail's sample goes. Idempotent.

    Migration 0005 writes the same into the sites that were there before it.
    """
    ContentType.objects.clear_cache()
    Workflow.objects.exclude(name__in=WORKFLOW_NAMES.values()).delete()
    secret, _created = ConfidentialityReviewTask.objects.get_or_create(name=CONFIDENTIALITY_TASK_NAME)
    reviews = [
        ContentReviewTask.objects.get_or_create(level=level, defaults={"name": name})[0]
        for level, name in CONTENT_TASK_NAMES.items()
    ]
    Task.objects.exclude(pk__in=[task.pk for task in (*reviews, secret)]).delete()
    for levels, name in WORKFLOW_NAMES.items():
        workflow, _created = Workflow.objects.get_or_create(name=name)
        for order, task in enumerate([*reviews[:levels], secret]):
            WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": order})
    root = Page.objects.filter(depth=1).get()
    WorkflowPage.objects.update_or_create(
        page=root, defaults={"workflow": Workflow.objects.get(name=WORKFLOW_NAMES[1])}
    )


def note_scheduled_publication(*, instance: Page, revision: Any, **_kwargs: Any) -> None:
    """A schedule that came due publishes through Wagtail's command; the act is recorded here."""
    from .submission.actions import settle_published

    if not instance.live or not revision.approved_go_live_at or not connection.in_atomic_block:
        return
    clearance = Clearance.objects.filter(
        page_id=instance.pk, revision_id=revision.pk, status=Clearance.Status.VALID
    ).first()
    if clearance is not None:
        settle_published(instance, clearance, acting_user=None)
