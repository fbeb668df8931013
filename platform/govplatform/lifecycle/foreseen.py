"""What opening a site would make, told before anything is made."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant, superiors_of

from .actions import BY_APPLICATION, NewSite, tenant_from

#: Titles of the first columns of a site that is not stored yet.
FirstColumns = Callable[[Tenant], list[str]]
_first_columns: list[FirstColumns] = []


def register_first_columns(tell: FirstColumns) -> None:
    """Say who knows the columns that a new site begins with; the last one counts."""
    _first_columns[:] = [tell]


def foresee_opening(new: NewSite) -> list[tuple[str, list[str]]]:
    """``[(heading, sentences)]`` of what ``open_site`` would make of these facts, which a form has checked."""
    parent = Tenant.objects.filter(code=new.parent_code).first() if new.parent_code else None
    tenant = tenant_from(new, parent)
    return [
        (_("网站"), _site(tenant, new)),
        (_("审批和监管"), _levels(tenant)),
        (_("首批栏目"), ["、".join(_first_columns[0](tenant))] if _first_columns else []),
        (_("开通之前"), _before_it_opens(tenant, new)),
    ]


def _site(tenant: Tenant, new: NewSite) -> list[str]:
    kind = {"kind": tenant.get_kind_display(), "level": tenant.get_level_display(), "name": tenant.full_name}
    return [
        _("%(level)s%(kind)s“%(name)s”") % kind,
        _("公众访问 http://%(host)s/，管理后台 http://%(console)s/admin/")
        % {"host": new.host.lower(), "console": new.console_host.lower()},
        _(
            "一个独立的数据库模式、首页，以及编辑、审核、保密审查、管理、审计五种角色；还没有人员，建成后在“人员”中邀请。"
        ),
    ]


def _levels(tenant: Tenant) -> list[str]:
    above = [tenant.parent, *superiors_of(tenant.parent)] if tenant.parent is not None else []
    if not above:
        return [
            _("没有上级站点：它的网站事项申请由%(console)s直接审批。") % {"console": console_tenant().full_name},
        ]
    names = "、".join([*(site.full_name for site in above), console_tenant().full_name])
    return [
        _("上级站点是“%(parent)s”；它的网站事项申请依次由%(names)s审批。")
        % {"parent": above[0].full_name, "names": names}
    ]


def _before_it_opens(tenant: Tenant, new: NewSite) -> list[str]:
    if new.opens_by != BY_APPLICATION:
        return [_("登记信息由另一名平台运维人员或监管员确认后，网站即开通；在此之前公众看到“正在筹备”。")]
    life = rule_pack_of(tenant).site_life
    needed = [rule.text for rule in (*life.gates_of("open"), *life.papers_of("open", tenant.kind))]
    return [
        _("网站先筹备，开通申请逐级批准并公告后开通；在此之前公众看到“正在筹备”。"),
        *([_("申请时要有：%(needed)s。") % {"needed": "、".join(needed)}] if needed else []),
    ]
