"""The panels of the review on the start page of editors and reviewers."""

from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision, WorkflowState

from govplatform.accounts.models import User
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import REVIEWER_CODES
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.rule_packs.time_words import left_words
from govplatform.tenancy.models import Tenant

from ..findings.masking import mask_requests
from ..gate.levels import current_submission
from ..gate.status import due_step_name, state_of
from ..models import Decision, Withdrawal
from ..submission.deadlines import step_deadline
from ..submission.queue import waiting_reviews
from .followup_views import followup_rows
from .queue_views import queue_rows
from .state_facts import last_withdrawal, withdrawal_facts
from .views import structural_types

ROWS = 15


class QueuePanel(Component):
    """The beginning of the reviewer's one queue over all sites."""

    name = "queue"
    order = 100
    template_name = "review/panels/queue.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        waiting = waiting_reviews(parent_context["request"].user)
        return {
            "rows": queue_rows(waiting[:ROWS]),
            "total": len(waiting),
            "more": len(waiting) > ROWS,
            "late": sum(item.late for item in waiting),
        }


class FollowUpPanel(Component):
    """The panel of what waits to be looked at again on the reader's sites; empty when nothing does."""

    name = "followups"
    order = 105
    template_name = "review/panels/followups.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        rows = followup_rows(parent_context["request"].user)
        late = sum(row["item"].late for row in rows)
        return {"rows": rows[:ROWS], "total": len(rows), "more": len(rows) > ROWS, "late": late}


class _OwnPagesPanel(Component):
    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        rows = self.rows(request.user, request.tenant)
        return {"rows": rows, "request": request, "frozen": request.tenant.frozen}

    def rows(self, user: User, tenant: Tenant) -> list[dict[str, Any]]:
        return []


class CameBackPanel(_OwnPagesPanel):
    """The editor's pages that a reviewer returned, with the opinion."""

    name = "came-back"
    order = 110
    template_name = "review/panels/came_back.html"

    def rows(self, user: User, tenant: Tenant) -> list[dict[str, Any]]:
        pages = _own(user).filter(_has_state(WorkflowState.STATUS_NEEDS_CHANGES))
        rows = []
        for page in pages.order_by("-latest_revision_created_at")[:ROWS]:
            decision = Decision.objects.filter(page_id=page.pk, verdict=Decision.Verdict.REJECTED).first()
            rows.append(
                {"page": page, "column": _column(page), "decision": decision, "to_mask": len(mask_requests(page))}
            )
        return rows


class UnderReviewPanel(_OwnPagesPanel):
    """The editor's pages under review: at which step, with whom, and since when."""

    name = "under-review"
    order = 120
    template_name = "review/panels/under_review.html"

    def rows(self, user: User, tenant: Tenant) -> list[dict[str, Any]]:
        by_role = {role: [person.full_name for person in holders_of(tenant, role)] for role in REVIEWER_CODES}
        pack, now, rows = site_rule_pack(), timezone.now(), []
        for page in _own(user).filter(_has_state(WorkflowState.STATUS_IN_PROGRESS))[:ROWS]:
            step = due_step_name(page)
            task_state = page.current_workflow_task_state
            if step is None or task_state is None:
                continue
            submission = current_submission(page)
            people, reason = by_role[task_state.task.specific.role], ""
            urgent = submission is not None and submission.emergency
            if submission is not None and urgent:
                reason = submission.reason
                is_last = step == Decision.Step.CONFIDENTIALITY
                named = submission.confidentiality_reviewer if is_last else submission.content_reviewer
                people = [named.full_name] if named else []
            rows.append(
                {
                    "page": page,
                    "column": _column(page),
                    "step": Decision.Step(step).label,
                    "with": "、".join(people),
                    "since": task_state.started_at,
                    "urgent": urgent,
                    "reason": reason,
                    "deadline": (due := step_deadline(pack, task_state.started_at, emergency=urgent)),
                    "left": left_words(due, now),
                    "late": due < now,
                }
            )
        return sorted(rows, key=lambda row: row["since"])


class ApprovedPanel(_OwnPagesPanel):
    """The editor's pages that are approved and wait for their time."""

    name = "approved"
    order = 122
    template_name = "review/panels/approved.html"

    def rows(self, user: User, tenant: Tenant) -> list[dict[str, Any]]:
        waiting = _own(user).filter(_is_scheduled()).exclude(_is_busy())
        found = [(page, state_of(page)) for page in waiting.order_by("-latest_revision_created_at")[:ROWS]]
        rows = [{"page": page, "column": _column(page), "state": state} for page, state in found if state.goes_live]
        return sorted(rows, key=lambda row: row["state"].goes_live)


class CameDownPanel(_OwnPagesPanel):
    """The editor's pages that came down, by a withdrawal or at the end of their time, with who, when and why."""

    name = "came-down"
    order = 125
    template_name = "review/panels/came_down.html"

    def rows(self, user: User, tenant: Tenant) -> list[dict[str, Any]]:
        pages = _own(user).filter(_is_down()).exclude(_is_busy()).exclude(_is_scheduled())
        newest = pages.annotate(withdrawn=Max("withdrawals__withdrawn_at"))
        rows = []
        for page in newest.order_by(Greatest("withdrawn", "last_published_at").desc(nulls_last=True), "-pk")[:ROWS]:
            facts = withdrawal_facts(last_withdrawal(page))
            rows.append({"page": page, "column": _column(page), "state": state_of(page), "facts": facts})
        return rows


class DraftsPanel(_OwnPagesPanel):
    """The editor's drafts that wait for nobody but their author."""

    name = "drafts"
    order = 130
    template_name = "review/panels/drafts.html"

    def rows(self, user: User, tenant: Tenant) -> list[dict[str, Any]]:
        pages = _own(user).filter(Q(live=False) | Q(has_unpublished_changes=True))
        pages = pages.exclude(_is_busy()).exclude(_is_scheduled()).exclude(_is_down())
        return [
            {"page": page, "column": _column(page), "state": state_of(page.specific)}
            for page in pages.order_by("-latest_revision_created_at")[:ROWS]
        ]


def _is_busy() -> Q:
    """Under review, or returned: a panel of its own has it."""
    return _has_state(WorkflowState.STATUS_IN_PROGRESS) | _has_state(WorkflowState.STATUS_NEEDS_CHANGES)


def _is_scheduled() -> Q:
    scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False).values_list("object_id", flat=True)
    return Q(pk__in=[int(object_id) for object_id in scheduled])


def _is_down() -> Q:
    """As ``gate.status`` says it: expired, or withdrawn."""
    return Q(live=False) & (Q(expired=True) | Q(pk__in=Withdrawal.objects.values("page_id")))


def _own(user: User) -> QuerySet[Page]:
    """Return the content that ``user`` created or wrote the latest version of."""
    return (
        Page.objects.filter(depth__gt=2)
        .exclude(content_type_id__in=structural_types())
        .filter(Q(owner=user) | Q(latest_revision__user=user))
    )


def _has_state(status: str) -> Q:
    states = WorkflowState.objects.filter(status=status).values_list("object_id", flat=True)
    return Q(pk__in=[int(object_id) for object_id in states])


def _column(page: Page) -> str:
    parent = page.get_parent()
    return str(parent.title) if parent else ""
