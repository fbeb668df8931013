"""An application in words, for screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.review.gate.status import RETURNED
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.rule_packs.queries import stamp_words
from govplatform.tenancy.models import Tenant

from ..models import ApplicationPaper, SiteApplication
from ..notices.actions import notice_status
from ..states.clock import clock_of
from .checking import paper_kinds
from .permissions import next_approvers, supervisors
from .queries import brings_back, offline_before
from .request import DOMAIN, fact_labels, kind_label


@dataclass(frozen=True)
class Row:
    """One line of a list. ``clock``: what its limit is for, with ``at`` and whether it is ``late``.

    ``kind``: what is applied for, in words; ``approvers``: who may decide now, '' when nobody has to.
    """

    one: SiteApplication
    kind: str
    approvers: str
    clock: str
    at: datetime | None
    late: bool
    waits_for: str


def rows_of(applications: Iterable[SiteApplication], now: datetime) -> list[Row]:
    """``row_of`` for each, with the supervisors read once."""
    people = list(supervisors())
    return [row_of(one, now, people) for one in applications]


def row_of(application: SiteApplication, now: datetime, among: Iterable[User] | None = None) -> Row:
    """The application with its clock and what it waits for. ``among``: the supervisors, where they have been read."""
    what, at = clock_of(application)
    words = {"decision": _("审批期限"), "return": _("计划恢复"), "notice": _("公示期满")}
    return Row(
        application,
        kind_of(application),
        _approvers_in_words(application, among),
        words.get(what.partition(":")[0], ""),
        at,
        at is not None and at < now and what.startswith("decision"),
        _waits_for(application),
    )


def kind_of(application: SiteApplication) -> str:
    """What is applied for, in words: a site that is offline does not open, it comes back."""
    if application.kind == SiteApplication.Kind.OPEN and brings_back(application):
        return kind_label(application.kind, Tenant.Status.OFFLINE)
    return kind_label(application.kind)


def facts_of(application: SiteApplication) -> list[tuple[str, str]]:
    """``[(label, words)]`` of what was filed."""
    labels = fact_labels()
    facts: list[tuple[str, Any]] = [
        (_("申请人"), application.filed_by),
        (_("申请时间"), f"{timezone.localtime(application.filed_at):%Y-%m-%d %H:%M}"),
        (_("申请理由"), application.reason),
        (_("依据的情形"), _ground(application)),
        (_("内容迁入的网站"), application.into or ""),
        (_("计划恢复日期"), application.until.isoformat() if application.until else ""),
        *((labels.get(name, name), _change(application, name, value)) for name, value in application.wanted.items()),
        (_("规则包"), stamp_words(application.rule_pack)),
    ]
    return [(label, str(words)) for label, words in facts if words]


def warning_of(application: SiteApplication) -> str:
    """What whoever decides is to know besides: when the site was offline the last time; '' for nothing."""
    before = offline_before(application)
    if before is None or before.carried_out_at is None or before.ended_at is None or not application.is_open:
        return ""
    return _("上一次临时下线于 %(day)s 结束（%(begin)s 开始）。每年的次数按自然年计算，跨年相连的下线请从严掌握。") % {
        "day": f"{timezone.localtime(before.ended_at):%Y-%m-%d}",
        "begin": f"{timezone.localtime(before.carried_out_at):%Y-%m-%d}",
    }


def papers_of(application: SiteApplication) -> list[tuple[ApplicationPaper, str]]:
    """``[(paper, its kind in words)]``; the code of a kind that the rule pack does not know any more."""
    kinds = paper_kinds(application.tenant)
    return [(paper, kinds.get(paper.kind, paper.kind)) for paper in application.papers.all()]


def _change(application: SiteApplication, name: str, wanted: str) -> str:
    """What is to be, and beside it what is, as long as somebody has to compare the two."""
    present = application.tenant.public_host if name == DOMAIN else getattr(application.tenant, name, None) or ""
    if application.carried_out_at is not None or not present or present == wanted:
        return wanted
    return _("%(wanted)s（现为：%(present)s）") % {"wanted": wanted, "present": present}


def _ground(application: SiteApplication) -> str:
    rules = rule_pack_of(application.tenant).site_life.grounds.get(application.kind, ())
    return next((rule.text for rule in rules if rule.code == application.ground), application.ground)


def _approvers_in_words(application: SiteApplication, among: Iterable[User] | None) -> str:
    if not application.is_open:
        return ""
    people = "、".join(person.signed_name for person in next_approvers(application, among))
    if people:
        return _("现在可由 %(people)s 审批") % {"people": people}
    return _("还没有可以审批的监管员，请平台运维人员先邀请一位（申请人不能审批自己的申请）")


def _waits_for(application: SiteApplication) -> str:
    if application.level:
        return _("第 %(step)d 级，共 %(levels)d 级") % {"step": application.step + 1, "levels": len(application.levels)}
    if application.state != SiteApplication.State.APPROVED:
        return ""
    if application.carried_out_at is None:
        returned = [
            notice.site.full_name
            for notice in application.notices.filter(live_at=None).select_related("site")
            if notice_status(notice) == RETURNED
        ]
        if returned:
            return _("公告被“%(sites)s”的审核人退回，等该站编辑修改后重新送审") % {"sites": "”“".join(returned)}
        return _("等待公告审核发布")
    if application.has_lapsed:
        return _("没有执行：等待期间情况已变，仍有需要的请重新申请")
    return _("已办结") if application.ended_at else _("已生效")
