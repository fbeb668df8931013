"""The rules for applications: everything that speaks against one, named at once, with what is still missing."""

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.refusals import Refused
from govplatform.review.frame.actions import check_words
from govplatform.review.frame.places import records_of
from govplatform.review.frame.texts import last_clearance
from govplatform.rule_packs.packs import RulePack, rule_pack_of
from govplatform.rule_packs.site_life import LifeRule
from govplatform.rule_packs.working_days import CHINA, local_day
from govplatform.tenancy.freezing import words_of
from govplatform.tenancy.hosts import is_of_the_platform
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.models.domain import validate_site_host
from govplatform.tenancy.queries import superiors_of

from ..models import Merge, SiteApplication
from ..site_record import SITE_RECORD
from .awaited import UNSETTLED, reasons_against_awaited_code, reasons_against_awaited_host
from .papers import OTHER_PAPER, GivenPaper
from .request import (
    CHANGEABLE,
    COLUMNS,
    DOMAIN,
    LONGEST_COLUMNS,
    LONGEST_REASON,
    RECORD_FIELDS,
    Asked,
    fact_labels,
    too_long,
)

Kind, State = SiteApplication.Kind, SiteApplication.State
Status = Tenant.Status
#: Applications that one site may file within 24 hours, withdrawn and refused ones among them. The product's own number.
MOST_A_DAY = 20
#: Kind of application -> states of a site in which it makes sense.
FITTING = {
    Kind.OPEN: (Status.PREPARING, Status.OFFLINE),
    Kind.CHANGE: (Status.PREPARING, Status.LIVE, Status.OFFLINE, Status.RETIRING),
    Kind.OFFLINE: (Status.LIVE,),
    Kind.RETIRE: (Status.LIVE, Status.OFFLINE),
}
#: And those in which it is reported: an order or force majeure does not ask how far a retirement is.
FITTING_REPORTS = {**FITTING, Kind.OFFLINE: (Status.LIVE, Status.RETIRING)}


def reasons_against(tenant: Tenant, asked: Asked, papers: Iterable[str]) -> list[str]:
    """Everything that speaks against filing ``asked`` for ``tenant`` with papers of these kinds; empty when nothing."""
    reasons = [] if asked.reason.strip() else [_("请写明申请理由。")]
    reasons += too_long(asked.reason, LONGEST_REASON, _("申请理由"))
    reasons += too_long(asked.wanted.get(COLUMNS, ""), LONGEST_COLUMNS, fact_labels()[COLUMNS])
    reasons += _reasons_of_state(tenant, asked)
    if open_now := open_application(tenant, asked.kind):
        reasons.append(
            _("这一站点已有一项%(kind)s申请（编号 %(number)s）没有办结，请等它办结，或先撤回。")
            % {"kind": Kind(asked.kind).label, "number": open_now.pk}
        )
    reasons += _reasons_of_kind(tenant, asked)
    reasons += missing_facts(tenant, asked) + missing_papers(tenant, asked, papers)
    return reasons + reasons_against_facts(tenant, asked)


def reasons_against_many(tenant: Tenant, asked: Asked) -> list[str]:
    """Why the site may file nothing more for now: each one has its papers, its place in the lists and its decisions.

    A shutdown that was ordered or is force majeure waits for nothing.
    """
    ground = ground_of(tenant, asked)
    if ground is not None and ground.reported:
        return []
    since = timezone.now() - timedelta(days=1)
    first = SiteApplication.objects.filter(tenant=tenant, filed_at__gt=since).order_by("-filed_at")[MOST_A_DAY - 1 :]
    if not (oldest := first.first()):
        return []
    again = timezone.localtime(oldest.filed_at + timedelta(days=1))
    return [
        _("“%(site)s”一天内已经提交 %(most)d 项申请，请在 %(again)s 以后再提交；急需办理的请联系监管人员。")
        % {"site": tenant.full_name, "most": MOST_A_DAY, "again": f"{again:%Y-%m-%d %H:%M}"}
    ]


def open_application(tenant: Tenant, kind: str) -> SiteApplication | None:
    """The application of this kind that is not settled yet."""
    return SiteApplication.objects.filter(UNSETTLED, tenant=tenant, kind=kind).first()


def ground_of(tenant: Tenant, asked: Asked, pack: RulePack | None = None) -> LifeRule | None:
    """The ground that ``asked`` rests on.

    The first that the rule pack names, where none was given and any site may rest on it; None where none is needed, or
    where the one that was given is not accepted.
    """
    grounds = (pack or rule_pack_of(tenant)).site_life.grounds_of(asked.kind, tenant.kind)
    given = asked.ground.strip().replace("_", "-")
    if given:
        return next((ground for ground in grounds if ground.code == given), None)
    return grounds[0] if grounds and not must_name_a_ground(tenant, asked.kind) else None


def reported_grounds(tenant: Tenant, kind: str) -> list[LifeRule]:
    """The grounds of the rule pack on which an application takes effect at once and is verified afterwards."""
    return [ground for ground in rule_pack_of(tenant).site_life.grounds_of(kind, tenant.kind) if ground.reported]


def retirement_under_way(tenant: Tenant) -> SiteApplication | None:
    """The retirement that the site has taken on and that is not at its end, whether citizens see the site or not."""
    found = SiteApplication.objects.select_related("into", "tenant").filter(
        tenant_id=tenant.pk, kind=Kind.RETIRE, state=State.APPROVED, carried_out_at__isnull=False, ended_at=None
    )
    return found.order_by("-pk").first()


def missing_facts(tenant: Tenant, asked: Asked) -> list[str]:
    """Facts of the record that a gate of the rule pack asks for and nobody has given."""
    if asked.kind != Kind.OPEN or tenant.status != Status.PREPARING:
        return []
    with records_of(SITE_RECORD):
        confirmed = last_clearance(SITE_RECORD, tenant.pk) is not None
    unconfirmed = _("网站登记信息还没有由第二人确认，请另一名平台运维人员或监管员先在“框架文字确认”中确认。")
    missing = [] if confirmed else [unconfirmed]
    return missing + [
        _("缺少登记项“%(fact)s”，依据：%(article)s。") % {"fact": gate.text, "article": gate.article}
        for gate in rule_pack_of(tenant).site_life.gates_of(Kind.OPEN)
        if not (asked.wanted.get(gate.code, "") or getattr(tenant, gate.code) or "").strip()
    ]


def needed_papers(tenant: Tenant, kind: str) -> tuple[LifeRule, ...]:
    """The papers that an application of this kind needs; none for an offline site that comes back."""
    if kind == Kind.OPEN and tenant.status != Status.PREPARING:
        return ()
    return rule_pack_of(tenant).site_life.papers_of(kind, tenant.kind)


def missing_papers(tenant: Tenant, asked: Asked, papers: Iterable[str]) -> list[str]:
    """Papers that the rule pack asks for and that are not among the kinds ``papers``."""
    given = set(papers)
    return [
        _("缺少材料“%(paper)s”，依据：%(article)s。") % {"paper": rule.text, "article": rule.article}
        for rule in needed_papers(tenant, asked.kind)
        if rule.code not in given
    ]


def paper_kinds(tenant: Tenant) -> dict[str, str]:
    """Kinds of papers that the rule pack of ``tenant`` knows, with OTHER_PAPER: code -> words."""
    rules = {rule.code: rule.text for found in rule_pack_of(tenant).site_life.papers.values() for rule in found}
    return {OTHER_PAPER: _("其他材料"), **rules}


def unknown_papers(tenant: Tenant, papers: Iterable[GivenPaper]) -> list[str]:
    """A sentence for each paper of a kind that is not among ``paper_kinds``."""
    known = paper_kinds(tenant)
    listed = "、".join(f"{code}（{text}）" for code, text in known.items())
    return [
        _("没有“%(kind)s”这类材料。可用：%(known)s。") % {"kind": paper.kind[:40], "known": listed}
        for paper in papers
        if paper.kind not in known
    ]


def names_for_the_shell(tenant: Tenant, kind: str) -> list[str]:
    """How a verb names what an application of this kind may need: papers, grounds, facts. On screens they are words."""
    pack = rule_pack_of(tenant).site_life
    facts = {Kind.OPEN: {gate.code: gate.text for gate in pack.gates_of(Kind.OPEN)}, Kind.CHANGE: fact_labels()}
    named = (
        ("--paper", {rule.code: rule.text for rule in needed_papers(tenant, kind)}),
        ("--ground", {rule.code: rule.text for rule in pack.grounds_of(kind, tenant.kind)}),
        ("--set", facts.get(Kind(kind), {})),
    )
    return [
        _("命令行里 %(option)s 的写法：%(names)s。")
        % {"option": option, "names": "、".join(f"{code}（{text}）" for code, text in names.items())}
        for option, names in named
        if names
    ]


def offline_count(tenant: Tenant, year: int, *, without: int | None = None) -> int:
    """How often the site was, is or is about to be offline in ``year``, of what counts against the limit."""
    counted = SiteApplication.objects.filter(tenant=tenant, kind=Kind.OFFLINE, counted=True).exclude(pk=without or 0)
    counted = counted.exclude(state__in=(State.REJECTED, State.WITHDRAWN))
    begin = datetime(year, 1, 1, tzinfo=CHINA)
    within = Q(carried_out_at__gte=begin, carried_out_at__lt=begin.replace(year=year + 1))
    # What waits may still begin this year, whenever it was filed.
    return counted.filter(within | Q(carried_out_at=None)).count()


def reasons_against_offline(
    tenant: Tenant, until: date | None, ground: LifeRule | None, *, today: date, own: int | None = None
) -> list[str]:
    """What the limits say against being offline from ``today`` to ``until``; ``own``: the application that asks."""
    reasons = []
    if until is not None and until <= today:
        reasons.append(_("计划恢复日期（%(day)s）须在今天之后。") % {"day": until.isoformat()})
    if ground is None or not ground.counted:
        return reasons
    pack = rule_pack_of(tenant)
    longest, times = pack.limit("offline_length"), pack.limit("offline_times")
    if until is None:
        reasons.append(_("请填写计划恢复日期。"))
    elif (until - today).days > longest.days:
        reasons.append(
            _("临时下线最长 %(limit)s，最迟应于 %(last)s 恢复，依据：%(article)s。")
            % {"limit": longest, "last": today + timedelta(days=longest.days), "article": longest.article}
        )
    if offline_count(tenant, today.year, without=own) >= times.count:
        reasons.append(
            _("今年已经申请过临时下线，每年不超过 %(limit)s；主管部门责令或不可抗力的报备后不计入。依据：%(article)s。")
            % {"limit": times, "article": times.article}
        )
    return reasons


def reasons_against_facts(tenant: Tenant, asked: Asked, *, own: int | None = None) -> list[str]:
    """What speaks against the facts in ``asked.wanted``: unknown, taken, of the wrong form, or not fit to be shown.

    ``own``: the application that asks, where it was filed already.
    """
    if unknown := sorted(set(asked.wanted) - set(CHANGEABLE)):
        labels = "、".join(f"{name}（{label}）" for name, label in fact_labels().items())
        return [_("没有“%(name)s”这一项。可用：%(known)s。") % {"name": "、".join(unknown), "known": labels}]
    reasons = reasons_against_host(tenant, asked.wanted[DOMAIN], own=own) if DOMAIN in asked.wanted else []
    words = {name: value for name, value in asked.wanted.items() if name in RECORD_FIELDS}
    if words:
        shown = copy(Tenant.objects.get(pk=tenant.pk))
        for name, value in words.items():
            setattr(shown, name, value)
        try:
            with tenant_context(tenant):
                check_words(shown, reason=asked.reason)
        except Refused as refusal:
            reasons += refusal.reasons
    return reasons + reasons_against_awaited_code(words.get("identity_code", ""), tenant, own=own)


def reasons_against_host(tenant: Tenant, host: str, *, own: int | None = None) -> list[str]:
    """Why the site may not have ``host`` as its host for citizens."""
    try:
        validate_site_host(host)
    except ValidationError as error:
        return list(error.messages)
    if host == settings.CONSOLE_PARENT_DOMAIN or host.endswith("." + settings.CONSOLE_PARENT_DOMAIN):
        return [_("公众域名“%(host)s”不能放在后台域名之下。") % {"host": host}]
    if is_of_the_platform(host):
        return [_("域名“%(host)s”由平台自己使用，请换一个。") % {"host": host}]
    taken = Domain.objects.select_related("tenant").filter(domain=host).first()
    if taken is not None and taken.tenant_id != tenant.pk:
        return [_("域名“%(host)s”已经由“%(site)s”使用。") % {"host": host, "site": taken.tenant.full_name}]
    if taken is not None and (taken.is_primary or taken.kind != Domain.Kind.PUBLIC):
        return [_("域名“%(host)s”就是本站现在的域名。") % {"host": host}]
    return reasons_against_awaited_host(host, tenant, own=own)


def destination_of(tenant: Tenant, asked: Asked) -> Tenant | None:
    """The site into which the content of a retiring site goes: the one that was named, else the superior one."""
    if asked.into:
        return Tenant.objects.filter(code=asked.into).first()
    return tenant.parent


def reasons_against_ground(tenant: Tenant, asked: Asked) -> list[str]:
    """Why the application does not rest on any of the grounds that the rule pack has for a site of this kind."""
    pack = rule_pack_of(tenant)
    grounds = pack.site_life.grounds_of(asked.kind, tenant.kind)
    if not grounds or ground_of(tenant, asked, pack) is not None:
        return []
    known = "、".join(f"“{one.text}”" for one in grounds)
    if asked.kind == Kind.RETIRE and tenant.kind == Tenant.Kind.PORTAL:
        sentence = _("门户网站除以下情形外不得关停，请写明是哪一种：%(known)s。依据：%(article)s。")
        return [sentence % {"known": known, "article": grounds[0].article}]
    return [_("请写明依据的情形。可用：%(known)s。") % {"known": known}]


def reasons_against_destination(tenant: Tenant, asked: Asked) -> list[str]:
    """Why the content of a retiring site cannot go where ``asked`` says, or the site cannot go while others come."""
    return [*reasons_of_those_that_come(tenant), *_reasons_against_target(tenant, asked)]


def reasons_of_those_that_come(tenant: Tenant) -> list[str]:
    """Sites whose retirement into ``tenant`` was granted and whose content is not here yet: it would have no place."""
    here = Merge.objects.filter(state__in=(Merge.State.MOVED, Merge.State.CONFIRMED)).values("source")
    coming = SiteApplication.objects.filter(kind=Kind.RETIRE, state=State.APPROVED, ended_at=None, into=tenant)
    return [
        _("“%(site)s”已获准关停，内容要迁入本站（申请编号 %(number)s），请先完成它的并入，由平台运维人员办理。")
        % {"site": one.tenant.full_name, "number": one.pk}
        for one in coming.exclude(tenant__in=here).select_related("tenant").order_by("pk")
    ]


def _reasons_against_target(tenant: Tenant, asked: Asked) -> list[str]:
    into = destination_of(tenant, asked)
    if into is None:
        if asked.into:
            return [_("没有代码为“%(code)s”的站点。") % {"code": asked.into}]
        return [_("请写明内容迁入哪个网站。")]
    if into.is_console or into.pk == tenant.pk:
        return [_("内容应迁入另一个政府网站，不能是本站或监管控制台。")]
    if into.status != Status.LIVE:
        return [
            _("“%(site)s”现在是“%(status)s”，不能迁入内容。")
            % {"site": into.full_name, "status": into.get_status_display()}
        ]
    if going := SiteApplication.objects.filter(
        kind=Kind.RETIRE, state=State.APPROVED, ended_at=None, tenant=into
    ).first():
        # It only waits for its notice: nothing can come into it from then on.
        return [
            _("“%(site)s”自己的关停（申请编号 %(number)s）已获批准，不能再迁入内容，请写明别的网站。")
            % {"site": into.full_name, "number": going.pk}
        ]
    return reasons_against_descending(tenant, into)


def reasons_against_descending(source: Tenant, destination: Tenant) -> list[str]:
    """Why what ``source`` has cannot go down into a site that stands below it."""
    if source not in superiors_of(destination):
        return []
    return [
        _("“%(below)s”是“%(above)s”的下级站点：上级站点不能并入下级站点。")
        % {"below": destination.full_name, "above": source.full_name}
    ]


# --- inside ------------------------------------------------------------------------------


def _reasons_of_state(tenant: Tenant, asked: Asked) -> list[str]:
    """What the state of the site says against an application of this kind."""
    ground = ground_of(tenant, asked)
    reported = ground is not None and ground.reported
    reasons = []
    if tenant.frozen:
        reasons.append(words_of(tenant))
        if reported:
            reasons.append(
                _(
                    "确须立即停止公众访问的，请平台运维人员先退回这次并入，再报备下线；内容已经迁入的，请由并入站点撤下。"
                )
            )
    told = {"site": tenant.full_name, "status": tenant.get_status_display(), "kind": Kind(asked.kind).label}
    if tenant.status not in (FITTING_REPORTS if reported else FITTING)[Kind(asked.kind)]:
        reasons.append(_("“%(site)s”现在是“%(status)s”，不能申请%(kind)s。") % told)
        if tenant.status in FITTING_REPORTS[Kind(asked.kind)]:
            known = "、".join(f"“{one.text}”" for one in reported_grounds(tenant, asked.kind))
            reasons.append(_("关停期间只有以下情形可以报备下线，请写明是哪一种：%(known)s。") % {"known": known})
    if asked.kind == Kind.RETIRE and (going := retirement_under_way(tenant)):
        reasons.append(
            _("“%(site)s”的关停（编号 %(number)s）已经公告，现因临时下线暂停，恢复后接着办理。")
            % {"site": tenant.full_name, "number": going.pk}
        )
    return reasons


def _reasons_of_kind(tenant: Tenant, asked: Asked) -> list[str]:
    ground = ground_of(tenant, asked)
    reasons = reasons_against_ground(tenant, asked)
    if asked.kind == Kind.OFFLINE:
        reasons += reasons_against_offline(tenant, asked.until, ground, today=local_day(timezone.now()))
    if asked.kind == Kind.RETIRE:
        reasons += reasons_against_destination(tenant, asked)
    if asked.kind == Kind.CHANGE:
        labels = fact_labels()
        same = [n for n, value in asked.wanted.items() if n in RECORD_FIELDS and (getattr(tenant, n) or "") == value]
        if not asked.wanted:
            known = "、".join(str(label) for label in labels.values())
            reasons.append(_("请写明要变更的项目和内容。可以变更的有：%(known)s。") % {"known": known})
        reasons += [_("“%(fact)s”与现在登记的相同。") % {"fact": labels[name]} for name in same]
        if any(not value for name, value in asked.wanted.items()):
            reasons.append(_("变更后的内容不能为空。"))
    return reasons


def must_name_a_ground(tenant: Tenant, kind: str) -> bool:
    """A portal's retirement is the exception, so nobody's application rests on a ground that was not named."""
    return kind == Kind.RETIRE and tenant.kind == Tenant.Kind.PORTAL
