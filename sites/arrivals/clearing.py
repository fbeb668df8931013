"""Historical content: two reviewers decide on an arrival beforehand, and its drafts are published after their scan.

The gate is not changed for it (deploy/decisions/047-historical-content.md): each page gets its two decisions by
``decide_review``, in the names of the two. What stands in the way leaves the page a draft, and says why.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting, hold_roles
from govplatform.accounts.models import User
from govplatform.accounts.permissions import current_roles, has_role
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER
from govplatform.audit.actions import record_act
from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Scan
from govplatform.locks.holding import holding
from govplatform.refusals import Busy, Refused
from govplatform.review.gate.checklists import complete_checklist, reasons_against_unconfirmed
from govplatform.review.gate.digest import digest_of_version
from govplatform.review.gate.levels import levels_for
from govplatform.review.gate.scans import scan_now
from govplatform.review.models import Decision, Submission
from govplatform.review.submission.actions import decide_review, submit_for_review
from govplatform.review.submission.beforehand import reasons_against_scan_of
from govplatform.review.submission.emergency import open_sample
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.current import current_schema, current_tenant

from .kept_report import DOUBTFUL_BELOW
from .models import Arrival, HistoricalClearance, OldAddress, SurveyedAddress
from .permissions import DECIDERS, reasons_against_deciding

IMPORTED = "document.import"


def propose_historical_clearance(
    arrival: Arrival, *, acting_user: User, reason: str, least_confidence: float = DOUBTFUL_BELOW
) -> HistoricalClearance:
    """Propose that the pages of a surveyed arrival be published after their scan, by a content reviewer.

    ``least_confidence``: 0 to 1; pages that were read with less stay drafts. Nothing comes of it until it is approved.
    Raises Refused.
    """
    with acting(acting_user):
        arrival = Arrival.objects.get(pk=arrival.pk)
        pages = _pages_of(arrival)
        reasons = reasons_against_deciding(acting_user, arrival, CONTENT_REVIEWER.code)
        if not arrival.sha256 or not arrival.crawl:
            reasons.append(_("没有保存抓取文件，无法确定决定所指的内容；请先上传抓取文件并预检。"))
        elif arrival.working or arrival.surveyed_at is None or not pages:
            reasons.append(_("要先有预检报告，且报告里有可以导入的网页，才能提出。"))
        if any(is_open(decision) for decision in arrival.decisions.all()):
            reasons.append(_("这次接收已有待批准或有效的决定；要改变范围，请先终止它。"))
        if not 0 <= least_confidence <= 1:
            reasons.append(_("“最低把握”要在 0 与 1 之间。"))
        if not reason.strip():
            reasons.append(_("请写明理由。"))
        if reasons:
            raise Refused(reasons)
        decision = HistoricalClearance.objects.create(
            arrival=arrival,
            host=arrival.host,
            crawl_sha256=arrival.sha256,
            settings_sha256=arrival.settings_sha256,
            pages=pages,
            least_confidence=round(least_confidence, 2),
            reason=reason.strip(),
            ends_on=local_day(timezone.now()) + timedelta(days=site_rule_pack().limit("standing_decision").days),
            proposed_by=acting_user,
        )
        record_act("arrival.propose", acting_user=acting_user, obj=decision, detail=_described(decision))
    return decision


def approve_historical_clearance(
    decision: HistoricalClearance, *, acting_user: User, opinion: str, checklist: dict[str, bool] | None = None
) -> HistoricalClearance:
    """Approve a proposed decision, by a confidentiality reviewer who did not propose it. Raises Refused.

    ``checklist``: code of an item of the confidentiality review -> confirmed; None confirms all by the act itself.
    """
    with acting(acting_user):
        decision = _fresh(decision)
        pack, step = site_rule_pack(), Decision.Step.CONFIDENTIALITY
        confirmed = complete_checklist(pack, step, checklist)
        reasons = reasons_against_deciding(acting_user, decision.arrival, CONFIDENTIALITY_REVIEWER.code)
        reasons += reasons_against_unconfirmed(pack, step, confirmed)
        if not opinion.strip():
            reasons.append(_("请填写批准意见。"))
        if decision.proposed_by_id == acting_user.pk:
            reasons.append(_("提出人和批准人须是两个人。"))
        if decision.revoked_at is not None or decision.approved_at is not None or _is_over(decision):
            reasons.append(_("这一决定已经批准、终止或过期，请另行提出。"))
        reasons += _reasons_against_changed(decision, decision.arrival)
        if reasons:
            raise Refused(reasons)
        decision.approved_by, decision.approved_at = acting_user, timezone.now()
        decision.opinion, decision.checklist = opinion.strip(), confirmed
        decision.save(update_fields=["approved_by", "approved_at", "opinion", "checklist"])
        detail = {**_described(decision), "opinion": decision.opinion}
        record_act("arrival.approve", acting_user=acting_user, obj=decision, detail=detail)
    return decision


def revoke_historical_clearance(
    decision: HistoricalClearance, *, acting_user: User, reason: str
) -> HistoricalClearance:
    """End a decision, by any reviewer of the site: from the commit on nothing is published under it. Raises Refused."""
    with acting(acting_user):
        decision = _fresh(decision)
        reasons = []
        if not any(has_role(acting_user, role, current_tenant()) for role in DECIDERS):
            reasons.append(_("%(user)s 在本站不是审查人，不能终止这一决定。") % {"user": acting_user})
        if decision.revoked_at is not None:
            reasons.append(_("这一决定已经终止。"))
        if not reason.strip():
            reasons.append(_("请写明理由。"))
        if reasons:
            raise Refused(reasons)
        decision.revoked_by, decision.revoked_at = acting_user, timezone.now()
        decision.save(update_fields=["revoked_by", "revoked_at"])
        detail = {**_described(decision), "reason": reason.strip()}
        record_act("arrival.revoke", acting_user=acting_user, obj=decision, detail=detail)
    return decision


def is_open(decision: HistoricalClearance) -> bool:
    """Whether the decision is in force, or waits for its approval."""
    return decision.revoked_at is None and not _is_over(decision)


def decisions_waiting_for(user: User) -> list[HistoricalClearance]:
    """Return the proposed decisions of the current site that ``user`` may approve, the oldest first."""
    if CONFIDENTIALITY_REVIEWER.code not in current_roles(user):
        return []
    waiting = HistoricalClearance.objects.filter(approved_at=None, revoked_at=None).exclude(proposed_by=user)
    return [
        one
        for one in waiting.select_related("arrival", "proposed_by").order_by("proposed_at")
        if not _is_over(one) and not reasons_against_deciding(user, one.arrival, CONFIDENTIALITY_REVIEWER.code)
    ]


def decision_in_force(arrival: Arrival) -> HistoricalClearance | None:
    """Return the approved decision on an arrival that has not ended, or None."""
    approved = arrival.decisions.filter(approved_at__isnull=False, revoked_at__isnull=True)
    return next((one for one in approved.select_related("proposed_by", "approved_by") if not _is_over(one)), None)


def clear_drafts(arrival: Arrival, *, go_on: Callable[[], None] = lambda: None) -> int:
    """Publish the drafts of an arrival that the decision on it reaches; return how many.

    Without a decision nothing happens. ``go_on``: called before each page; may raise. Each page is one transaction.
    Raises Busy when somebody else holds what is needed: the page stays to be done.
    """
    decision = decision_in_force(arrival)
    if decision is None:
        return 0
    waiting = OldAddress.objects.filter(
        arrival=arrival, first=True, page__isnull=False, page__live=False, cleared_under=None
    )
    published = 0
    arrival.note(done=0, total=waiting.count(), began_at=timezone.now())
    for number, old in enumerate(waiting.select_related("page"), start=1):
        go_on()
        try:
            _clear(old, decision)
        except Busy:
            raise
        except Refused as refusal:
            OldAddress.objects.filter(pk=old.pk).update(held_back="".join(refusal.reasons))
        else:
            published += 1
        arrival.note(done=number)
    return published


# --- one page ----------------------------------------------------------------------------


def _clear(old: OldAddress, decision: HistoricalClearance) -> None:
    """Publish one draft in the names of the two who decided. Raises Refused with what stands in the way."""
    assert old.page is not None and old.page_id is not None
    if (old.confidence or 0) < decision.least_confidence:
        reason = _("把握 %(sure)s 低于决定的最低把握 %(least)s，请编辑核对后按常规送审。")
        raise Refused(reason % {"sure": f"{old.confidence or 0:.2f}", "least": f"{decision.least_confidence:.2f}"})
    # Takes its time, and holds up nobody; whether it is the scan of what is published is asked below.
    scan_now(old.page, acting_user=None, purpose=Scan.Purpose.REVIEW)
    with holding(pages=[old.page_id]) as held:
        decision = _fresh(decision)
        arrival, tenant = decision.arrival, current_tenant()
        page = held.page(old.page_id)
        assert decision.approved_by is not None
        people = ((decision.proposed_by, CONTENT_REVIEWER), (decision.approved_by, CONFIDENTIALITY_REVIEWER))
        for person in (arrival.started_by, *(person for person, _role in people)):
            hold_roles(person, tenant)
        reasons = [
            *reasons_against_using(decision),
            *_reasons_against_unread(page, arrival, decision),
            *[
                _("%(user)s 已不再担任作出决定时的职务。") % {"user": person}
                for person, role in people
                if not person.is_active or not has_role(person, role.code, tenant)
            ],
            *reasons_against_scan_of(page),
        ]
        if levels_for(page.specific, site_rule_pack()) != 1:
            reasons.append(_("本站要求多级内容审核，不能按历史内容审查决定自动发布。"))
        if reasons:
            raise Refused(reasons)
        _publish(page, decision)
        OldAddress.objects.filter(pk=old.pk).update(cleared_under=decision, held_back="")


def _publish(page: Page, decision: HistoricalClearance) -> None:
    assert decision.approved_by is not None
    pack = site_rule_pack()
    before = OldAddress.objects.filter(cleared_under=decision).count()
    opinion = _("依据第 %(number)s 号历史内容审查决定自动办理，未逐件审阅。") % {"number": decision.pk}
    submit_for_review(page, acting_user=decision.arrival.started_by)
    for step, person in (
        (Decision.Step.CONTENT, decision.proposed_by),
        (Decision.Step.CONFIDENTIALITY, decision.approved_by),
    ):
        page = Page.objects.get(pk=page.pk)
        decide_review(page, acting_user=person, approve=True, opinion=opinion, expected_step=step)
    sampled = False
    if before % pack.limit("standing_sample").count == 0:
        due_at = pack.limit("standing_after_review").after(timezone.now())
        sampled = open_sample(Page.objects.get(pk=page.pk), due_at=due_at) is not None
    detail = {"decision": decision.pk, "arrival": decision.arrival_id, "sampled": sampled}
    record_act("arrival.publish", acting_user=None, obj=page, detail=detail)


def _reasons_against_unread(page: Page, arrival: Arrival, decision: HistoricalClearance) -> list[str]:
    """Say why ``page`` is not, word for word, what the import made of the crawl that was decided on.

    Nobody reads it before it is public, so the record has to know it: which crawl, read in which way, which version.
    """
    made = Entry.objects.filter(
        chain=current_schema(),
        act=IMPORTED,
        object_type=page.specific_class._meta.label_lower,
        object_id=str(page.pk),
        detail__arrival=arrival.pk,
    ).first()
    if made is None:
        return [_("审计记录中没有这一页由这次接收生成的记录。")]
    told = made.detail
    if (told.get("crawl"), told.get("settings")) != (decision.crawl_sha256, decision.settings_sha256):
        return [_("这一页是按另一套规则、设置或另一份抓取文件生成的。")]
    revision = page.get_latest_revision()
    if revision is None or revision.pk != told.get("revision") or page.revisions.count() != 1:
        return [_("这一页生成之后有人修改过，请按常规送审。")]
    if digest_of_version(revision, revision.as_object()) != told.get("digest"):
        return [_("这一页的内容、图片或附件与生成时不同，请核查。")]
    if Submission.objects.filter(page_id=page.pk).exists() or Decision.objects.filter(page_id=page.pk).exists():
        return [_("这一页已经送审过，由审查人按常规办理。")]
    return []


# --- the decision ------------------------------------------------------------------------


def reasons_against_using(decision: HistoricalClearance) -> list[str]:
    """Say why nothing may be published under a decision as it stands now."""
    arrival = decision.arrival
    reasons = []
    if decision.approved_at is None or not is_open(decision):
        reasons.append(_("这一决定没有批准，或已经终止、过期。"))
    if decision.proposed_by_id == decision.approved_by_id:
        reasons.append(_("提出人和批准人须是两个人。"))
    if {arrival.started_by_id, arrival.uploaded_by_id} & {decision.proposed_by_id, decision.approved_by_id}:
        reasons.append(_("作出决定的人上传或发起了这次接收，决定无效。"))
    if OldAddress.objects.filter(cleared_under=decision).count() >= decision.pages:
        reasons.append(_("按这一决定发布的已达到决定的页数。"))
    return [*reasons, *_reasons_against_changed(decision, arrival), *_reasons_against_unrecorded(decision)]


def _reasons_against_changed(decision: HistoricalClearance, arrival: Arrival) -> list[str]:
    if (decision.host, decision.crawl_sha256, decision.settings_sha256, decision.pages) == (
        arrival.host,
        arrival.sha256,
        arrival.settings_sha256,
        _pages_of(arrival),
    ):
        return []
    return [_("提出之后抓取文件、规则、设置或页数有了变化，决定不再适用，请另行提出。")]


def _reasons_against_unrecorded(decision: HistoricalClearance) -> list[str]:
    """Say that the record does not explain ``decision``: a row written past the product publishes nothing."""
    acts = Entry.objects.filter(
        chain=current_schema(), object_type=decision._meta.label_lower, object_id=str(decision.pk)
    )
    told = {entry.act: entry for entry in acts.order_by("number")}
    proposed, approved = told.get("arrival.propose"), told.get("arrival.approve")
    if (
        proposed is not None
        and approved is not None
        and "arrival.revoke" not in told
        and (proposed.actor_id, approved.actor_id) == (decision.proposed_by_id, decision.approved_by_id)
        and all(
            entry.detail.get(name) == said
            for entry in (proposed, approved)
            for name, said in _described(decision).items()
        )
    ):
        return []
    return [_("审计记录中没有与这一决定相符的提出和批准，请核查第 %(number)s 号决定。") % {"number": decision.pk}]


def _described(decision: HistoricalClearance) -> dict[str, object]:
    return {
        "decision": decision.pk,
        "arrival": decision.arrival_id,
        "host": decision.host,
        "crawl": decision.crawl_sha256,
        "settings": decision.settings_sha256,
        "pages": decision.pages,
        "least_confidence": decision.least_confidence,
        "ends_on": decision.ends_on.isoformat(),
        "reason": decision.reason,
    }


def _pages_of(arrival: Arrival) -> int:
    return SurveyedAddress.objects.filter(arrival=arrival, result=SurveyedAddress.Result.PAGE).count()


def _is_over(decision: HistoricalClearance) -> bool:
    last: date = decision.ends_on
    return last < local_day(timezone.now())


def _fresh(decision: HistoricalClearance) -> HistoricalClearance:
    # The chain of the site is held: ending the decision waits for a publication under way, or that sees the end.
    people = ("arrival__started_by", "arrival__uploaded_by", "arrival__column", "proposed_by", "approved_by")
    return HistoricalClearance.objects.select_related(*people).get(pk=decision.pk)
