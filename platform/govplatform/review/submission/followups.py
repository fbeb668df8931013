"""Follow-ups, what is looked at again: emergencies and samples after they went out, and withdrawals at once."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_supervisor
from govplatform.accounts.queries import tenants_where
from govplatform.accounts.roles import REVIEWER_CODES
from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.over_sites import ask_sites

from ..gate.digest import referred_files
from ..gate.separation import lineage
from ..models import AfterReview, Withdrawal, WithdrawalConfirmation
from ..permissions import CONFIRM_WITHDRAWAL, may_on_content, may_supervise
from .actions import withdraw_page
from .emergency import reasons_against_after_review

AFTER_REVIEW, SAMPLE, WITHDRAWAL = "after_review", "sample", "withdrawal"


@dataclass(frozen=True)
class FollowUp:
    """One line of what waits to be looked at again. ``kind``: AFTER_REVIEW (an emergency), SAMPLE (published under a
    standing decision) or WITHDRAWAL; ``number``: its id.

    ``people``: the two who reviewed, or the supervisor who withdrew; ``people_ids`` the same as ids.
    """

    tenant: Tenant
    kind: str
    number: int
    page_id: int
    title: str
    reason: str
    people: str
    people_ids: tuple[int, ...]
    since: datetime
    due_at: datetime

    @property
    def late(self) -> bool:
        return self.due_at < timezone.now()


# What was withdrawn since it went out is looked at by nobody any more (``emergency.is_void``).
_OPEN = """
SELECT {label} AS schema_name, CASE WHEN n.emergency THEN 'after_review' ELSE 'sample' END, a.id, a.page_id, p.title,
       CASE WHEN n.emergency THEN n.reason ELSE k.opinion END,
       concat_ws('、', f.reviewer_name, k.reviewer_name), ARRAY[f.reviewer_id, k.reviewer_id], c.granted_at, a.due_at
FROM {s}.review_afterreview a
JOIN {s}.review_submission n ON n.id = a.submission_id
JOIN {s}.review_clearance c ON c.id = a.clearance_id
JOIN {s}.review_decision f ON f.id = c.content_decision_id
JOIN {s}.review_decision k ON k.id = c.confidentiality_decision_id
JOIN {s}.wagtailcore_page p ON p.id = a.page_id
WHERE a.verdict = '' AND NOT EXISTS (
  SELECT 1 FROM {s}.review_withdrawal w WHERE w.page_id = a.page_id AND w.withdrawn_at >= c.granted_at)
UNION ALL
SELECT {label}, 'withdrawal', w.id, w.page_id, p.title, w.reason, coalesce(u.full_name, ''), ARRAY[u.id],
       w.withdrawn_at, w.confirm_by
FROM {s}.review_withdrawal w
JOIN {s}.wagtailcore_page p ON p.id = w.page_id
LEFT JOIN public.accounts_user u ON u.id = w.withdrawn_by_id
WHERE w.break_glass AND NOT EXISTS (
  SELECT 1 FROM {s}.review_withdrawalconfirmation k WHERE k.withdrawal_id = w.id)
"""


def open_followups(user: User) -> list[FollowUp]:
    """Return what waits to be looked at again where ``user`` may see it, earliest due first; one statement.

    A reviewer sees the sites where they review, without what they did themselves; a supervisor all sites.
    """
    everywhere = is_supervisor(user)
    everybody_s = Tenant.objects.with_schema().exclude(kind=Tenant.Kind.CONSOLE)
    tenants = everybody_s if everywhere else tenants_where(user, REVIEWER_CODES)
    # What a site left behind with a merge is looked at where its content is now.
    tenants = tenants.filter(moved_into=None)
    by_schema = {tenant.schema_name: tenant for tenant in tenants.prefetch_related("domains")}
    if not by_schema:
        return []
    rows = ask_sites(
        lambda schema: sql.SQL(_OPEN).format(label=sql.Literal(schema), s=sql.Identifier(schema)),
        by_schema,
        tail=sql.SQL("{} ORDER BY 10, 3"),
    )
    found = [
        FollowUp(by_schema[schema], kind, number, page_id, title, reason, people, tuple(ids), since, due)
        for schema, kind, number, page_id, title, reason, people, ids, since, due in rows
    ]
    return found if everywhere else [item for item in found if user.pk not in item.people_ids]


def judge_after_review(after: AfterReview, *, acting_user: User, confirm: bool, opinion: str) -> AfterReview:
    """Confirm, as an independent reviewer, what went out in an emergency or unread, or withdraw it.

    The opinion is the reason of the withdrawal. Raises Refused with the reasons.
    """
    with acting(acting_user, pages=[after.page_id]):
        after = locking(AfterReview.objects.select_related("clearance")).get(pk=after.pk)
        files = referred_files(after.clearance.revision.as_object())
        reasons = reasons_against_after_review(after, acting_user, files)
        if not opinion.strip():
            reasons.append(_("请填写复核意见。"))
        if reasons:
            raise Refused(reasons)
        page = after.page
        if not confirm and page.live:
            withdraw_page(page, acting_user=acting_user, reason=opinion)
        after.verdict = AfterReview.Verdict.CONFIRMED if confirm else AfterReview.Verdict.WITHDRAWN
        after.opinion = opinion.strip()
        after.reviewer, after.reviewer_name = acting_user, acting_user.signed_name
        after.decided_at = timezone.now()
        after.save()
        record_act(
            f"after_review.{after.verdict}",
            acting_user=acting_user,
            obj=page,
            detail={"clearance": after.clearance_id, "opinion": after.opinion},
        )
    return after


def reasons_against_confirming(withdrawal: Withdrawal, user: User) -> list[str]:
    """Say why ``user`` is not the independent person who looks at a withdrawal at once."""
    reasons = []
    if not withdrawal.break_glass:
        reasons.append(_("这不是监管员的紧急撤回，无需确认。"))
    if WithdrawalConfirmation.objects.filter(withdrawal=withdrawal).exists():
        reasons.append(_("这次撤回已经有人确认或提出异议。"))
    if user.pk == withdrawal.withdrawn_by_id:
        reasons.append(_("%(user)s 是撤回人，须由本站审查人或另一位监管员确认。") % {"user": user})
    elif not may_supervise(user, CONFIRM_WITHDRAWAL) and not may_on_content(user, CONFIRM_WITHDRAWAL):
        reasons.append(_("%(user)s 不是本站审查人，也不是监管员，不能确认撤回。") % {"user": user})
    page = withdrawal.page
    revision = page.get_latest_revision()
    if revision is not None and (hands := lineage(page, revision, []).get(user.pk)):
        reasons.append(
            _("%(user)s 参与过这篇信息（%(how)s），不能确认它的撤回。")
            % {"user": user, "how": "、".join(sorted(hands))}
        )
    return reasons


def confirm_withdrawal(
    withdrawal: Withdrawal, *, acting_user: User, confirm: bool, opinion: str
) -> WithdrawalConfirmation:
    """Confirm or contest a supervisor's withdrawal, as somebody else. Raises Refused with the reasons.

    The page stays down either way: to bring it back it is submitted anew.
    """
    # Two people at once wait here for each other.
    with acting(acting_user, pages=[withdrawal.page_id]):
        withdrawal = Withdrawal.objects.select_related("page").get(pk=withdrawal.pk)
        reasons = reasons_against_confirming(withdrawal, acting_user)
        if not opinion.strip():
            reasons.append(_("请填写意见。"))
        if reasons:
            raise Refused(reasons)
        verdicts = WithdrawalConfirmation.Verdict
        confirmation = WithdrawalConfirmation.objects.create(
            withdrawal=withdrawal,
            verdict=verdicts.CONFIRMED if confirm else verdicts.CONTESTED,
            opinion=opinion.strip(),
            reviewer=acting_user,
            reviewer_name=acting_user.signed_name,
            decided_at=timezone.now(),
        )
        record_act(
            f"withdrawal.{confirmation.verdict}",
            acting_user=acting_user,
            obj=withdrawal.page,
            detail={"withdrawal": withdrawal.pk, "opinion": confirmation.opinion},
        )
    return confirmation
