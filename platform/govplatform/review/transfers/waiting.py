"""Pages of a site that wait for something when its content is to move: for their reviewers, or for their day."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Revision, TaskState, WorkflowState

from govplatform.accounts.templatetags.people_words import person

from ..models import Clearance, Decision

DRAFT, UNDER_REVIEW, SCHEDULED = "draft", "under_review", "scheduled"
#: What a page that was never public may be, in the order in which it is told.
UNPUBLISHED = (SCHEDULED, UNDER_REVIEW, DRAFT)


@dataclass(frozen=True)
class WaitingPages:
    """Keys of pages. ``scheduled``: cleared, never public yet, public at their time; ``under_review``: handed in, of
    which ``decided_on`` have passed a step already; both hold live pages with a newer version too, ``scheduled`` not.
    """

    scheduled: frozenset[int]
    under_review: frozenset[int]
    decided_on: frozenset[int]

    def staying(self, page_id: int, drafts: bool, scheduled: bool) -> str:
        """Say as what a page that was never public stays behind, one of UNPUBLISHED; '' when it goes along."""
        if drafts or (scheduled and page_id in self.scheduled):
            return ""
        if page_id in self.scheduled:
            return SCHEDULED
        return UNDER_REVIEW if page_id in self.under_review else DRAFT


@dataclass(frozen=True)
class BegunReview:
    """A page of which some steps are decided and not all. ``given``: (step in words, who approved) in their order."""

    page: int
    title: str
    given: tuple[tuple[str, str], ...]


def begun_reviews(pages: Iterable[int]) -> list[BegunReview]:
    """Return what was approved of those among ``pages`` of the current site whose review is going on, by number."""
    kind = ContentType.objects.get_for_model(Page)
    going_on = {
        int(state.object_id): state
        for state in WorkflowState.objects.filter(
            base_content_type=kind, status=WorkflowState.STATUS_IN_PROGRESS, object_id__in=[str(pk) for pk in pages]
        ).select_related("current_task_state")
    }
    titles = dict(Page.objects.filter(pk__in=going_on).values_list("pk", "draft_title"))
    given: dict[int, list[tuple[str, str]]] = {}
    approvals = Decision.objects.filter(page_id__in=going_on, verdict=Decision.Verdict.APPROVED)
    for decision in approvals.order_by("decided_at", "pk"):
        state = going_on[decision.page_id]
        under_review = state.current_task_state.revision_id if state.current_task_state else None
        if decision.revision_id == under_review and decision.decided_at >= state.created_at:
            given.setdefault(decision.page_id, []).append((decision.get_step_display(), person(decision.reviewer_name)))
    return [BegunReview(pk, titles.get(pk, ""), tuple(given[pk])) for pk in sorted(given)]


def waiting_pages() -> WaitingPages:
    """Return what waits on the current site; a few statements, whatever the number of pages."""
    pages = ContentType.objects.get_for_model(Page)
    cleared = Clearance.objects.filter(status=Clearance.Status.VALID).values("page_id")
    planned = Revision.objects.filter(base_content_type=pages, approved_go_live_at__isnull=False)
    scheduled = Page.objects.filter(
        pk__in=_numbers(planned.values_list("object_id", flat=True)), first_published_at=None
    ).filter(pk__in=cleared)
    states = dict(
        WorkflowState.objects.filter(base_content_type=pages, status=WorkflowState.STATUS_IN_PROGRESS).values_list(
            "pk", "object_id"
        )
    )
    passed = TaskState.objects.filter(workflow_state__in=states, status=TaskState.STATUS_APPROVED)
    decided = set(passed.values_list("workflow_state_id", flat=True))
    return WaitingPages(
        frozenset(scheduled.values_list("pk", flat=True)),
        _numbers(states.values()),
        _numbers(page for state, page in states.items() if state in decided),
    )


def _numbers(keys: Iterable[Any]) -> frozenset[int]:
    return frozenset(int(key) for key in keys)
