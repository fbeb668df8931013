"""The reviewer's queue over all sites, in the order of deadlines."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from psycopg import sql

from govplatform.accounts.models import User
from govplatform.accounts.queries import places_where
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.rule_packs.time_words import age_words, left_words
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.over_sites import ask_sites
from govplatform.ways_of_writing import is_named_in

from ..models import ConfidentialityReviewTask, ContentReviewTask, Decision
from .deadlines import Duty, duties_on, step_deadline

FREE, MINE, DEPUTY, TAKEN = "free", "mine", "deputy", "taken"


@dataclass(frozen=True)
class WaitingReview:
    """One line of the queue.

    ``claimed``: FREE, MINE, DEPUTY (claimed by or handed to somebody whose deputy the reader is today) or
    TAKEN; ``claimed_by``: the person's name, ``deputy``: who stands in for them. ``model``: of the page; ``duty``: what
    else must be done with it, and until when.
    """

    tenant: Tenant
    page_id: int
    title: str
    step: str
    column: str
    submitted_by: str
    waiting_since: datetime
    deadline: datetime
    emergency: bool
    emergency_reason: str
    claimed: str
    claimed_by: str
    deputy: str
    claimed_until: datetime | None
    handed_by: str
    note: str
    model: str
    duty: Duty | None = None

    @property
    def late(self) -> bool:
        return self.deadline < timezone.now()

    @property
    def left(self) -> str:
        """How much of the limit is left, in words."""
        return left_words(self.deadline, timezone.now())

    @property
    def age(self) -> str:
        """How long it has waited, in words."""
        return age_words(self.waiting_since, timezone.now())

    @property
    def step_label(self) -> str:
        return str(Decision.Step(self.step).label)


@dataclass(frozen=True)
class QueueFilter:
    """The reader's filter of the queue; empty fields ask for everything. ``site``: its code; ``column``: its title."""

    site: str = ""
    step: str = ""
    column: str = ""
    words: str = ""
    late: bool = False
    mine: bool = False

    def keeps(self, item: WaitingReview) -> bool:
        return (
            self.site in ("", item.tenant.code)
            and self.step in ("", item.step)
            and self.column in ("", item.column)
            and is_named_in(self.words, item.title)
            and (not self.late or item.late)
            and (not self.mine or item.claimed in (MINE, DEPUTY))
        )


# A claim counts while its time runs and its holder, or the deputy of one who is away, holds the role of the
# step on this very site; a step that the reader may never take (taken another one, another person named) is
# not shown.
_WAITING = """
SELECT {label} AS schema_name, p.id, coalesce(nullif(p.draft_title, ''), p.title), step.code, parent.title,
       coalesce(u.full_name, ''), s.started_at, coalesce(h.emergency, false), coalesce(h.reason, ''),
       holder.id, claimer.id, coalesce(claimer.full_name, ''), coalesce(holder.full_name, ''), c.expires_at,
       coalesce(giver.full_name, ''), coalesce(c.note, ''), kind.model
FROM {s}.wagtailcore_taskstate s
JOIN {s}.wagtailcore_workflowstate w ON w.current_task_state_id = s.id AND w.status = 'in_progress'
JOIN {s}.wagtailcore_task t ON t.id = s.task_id
JOIN {s}.django_content_type ct ON ct.id = t.content_type_id
LEFT JOIN {s}.review_contentreviewtask level ON level.task_ptr_id = t.id
CROSS JOIN LATERAL (SELECT CASE WHEN level.task_ptr_id IS NULL THEN 'confidentiality' WHEN level.level = 1
  THEN 'content' ELSE 'content' || level.level END AS code,
  CASE WHEN level.task_ptr_id IS NULL THEN 'confidentiality-reviewer' ELSE 'content-reviewer' END AS role) step
JOIN {s}.wagtailcore_page p ON p.id = w.object_id::bigint
JOIN {s}.django_content_type kind ON kind.id = p.content_type_id
JOIN {s}.wagtailcore_page parent
  ON parent.path = left(p.path, length(p.path) - 4) AND parent.depth = p.depth - 1
LEFT JOIN LATERAL (SELECT * FROM {s}.review_submission n WHERE n.page_id = p.id ORDER BY n.id DESC LIMIT 1) h ON true
LEFT JOIN public.accounts_user u ON u.id = w.requested_by_id
LEFT JOIN {s}.review_claim k ON k.task_state_id = s.id AND k.expires_at > {now}
LEFT JOIN LATERAL (SELECT a.deputy_id FROM public.accounts_absence a WHERE a.person_id = k.person_id
  AND a.ended_at IS NULL AND {today} BETWEEN a.starts_on AND a.ends_on ORDER BY a.id LIMIT 1) away ON true
LEFT JOIN public.accounts_user holder ON holder.id = coalesce(away.deputy_id, k.person_id) AND holder.is_active
  AND EXISTS (SELECT 1 FROM public.accounts_membership m
    WHERE m.user_id = holder.id AND m.tenant_id = {tenant} AND m.role = step.role)
LEFT JOIN {s}.review_claim c ON c.id = k.id AND holder.id IS NOT NULL
LEFT JOIN public.accounts_user claimer ON claimer.id = c.person_id
LEFT JOIN public.accounts_user giver ON giver.id = c.handed_by_id
WHERE s.status = 'in_progress' AND ct.model = ANY({models})
  AND NOT EXISTS (SELECT 1 FROM {s}.review_decision d WHERE d.page_id = p.id AND d.revision_id = s.revision_id
    AND d.reviewer_id = {me} AND d.step <> step.code)
  AND (h.emergency IS NOT TRUE OR {me} = CASE step.code WHEN 'confidentiality' THEN h.confidentiality_reviewer_id
    ELSE h.content_reviewer_id END)
"""


def waiting_reviews(user: User, wanted: QueueFilter | None = None) -> list[WaitingReview]:
    """Return what waits for ``user`` on all sites where they review, earliest deadline first; one statement."""
    by_schema: dict[str, tuple[Tenant, list[str]]] = {}
    tasks = {task.role: str(task._meta.model_name) for task in (ContentReviewTask, ConfidentialityReviewTask)}
    for tenant, role in places_where(user, frozenset(tasks)):
        if tenant.moved_into_id is not None:
            # It waits where the content of the site is now.
            continue
        by_schema.setdefault(tenant.schema_name, (tenant, []))[1].append(tasks[role])
    now, today = timezone.now(), timezone.localdate()

    def waiting_in(schema: str) -> sql.Composable:
        tenant, models = by_schema[schema]
        return sql.SQL(_WAITING).format(
            label=sql.Literal(schema),
            s=sql.Identifier(schema),
            tenant=sql.Literal(tenant.pk),
            models=sql.Literal(models),
            me=sql.Literal(user.pk),
            now=sql.Literal(now),
            today=sql.Literal(today),
        )

    found = [_line(by_schema[row[0]][0], row[1:], user) for row in ask_sites(waiting_in, by_schema)]
    duties = duties_on({(item.tenant.pk, item.page_id): item.model for item in found})
    found = [_with_duty(item, duties.get((item.tenant.pk, item.page_id))) for item in found]
    kept = [item for item in found if wanted is None or wanted.keeps(item)]
    return sorted(kept, key=lambda item: (item.deadline, item.waiting_since, item.page_id))


def _with_duty(item: WaitingReview, duty: Duty | None) -> WaitingReview:
    return item if duty is None else replace(item, deadline=min(item.deadline, duty.due), duty=duty)


def _line(tenant: Tenant, row: tuple, user: User) -> WaitingReview:  # type: ignore[type-arg]
    (page_id, title, step, column, who, since, emergency, reason, holder, claimer, claimer_name, holder_name, until,
     giver, note, model) = row  # fmt: skip
    claimed = FREE
    if claimer is not None:
        claimed = MINE if claimer == user.pk else DEPUTY if holder == user.pk else TAKEN
    pack = rule_pack_of(tenant)
    return WaitingReview(
        tenant=tenant,
        page_id=page_id,
        title=title,
        step=step,
        column=column,
        submitted_by=who,
        waiting_since=since,
        deadline=step_deadline(pack, since, emergency=emergency),
        emergency=emergency,
        emergency_reason=reason,
        claimed=claimed,
        claimed_by=claimer_name,
        deputy=holder_name if claimer is not None and holder != claimer else "",
        claimed_until=until,
        handed_by=giver,
        note=note,
        model=model,
    )
