"""An application in words, for screens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.rule_packs.packs import rule_pack_of
from govplatform.rule_packs.queries import stamp_words

from ..models import ApplicationPaper, SiteApplication
from ..states.clock import clock_of
from .checking import paper_kinds
from .permissions import next_approver
from .request import DOMAIN, fact_labels


@dataclass(frozen=True)
class Row:
    """One line of a list. ``clock``: what its limit is for, with ``at`` and whether it is ``late``."""

    one: SiteApplication
    approver: str
    clock: str
    at: datetime | None
    late: bool
    waits_for: str


def row_of(application: SiteApplication, now: datetime) -> Row:
    """The application with its clock and what it waits for."""
    what, at = clock_of(application)
    words = {"decision": _("审批期限"), "return": _("计划恢复"), "notice": _("公示期满")}
    return Row(
        application,
        next_approver(application) or "",
        words.get(what.partition(":")[0], ""),
        at,
        at is not None and at < now and what.startswith("decision"),
        _waits_for(application),
    )


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


def _waits_for(application: SiteApplication) -> str:
    if application.level:
        return _("第 %(step)d 级，共 %(levels)d 级") % {"step": application.step + 1, "levels": len(application.levels)}
    if application.state != SiteApplication.State.APPROVED:
        return ""
    if application.carried_out_at is None:
        return _("等待公告审核发布")
    if application.has_lapsed:
        return _("没有执行：等待期间情况已变，仍有需要的请重新申请")
    return _("已办结") if application.ended_at else _("已生效")
