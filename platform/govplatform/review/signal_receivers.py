"""The receivers of Wagtail's and Django's signals, so that no way into Wagtail passes the review by."""

from typing import Any

from django.db import connection
from django.db.models.signals import post_delete, pre_delete
from wagtail.models import Page, WorkflowState
from wagtail.signals import (
    page_published,
    post_page_move,
    pre_page_move,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from govplatform.events.sheet import follow
from govplatform.refusals import Refused

from .events import FrameSaved, FrameShown, PageDeleted, PageRejected, PageSubmitted, ReviewTakenBack
from .gate.requirements import is_structural, reasons_against_deleting, reasons_against_moving
from .models import Clearance
from .pages import chain_before_rows
from .submission.actions import settle_published

#: Wagtail's signal of a workflow -> our event.
_WORKFLOW_EVENTS = (
    (workflow_submitted, PageSubmitted),
    (workflow_rejected, PageRejected),
    (workflow_cancelled, ReviewTakenBack),
)


def connect_signals() -> None:
    """Listen to Wagtail's and Django's own signals; called once at the start."""
    page_published.connect(note_scheduled_publication, dispatch_uid="review-scheduled")
    pre_page_move.connect(refuse_moving_live_content, dispatch_uid="review-move")
    post_page_move.connect(note_moved_column, dispatch_uid="review-moved")
    pre_delete.connect(refuse_deleting_kept_content, dispatch_uid="review-delete")
    post_delete.connect(note_deleted, sender=Page, dispatch_uid="review-deleted")
    for signal, event in _WORKFLOW_EVENTS:
        signal.connect(_follower(event), sender=WorkflowState, weak=False, dispatch_uid=f"review-{event.__name__}")


def _follower(event: Any) -> Any:
    def note(*, instance: WorkflowState, **_kwargs: Any) -> None:
        page = instance.content_object
        if isinstance(page, Page):
            follow(event(page=page))

    return note


def note_deleted(*, instance: Page, **_kwargs: Any) -> None:
    """Follow a page's deletion; sent once for each page, whatever its type, as the common row goes last."""
    follow(PageDeleted(page=instance))


def refuse_moving_live_content(
    *, instance: Page, parent_page_before: Page, parent_page_after: Page, **_kwargs: Any
) -> None:
    """Raise Refused when a page may not be moved, whoever moves it and by whichever way."""
    chain_before_rows()
    if reasons := reasons_against_moving(instance, parent_page_before, parent_page_after):
        raise Refused(reasons)
    if instance.live and is_structural(instance) and not connection.in_atomic_block:
        # Wagtail tells of the move behind its own transaction; the addresses go with it or not at all.
        raise RuntimeError("a column is moved in a transaction")


def note_moved_column(*, instance: Page, url_path_before: str, url_path_after: str, **_kwargs: Any) -> None:
    """Follow the move of a column that is shown; of one to another address first everything below it moves along."""
    if not (instance.live and is_structural(instance)):
        return
    page = instance.specific
    if url_path_before != url_path_after:
        follow(FrameShown(page=page, before=url_path_before))
    follow(FrameSaved(page=page))


def refuse_deleting_kept_content(*, sender: type, instance: Any, **_kwargs: Any) -> None:
    """Raise Refused when a page must stay on record; asked for each page of a branch or queryset.

    The foreign keys refuse the rest.
    """
    if issubclass(sender, Page) and (reasons := reasons_against_deleting(instance)):
        raise Refused(reasons)


def note_scheduled_publication(*, instance: Page, revision: Any, **_kwargs: Any) -> None:
    """Record the publication of a page whose schedule came due, which Wagtail carries out."""
    if not instance.live or not revision.approved_go_live_at or not connection.in_atomic_block:
        return
    clearance = Clearance.objects.filter(
        page_id=instance.pk, revision_id=revision.pk, status=Clearance.Status.VALID
    ).first()
    if clearance is not None:
        settle_published(instance, clearance, acting_user=None)
