"""Standing clearances: proposed, approved, ended, and used (deploy/decisions/012-standing-clearance.md)."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.reposting import follows_at_once
from content_library.models import Resource
from content_library.vocabularies.queries import codes_under, is_selectable
from govplatform.accounts.acting import acting, hold_roles
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER
from govplatform.audit.actions import record_act
from govplatform.audit.models import Entry
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Busy, Refused
from govplatform.review.gate.checklists import complete_checklist, reasons_against_unconfirmed
from govplatform.review.gate.status import due_step_name
from govplatform.review.models import Decision
from govplatform.review.submission.actions import decide_review
from govplatform.review.submission.beforehand import reasons_against_scan_of
from govplatform.review.submission.emergency import open_sample
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from .models import PushTarget, StandingClearance
from .permissions import reasons_against_proposing, reasons_against_revoking, reasons_against_standing_approval
from .unread import reasons_against_publishing_unread


def propose_standing_clearance(
    *,
    acting_user: User,
    reason: str,
    source: Tenant | None = None,
    level: str = "",
    subject_class: str = "",
    kind: str = "",
    ends_on: date | None = None,
) -> StandingClearance:
    """Propose a standing clearance of the current site, by a content reviewer. Raises Refused.

    ``ends_on``: its last day, the latest that the site's rule pack allows if not given. Nothing comes of it until it
    is approved.
    """
    tenant = current_tenant()
    latest = latest_end()
    ends_on = ends_on or latest
    reasons = _reasons_against_end(ends_on, latest)
    if source is None and not level:
        reasons.append(_("请指定所信任的来源站点或来源层级。"))
    if source is not None and source.pk == tenant.pk:
        reasons.append(_("来源不能是本站自己。"))
    if level and level not in Tenant.Level.values:
        reasons.append(_("没有“%(level)s”这个层级。") % {"level": level})
    if not is_selectable("subject", subject_class):
        reasons.append(_("没有“%(code)s”这个主题分类，或者它已停用，请从分类表中选择。") % {"code": subject_class})
    if kind and kind not in Resource.Kind.values:
        reasons.append(_("没有“%(kind)s”这种类型。") % {"kind": kind})
    if not reason.strip():
        reasons.append(_("请写明理由。"))
    with acting(acting_user):
        if reasons := [*reasons_against_proposing(acting_user, tenant), *reasons]:
            raise Refused(reasons)
        standing = StandingClearance.objects.create(
            tenant=tenant,
            source=source,
            level=level,
            subject_class=subject_class,
            kind=kind,
            reason=reason.strip(),
            ends_on=ends_on,
            proposed_by=acting_user,
            proposed_at=timezone.now(),
        )
        record_act("standing.propose", acting_user=acting_user, obj=standing, detail=_describe(standing))
    return standing


def approve_standing_clearance(
    standing: StandingClearance, *, acting_user: User, opinion: str, checklist: dict[str, bool] | None = None
) -> StandingClearance:
    """Approve a proposed standing clearance, by a confidentiality reviewer of the same site. Raises Refused.

    Who approves must be somebody else than who proposed, gives an opinion and confirms the checklist of the
    confidentiality review, for nobody will read what comes in under it (``checklist``: code -> confirmed; None confirms
    every item by the act itself, as the verb does).
    """
    with tenant_context(standing.tenant), acting(acting_user):
        standing = _locked(standing)
        pack, step = site_rule_pack(), Decision.Step.CONFIDENTIALITY
        confirmed = complete_checklist(pack, step, checklist)
        reasons = reasons_against_standing_approval(acting_user, standing.tenant)
        reasons += reasons_against_unconfirmed(pack, step, confirmed)
        if not opinion.strip():
            reasons.append(_("请填写批准意见。"))
        if standing.has_lapsed:
            reasons.append(_("提出的最后一日已经过去，请另行提出。"))
        if standing.proposed_by_id == acting_user.pk:
            reasons.append(_("提出人和批准人须是两个人。"))
        if standing.revoked_at is not None:
            reasons.append(_("这一决定已经终止，请另行提出。"))
        if standing.approved_at is not None:
            reasons.append(_("这一决定已经批准。"))
        if reasons:
            raise Refused(reasons)
        standing.approved_by, standing.approved_at = acting_user, timezone.now()
        standing.opinion, standing.checklist = opinion.strip(), confirmed
        standing.save(update_fields=["approved_by", "approved_at", "opinion", "checklist"])
        detail = {**_describe(standing), "opinion": standing.opinion}
        record_act("standing.approve", acting_user=acting_user, obj=standing, detail=detail)
    return standing


def revoke_standing_clearance(standing: StandingClearance, *, acting_user: User, reason: str) -> StandingClearance:
    """End a standing clearance, by any reviewer of the site or a supervisor. Raises Refused.

    From the commit on nothing is published under it.
    """
    # On the site's record, where it was approved, whoever ends it.
    with tenant_context(standing.tenant), acting(acting_user):
        standing = _locked(standing)
        reasons = reasons_against_revoking(acting_user, standing.tenant)
        if standing.revoked_at is not None:
            reasons.append(_("这一决定已经终止。"))
        if not reason.strip():
            reasons.append(_("请写明理由。"))
        if reasons:
            raise Refused(reasons)
        standing.revoked_by, standing.revoked_at = acting_user, timezone.now()
        standing.save(update_fields=["revoked_by", "revoked_at"])
        detail = {**_describe(standing), "reason": reason.strip()}
        record_act("standing.revoke", acting_user=acting_user, obj=standing, detail=detail)
    return standing


def find_standing_clearance(resource: Resource, tenant: Tenant) -> StandingClearance | None:
    """Return the oldest valid one of ``tenant`` that covers ``resource``, or None.

    It covers what comes from the site it names, or from a superior site of the level it names, in its class and kind.
    """
    if resource.tenant_id is None:
        return None
    valid = StandingClearance.objects.filter(tenant=tenant).valid()
    from_where = Q(source_id=resource.tenant_id)
    if follows_at_once(resource, tenant):
        from_where |= Q(source__isnull=True, level=resource.level)
    found = valid.filter(from_where).filter(kind__in=("", resource.kind))
    found = found.select_related("proposed_by", "approved_by", "tenant")
    return next((row for row in found.order_by("pk") if _covers_class(row, resource.subject_class)), None)


def _covers_class(standing: StandingClearance, subject_class: str) -> bool:
    wanted = standing.subject_class
    return not wanted or subject_class in codes_under("subject", wanted)


def publish_under_standing_clearance(target: PushTarget) -> str:
    """Approve a pushed draft in the names of the two who decided beforehand. Returns a note, or ''.

    Only what this delivery made goes out, as it made it (``unread.py``). Every rule of the review holds besides, for
    the approvals are taken by ``decide_review``: roles, lineage, separation, claims. What stands in the way leaves the
    page with the reviewers, and the note says it.
    """
    resource, tenant = target.push.resource, target.tenant
    if find_standing_clearance(resource, tenant) is None:
        return ""
    try:
        with holding(pages=[int(target.page_id or 0)]) as held:
            standing = find_standing_clearance(resource, tenant)
            if standing is not None:
                # Locked in the order in which ending a decision locks: people's roles, then the decision.
                for person in (standing.proposed_by, standing.approved_by):
                    if person is not None:
                        hold_roles(person, tenant)
                standing = _locked(standing)
            page = held.pages.get(int(target.page_id or 0))
            if standing is None or not standing.is_valid or page is None or page.live:
                return ""
            return _publish(page, standing, target)
    except Busy:
        # The draft stays to be followed up: ``take_up_again``, run every minute, enqueues it.
        raise
    except Refused as refusal:
        return _("未能按常设审查决定自动发布，转常规审查：%(reasons)s") % {"reasons": "；".join(refusal.reasons)}


def _publish(page: Page, standing: StandingClearance, target: PushTarget) -> str:
    if due_step_name(page) != Decision.Step.CONTENT:
        return ""
    if reasons := [*_reasons_against_unrecorded(standing), *reasons_against_publishing_unread(page, target)]:
        raise Refused(reasons)
    if reasons := reasons_against_scan_of(page):
        raise Refused(reasons)
    assert standing.approved_by is not None
    people = {
        CONTENT_REVIEWER.code: standing.proposed_by,
        CONFIDENTIALITY_REVIEWER.code: standing.approved_by,
    }
    for role, person in people.items():
        if not person.is_active or not has_role(person, role, standing.tenant):
            raise Refused(_("%(user)s 已不再担任作出常设审查决定时的职务。") % {"user": person})
    opinion = _("依据第 %(number)s 号常设审查决定自动办理，未逐件审阅。") % {"number": standing.pk}
    for step, person in (
        (Decision.Step.CONTENT, standing.proposed_by),
        (Decision.Step.CONFIDENTIALITY, standing.approved_by),
    ):
        if due_step_name(page) != step:
            raise Refused(_("本站要求多级内容审核，不能按常设审查决定自动发布。"))
        decide_review(page, acting_user=person, approve=True, opinion=opinion, expected_step=step)
        page = Page.objects.get(pk=page.pk)
    sampled = _sample(page, standing)
    PushTarget.objects.filter(pk=target.pk).update(standing=standing)
    record_act(
        "standing.publish",
        acting_user=None,
        obj=page,
        detail={
            "standing": standing.pk,
            "push": target.push_id,
            "resource": str(target.push.resource.uuid),
            "sampled": sampled,
        },
    )
    return _("已按第 %(number)s 号常设审查决定办理。") % {"number": standing.pk}


def _reasons_against_unrecorded(standing: StandingClearance) -> list[str]:
    """Say that the record does not explain ``standing``: a row written past the product publishes nothing.

    The two people must have proposed and approved it as it stands there now, and nobody ended it since.
    """
    acts = Entry.objects.filter(
        chain=standing.tenant.schema_name, object_type=standing._meta.label_lower, object_id=str(standing.pk)
    )
    told = {entry.act: entry for entry in acts.order_by("number")}
    proposed, approved = told.get("standing.propose"), told.get("standing.approve")
    if (
        proposed is not None
        and approved is not None
        and "standing.revoke" not in told
        and (proposed.actor_id, approved.actor_id) == (standing.proposed_by_id, standing.approved_by_id)
        # What was decided before there was an end did not name one.
        and all(approved.detail.get(name, said) == said for name, said in _describe(standing).items())
    ):
        return []
    return [_("审计记录中没有与这一决定相符的提出和批准，请核查第 %(number)s 号决定。") % {"number": standing.pk}]


def _sample(page: Page, standing: StandingClearance) -> bool:
    """Have the page looked at afterwards if it is the first under this decision, or again every so many.

    The decision's row is held, so no two are counted at once.
    """
    pack = site_rule_pack()
    before = PushTarget.objects.filter(standing=standing).count()
    if before % pack.limit("standing_sample").count:
        return False
    return open_sample(page, due_at=pack.limit("standing_after_review").after(timezone.now())) is not None


def latest_end() -> date:
    """Return the latest last day of a decision that is proposed today, by the site's rule pack."""
    return local_day(timezone.now()) + timedelta(days=site_rule_pack().limit("standing_decision").days)


def _reasons_against_end(ends_on: date, latest: date) -> list[str]:
    if ends_on < local_day(timezone.now()):
        return [_("最后一日不能早于今天。")]
    if ends_on > latest:
        return [_("最后一日最晚为 %(latest)s，到期前可以重新审议。") % {"latest": latest.isoformat()}]
    return []


def _locked(standing: StandingClearance) -> StandingClearance:
    # Ending the decision waits for a publication under way, or that publication sees the end.
    return (
        locking(StandingClearance.objects)
        .select_related("tenant", "source", "proposed_by", "approved_by")
        .get(pk=standing.pk)
    )


def _describe(standing: StandingClearance) -> dict[str, object]:
    return {
        "standing": standing.pk,
        "site": standing.source.code if standing.source else "",
        "level": standing.level,
        "subject_class": standing.subject_class,
        "kind": standing.kind,
        "ends_on": standing.ends_on.isoformat(),
        "reason": standing.reason,
    }
