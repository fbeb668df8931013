"""Acts on applications: filing, deciding level by level, withdrawing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant, superiors_of

from ..events import ApplicationDecided
from ..models import ApplicationDecision, SiteApplication
from ..notices.wanted import want_notices
from . import checking
from .papers import GivenPaper, ReadPaper, keep_papers, reading_papers, reasons_against_papers
from .permissions import reasons_against_deciding, reasons_against_filing
from .request import LONGEST_OPINION, LONGEST_WITHDRAWAL, Asked, too_long
from .storage import paper_storage

Kind, State = SiteApplication.Kind, SiteApplication.State


def file_application(
    tenant: Tenant, asked: Asked, *, acting_user: User, papers: Iterable[GivenPaper] = ()
) -> SiteApplication:
    """File an application of ``tenant`` and return it; the papers are read by the scanner first.

    A shutdown on a ground that is only reported takes effect at once and waits to be verified. Raises Refused with
    everything that is missing or wrong.
    """
    papers = list(papers)
    reasons = reasons_against_filing(acting_user, tenant) or checking.unknown_papers(tenant, papers)
    if reasons := reasons or checking.reasons_against_many(tenant, asked):
        # Before anything is read: whoever may not file has no file opened here either.
        raise Refused(reasons)
    with reading_papers(tenant, papers) as read:
        stored: list[str] = []
        try:
            with acting(acting_user, tenant.schema_name, on=tenant):
                return _file(Tenant.objects.get(pk=tenant.pk), asked, read, stored, acting_user)
        except BaseException:
            for name in stored:
                paper_storage().delete(name)
            raise


def decide_application(
    application: SiteApplication, *, acting_user: User, approve: bool, opinion: str, expected_step: int | None = None
) -> SiteApplication:
    """Take the decision of the level that is due and return the application as it is then.

    ``expected_step``: refuse when another level is due by now (two people at once). The last approval looks at the
    limits once more, for the day may be another one. Raises Refused.
    """
    tenant = application.tenant
    # What comes into a site, and that it goes itself, is granted one after the other.
    chains = {tenant.schema_name, application.into.schema_name if application.into else tenant.schema_name}
    with acting(acting_user, *chains, on=tenant):
        held = locking(SiteApplication.objects.select_related("tenant")).get(pk=application.pk)
        reasons = reasons_against_deciding(held, acting_user)
        if not held.is_open:
            reasons.append(_("这项申请现在是“%(state)s”，没有待办的审批。") % {"state": held.get_state_display()})
        elif expected_step is not None and held.step != expected_step:
            reasons.append(_("这一级刚由他人审批，请重新打开后再办。"))
        if not opinion.strip():
            reasons.append(_("请填写审批意见。"))
        reasons += too_long(opinion, LONGEST_OPINION, _("审批意见"))
        if approve and not reasons:
            reasons += reasons_against_papers(held)
        is_last = held.step + 1 >= len(held.levels)
        if approve and is_last and held.state == State.PENDING and not reasons:
            reasons += reasons_against_granting(held)
        if reasons:
            raise Refused(reasons)
        now = timezone.now()
        ApplicationDecision.objects.create(
            application=held,
            level=held.level,
            approved=approve,
            opinion=opinion.strip(),
            decided_by=acting_user,
            decided_name=acting_user.signed_name,
            decided_at=now,
        )
        detail = {"kind": held.kind, "level": held.level, "opinion": opinion.strip()}
        held.step += 1
        if not approve:
            held.state, held.due_at = State.REJECTED, None
        elif is_last:
            held.state, held.due_at = State.APPROVED, None
        else:
            held.due_at = _due(tenant, now)
        held.save(update_fields=["step", "state", "due_at"])
        act = "application.approve" if approve else "application.reject"
        record_act(act, acting_user=acting_user, obj=held, detail=detail, chain=tenant.schema_name)
        if held.state == State.APPROVED and not held.reported:
            want_notices(held)
        if held.state == State.APPROVED or held.reported:
            follow(ApplicationDecided(application=held))
    return held


def withdraw_application(application: SiteApplication, *, acting_user: User, reason: str) -> SiteApplication:
    """Take back an application that has not taken effect. Its site may do it. Raises Refused.

    One that was approved may wait for its notices for ever, and nobody could apply for what is right instead. What is
    there of the notices goes (``states.clock``).
    """
    tenant = application.tenant
    with acting(acting_user, tenant.schema_name, on=tenant):
        held = locking(SiteApplication.objects.select_related("tenant")).get(pk=application.pk)
        reasons = reasons_against_filing(acting_user, tenant)
        if not held.may_be_withdrawn:
            reasons.append(_("这项申请现在是“%(state)s”，不能撤回。") % {"state": held.get_state_display()})
        if not reason.strip():
            reasons.append(_("请写明撤回的理由。"))
        reasons += too_long(reason, LONGEST_WITHDRAWAL, _("撤回理由"))
        if reasons:
            raise Refused(reasons)
        # Ended: the gate lets what is up of its notices come down for that reason.
        held.state, held.due_at, held.ended_at = State.WITHDRAWN, None, timezone.now()
        held.save(update_fields=["state", "due_at", "ended_at"])
        record_act(
            "application.withdraw",
            acting_user=acting_user,
            obj=held,
            detail={"kind": held.kind, "reason": reason.strip()},
            chain=tenant.schema_name,
        )
    return held


def reasons_against_granting(application: SiteApplication) -> list[str]:
    """What speaks by now against an application that nothing spoke against when it was filed."""
    tenant = Tenant.objects.select_related("parent").get(pk=application.tenant_id)
    asked = asked_in(application)
    reasons = []
    if tenant.status not in checking.FITTING[Kind(application.kind)]:
        reasons.append(
            _("“%(site)s”现在是“%(status)s”，不能%(kind)s。")
            % {"site": tenant.full_name, "status": tenant.get_status_display(), "kind": application.get_kind_display()}
        )
    papers = application.papers.values_list("kind", flat=True)
    reasons += checking.missing_facts(tenant, asked) + checking.missing_papers(tenant, asked, papers)
    # The rules are those of the day of the last approval: a ground may be none any more.
    reasons += checking.reasons_against_ground(tenant, asked)
    if application.kind == Kind.OFFLINE:
        ground = checking.ground_of(tenant, asked)
        today = local_day(timezone.now())
        reasons += checking.reasons_against_offline(tenant, asked.until, ground, today=today, own=application.pk)
    if application.kind == Kind.RETIRE:
        reasons += checking.reasons_against_destination(tenant, asked)
    return reasons + checking.reasons_against_facts(tenant, asked, own=application.pk)


def asked_in(application: SiteApplication) -> Asked:
    """What ``application`` asks for, as it was given."""
    return Asked(
        kind=application.kind,
        reason=application.reason,
        ground=application.ground,
        into=application.into.code if application.into else "",
        until=application.until,
        wanted=dict(application.wanted),
    )


# --- inside ------------------------------------------------------------------------------


def _file(
    tenant: Tenant, asked: Asked, papers: list[ReadPaper], stored: list[str], acting_user: User
) -> SiteApplication:
    # A paper that cannot be taken is told of by its own reason, and not as missing besides.
    given = [paper.kind for paper in papers]
    reasons = [*reasons_against_filing(acting_user, tenant), *checking.reasons_against_many(tenant, asked)]
    reasons += checking.reasons_against(tenant, asked, given)
    kinds = checking.paper_kinds(tenant)
    reasons += [
        _("%(kind)s：%(reason)s") % {"kind": kinds.get(paper.kind, paper.kind), "reason": reason}
        for paper in papers
        for reason in paper.reasons
    ]
    if reasons:
        raise Refused(reasons)
    now, pack = timezone.now(), rule_pack_of(tenant)
    ground = checking.ground_of(tenant, asked, pack)
    reported = ground is not None and ground.reported
    levels = [] if reported else [level.code for level in superiors_of(tenant)]
    try:
        with transaction.atomic():
            application = SiteApplication.objects.create(
                tenant=tenant,
                kind=asked.kind,
                state=State.REPORTED if reported else State.PENDING,
                reason=asked.reason.strip(),
                ground=ground.code if ground else "",
                into=checking.destination_of(tenant, asked) if asked.kind == Kind.RETIRE else None,
                until=asked.until,
                wanted=asked.wanted,
                counted=ground is None or ground.counted,
                reported=reported,
                levels=[*levels, console_tenant().code],
                rule_pack=pack.stamp,
                filed_by=acting_user,
                filed_at=now,
                due_at=_due(tenant, now),
            )
    except IntegrityError as error:
        raise Refused(_("这一站点刚有人提出了同一事项的申请，请先看它的办理情况。")) from error
    keep_papers(application, papers, stored)
    record_act(
        "application.report" if reported else "application.file",
        acting_user=acting_user,
        obj=application,
        detail={
            "kind": asked.kind,
            "reason": asked.reason.strip(),
            "ground": application.ground,
            "papers": {paper.kind: paper.sm3 for paper in papers},
        },
        chain=tenant.schema_name,
    )
    if reported:
        want_notices(application)
        follow(ApplicationDecided(application=application))
    return application


def _due(tenant: Tenant, now: datetime) -> datetime:
    return rule_pack_of(tenant).limit("application_decision").after(now)
