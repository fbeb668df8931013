"""紧急送审 (emergencies): the shortest way, by two named people, and a review after the fact by a third."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER
from govplatform.rule_packs.packs import RulePack
from govplatform.tenancy.current import current_tenant

from ..gate.digest import ReferredFile
from ..gate.separation import lineage
from ..models import AfterReview, Clearance, Decision, Submission, Withdrawal
from ..permissions import WITHDRAW, may_on_content
from .deadlines import after_review_due


@dataclass(frozen=True)
class Emergency:
    """The editor's request for the shortest way: why, and by whom the page is to be reviewed."""

    reason: str
    content_reviewer: User
    confidentiality_reviewer: User


def reasons_against_emergency(page: Page, revision: Revision, files: list[ReferredFile], asked: Emergency) -> list[str]:
    """Say why the page may not be an emergency: no reason, or a named person who may not review it."""
    reasons = []
    if not asked.reason.strip():
        reasons.append(_("紧急送审须写明理由。"))
    if asked.content_reviewer.pk == asked.confidentiality_reviewer.pk:
        reasons.append(_("紧急送审也须由两个不同的人审查，请指定两人。"))
    hands = lineage(page, revision, files)
    for person, role in (
        (asked.content_reviewer, CONTENT_REVIEWER),
        (asked.confidentiality_reviewer, CONFIDENTIALITY_REVIEWER),
    ):
        if not has_role(person, role.code, current_tenant()):
            reasons.append(_("%(user)s 在本站不是“%(role)s”，请另行指定。") % {"user": person, "role": role.label})
        if found := hands.get(person.pk):
            reasons.append(
                _("%(user)s 参与过这篇信息（%(how)s），不能审查它，请另行指定。")
                % {"user": person, "how": "、".join(sorted(found))}
            )
    return reasons


def open_after_review(submission: Submission | None, clearance: Clearance, pack: RulePack) -> AfterReview | None:
    """Open the review after the fact of what was cleared in an emergency; None for everything else."""
    if submission is None or not submission.emergency:
        return None
    return AfterReview.objects.create(
        page_id=clearance.page_id,
        clearance=clearance,
        submission=submission,
        due_at=after_review_due(pack, clearance.granted_at),
    )


def open_sample(page: Page, *, due_at: datetime) -> AfterReview | None:
    """Have what was cleared for ``page`` just now looked at afterwards, as a sample; call in the same transaction.

    None where that is done anyway, or nothing is cleared.
    """
    clearance = Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).order_by("-pk").first()
    submission = Submission.objects.filter(page_id=page.pk).first()
    if clearance is None or submission is None or AfterReview.objects.filter(clearance=clearance).exists():
        return None
    return AfterReview.objects.create(page_id=page.pk, clearance=clearance, submission=submission, due_at=due_at)


def is_void(after: AfterReview) -> bool:
    """Tell whether nobody needs to look at what went out any more: it was withdrawn since."""
    granted = after.clearance.granted_at
    return not after.verdict and Withdrawal.objects.filter(page_id=after.page_id, withdrawn_at__gte=granted).exists()


def reasons_against_after_review(after: AfterReview, user: User, files: list[ReferredFile]) -> list[str]:
    """Say why ``user`` is not the independent reviewer who closes ``after``."""
    reasons = []
    if after.verdict:
        reasons.append(_("这一次事后复核已经办结。"))
    elif is_void(after):
        reasons.append(_("这条信息已经撤回，不再需要事后复核。"))
    if not may_on_content(user, WITHDRAW):
        reasons.append(_("%(user)s 在本站没有审查角色，不能办理事后复核。") % {"user": user})
    if hands := lineage(after.page, after.clearance.revision, files).get(user.pk):
        reasons.append(
            _("%(user)s 参与过这篇信息（%(how)s），不能办理事后复核。")
            % {"user": user, "how": "、".join(sorted(hands))}
        )
    decided = Decision.objects.filter(page_id=after.page_id, revision=after.clearance.revision, reviewer=user)
    if decided.exists() or user.pk in (
        after.submission.content_reviewer_id,
        after.submission.confidentiality_reviewer_id,
    ):
        reasons.append(_("%(user)s 在发布前审查过这一版本，事后复核须由别人办理。") % {"user": user})
    return reasons
