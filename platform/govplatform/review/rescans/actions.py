"""The acts around rescans: start and stop them, and judge or correct what they found."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting, hold_roles
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER
from govplatform.audit.actions import record_act
from govplatform.confidentiality.actions import record_disposition
from govplatform.confidentiality.models import Disposition
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Tenant

from ..gate.digest import referred_files
from ..gate.scans import present_basis
from ..gate.separation import lineage
from ..models import RescanFinding, RescanRun
from ..permissions import WITHDRAW, WITHDRAW_AT_ONCE, may_on_content, may_supervise
from .closing import close_item
from .queries import is_dead
from .walking import Progress, walk

#: So many findings are handled at once.
MOST_AT_ONCE = 200
#: The act that asks the editors for a correction.
CORRECT = "correct"
#: The two judgements after which a finding may stay public.
KEEPING = {Disposition.Verdict.FALSE_ALARM, Disposition.Verdict.IGNORED}


@dataclass(frozen=True)
class SiteAnswer:
    """The result for one site: its ``run``, or the ``reasons`` why it was refused, or the ``error`` that stopped it."""

    tenant: Tenant
    run: RescanRun | None = None
    reasons: tuple[str, ...] = ()
    error: str = ""


def rescan_sites(tenants: list[Tenant], *, since: date | None, progress: Progress | None = None) -> list[SiteAnswer]:
    """Rescan one site after the other, here and now; a site that fails does not stop the others.

    ``since``: only pages published or changed from that day on. Returns one answer per site, ordered as ``tenants``.
    """

    def walk_over(site: SiteRun) -> SiteAnswer:
        run = _new_run(since, None)
        try:
            return SiteAnswer(site.tenant, walk(run, progress))
        except Busy as busy:
            # The scans are kept; only the end of the run could not be recorded.
            return SiteAnswer(site.tenant, reasons=tuple(busy.reasons))
        except Refused as refusal:
            run.delete()
            return SiteAnswer(site.tenant, reasons=tuple(refusal.reasons))

    report = each_site(walk_over, job="rescan", tenants=tenants, again=False)
    answers = {tenant.pk: answer for tenant, answer in report.done}
    answers |= {failure.tenant.pk: SiteAnswer(failure.tenant, error=failure.error) for failure in report.failed}
    return [answers[tenant.pk] for tenant in tenants]


def request_rescan(*, acting_user: User | None, since: date | None = None) -> RescanRun:
    """Have the worker rescan the current site; ``acting_user`` None: the platform's own calendar.

    Raises Refused without the right, or when a rescan of the site is under way.
    """
    with acting(acting_user):
        _require_starting(acting_user)
        for running in RescanRun.objects.filter(state__in=[RescanRun.State.QUEUED, RescanRun.State.RUNNING]):
            if not is_dead(running):
                raise Refused(_("“%(site)s”正在回溯扫描，请等它结束或先停止。") % {"site": current_tenant().full_name})
        run = _new_run(since, acting_user)
        detail = {"since": since.isoformat() if since else None}
        record_act("rescan.request", acting_user=acting_user, obj=run, detail=detail)
        enqueue("govplatform.review.rescans.tasks.rescan_site", run_id=run.pk)
    return run


def stop_rescan(run: RescanRun, *, acting_user: User | None) -> None:
    """Let the run end after the page that it is at; what is done stays done. Raises Refused."""
    with holding():
        # The run lies in the site's schema, and so before people in the order of locks.
        run = locking(RescanRun.objects).get(pk=run.pk)
        if acting_user is not None:
            hold_roles(acting_user, current_tenant())
        _require_starting(acting_user)
        if not run.working:
            raise Refused(_("这次回溯扫描已经结束。"))
        run.stop_asked = True
        if run.state == RescanRun.State.QUEUED or is_dead(run):
            run.state, run.finished_at = RescanRun.State.STOPPED, timezone.now()
        run.save(update_fields=["stop_asked", "state", "finished_at"])
        record_act("rescan.stop", acting_user=acting_user, obj=run)


def reasons_against_judging_item(item: RescanFinding, user: User) -> list[str]:
    """Say why ``user`` may not judge that the finding stays public.

    Independent confidentiality reviewers of the site may.
    """
    reasons = []
    if item.outcome:
        reasons.append(_("这一处已经办结：%(outcome)s。") % {"outcome": item.get_outcome_display()})
    if not has_role(user, CONFIDENTIALITY_REVIEWER.code, current_tenant()):
        reasons.append(_("%(user)s 不是本站的保密审查人，不能判断回溯扫描的发现。") % {"user": user})
    page = Page.objects.get(pk=item.page_id)
    if not page.live:
        reasons.append(_("“%(title)s”已不公开，无需判断；再次送审时由审查人处理。") % {"title": page.title})
    revision = page.live_revision or page.get_latest_revision()
    if revision is not None and (hands := lineage(page, revision, referred_files(page.specific)).get(user.pk)):
        reasons.append(
            _("%(user)s 参与过这篇信息（%(how)s），按回避规则不能判断它的发现，请由其他保密审查人办理。")
            % {"user": user, "how": "、".join(sorted(hands))}
        )
    return reasons


def judge_rescan_finding(item: RescanFinding, *, acting_user: User, verdict: str, reason: str = "") -> Disposition:
    """Let a finding stay public: ``verdict`` false_alarm or ignored, each with its reason. Raises Refused.

    Recorded like every judgement, so that it also holds for later versions of the page.
    """
    with acting(acting_user, pages=[item.page_id]):
        item = _fresh(item)
        reasons = reasons_against_judging_item(item, acting_user)
        if verdict == Disposition.Verdict.FALSE_ALARM and not reason.strip():
            reasons.append(_("请写明为什么是误报，供以后查阅。"))
        if verdict not in KEEPING:
            reasons.append(_("结论只能是“误报”或“说明理由后保留”；需要改正的请通知编辑，不宜公开的请撤回。"))
        if reasons:
            raise Refused(reasons)
        given = record_disposition(item.finding, acting_user=acting_user, verdict=verdict, reason=reason)
        close_item(item, verdict, acting_user.signed_name)
    return given


def ask_to_correct(item: RescanFinding, *, acting_user: User, note: str) -> RescanFinding:
    """Tell the site's editors what to correct; the item stays open until a cleared version is without it.

    Raises Refused with the reasons.
    """
    with acting(acting_user, pages=[item.page_id]):
        item = _fresh(item)
        reasons = []
        if not may_on_content(acting_user, WITHDRAW):
            reasons.append(_("%(user)s 在本站没有审查角色，不能要求改正。") % {"user": acting_user})
        if item.outcome:
            reasons.append(_("这一处已经办结：%(outcome)s。") % {"outcome": item.get_outcome_display()})
        if not note.strip():
            reasons.append(_("请写明要编辑改正什么。"))
        if reasons:
            raise Refused(reasons)
        item.note, item.asked_by_name, item.asked_at = note.strip(), acting_user.signed_name, timezone.now()
        item.save(update_fields=["note", "asked_by_name", "asked_at"])
        detail = {"finding": item.finding_id, "rule": item.finding.rule, "note": item.note}
        record_act("rescan.ask", acting_user=acting_user, obj=item.page, detail=detail)
    return item


@dataclass(frozen=True)
class Handled:
    """What became of many findings at once: how many were done, and why the others were not, each reason once."""

    done: int
    reasons: tuple[str, ...]


def handle_rescan_findings(numbers: Collection[int], *, acting_user: User, act: str, words: str) -> Handled:
    """Judge many findings alike, or ask for the correction of all, each in a transaction of its own.

    ``act``: a value of ``KEEPING`` or CORRECT; ``words``: the one reason, or what is to be corrected. One that is
    refused keeps none of the others. Raises Refused for none, or for more than MOST_AT_ONCE.
    """
    if not numbers:
        raise Refused(_("请勾选要处理的发现。"))
    if len(numbers) > MOST_AT_ONCE:
        raise Refused(_("一次最多处理 %(most)d 处，请分批处理。") % {"most": MOST_AT_ONCE})
    done, refused = 0, dict[str, None]()
    for item in (
        RescanFinding.objects.select_related("finding", "page").filter(pk__in=numbers).order_by("page_id", "pk")
    ):
        try:
            if act == CORRECT:
                ask_to_correct(item, acting_user=acting_user, note=words)
            else:
                judge_rescan_finding(item, acting_user=acting_user, verdict=act, reason=words)
        except Refused as refusal:
            refused.update(dict.fromkeys(refusal.reasons))
        else:
            done += 1
    return Handled(done, tuple(refused))


# --- inside ------------------------------------------------------------------------------


def _new_run(since: date | None, acting_user: User | None) -> RescanRun:
    basis = present_basis()
    return RescanRun.objects.create(
        since=since,
        scanner_version=basis.scanner_version,
        rule_pack=basis.rule_pack,
        dictionary_version=basis.dictionary_version,
        requested_by=acting_user,
        requested_at=timezone.now(),
    )


def _require_starting(acting_user: User | None) -> None:
    """Raise Refused unless the user may start and stop rescans.

    Reviewers may on their site, supervisors everywhere; None is the platform's own calendar.
    """
    if acting_user is None or may_on_content(acting_user, WITHDRAW) or may_supervise(acting_user, WITHDRAW_AT_ONCE):
        return
    raise Refused(_("只有本站审查人和监管员可以发起或停止回溯扫描。"))


def _fresh(item: RescanFinding) -> RescanFinding:
    # The caller holds its page, so this reads what anybody before has done.
    return RescanFinding.objects.select_related("finding__scan", "page").get(pk=item.pk)
