"""The workflows that Wagtail walks through, one for each number of content reviews."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Task, Workflow, WorkflowPage, WorkflowTask

from ..models import ConfidentialityReviewTask, ContentReviewTask
from .levels import CONFIDENTIALITY_TASK_NAME, CONTENT_TASK_NAMES, WORKFLOW_NAMES


def prepare_workflows() -> None:
    """Make one workflow per number of content reviews, the first on the root of the tree. Idempotent.

    Wagtail's sample workflow goes. Migration 0005 writes the same into the sites that were there before it.
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
