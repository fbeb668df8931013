"""The templates of notices, in plain words; the reviewers of the site on which one stands clear it."""

from datetime import date
from http import HTTPStatus

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.addresses.resolving import resolve_url
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..applications.request import DOMAIN
from ..models import SiteNotice
from .pages import NoticeText

Kind = SiteNotice.Kind


def notice_text(notice: SiteNotice) -> NoticeText:
    """What ``notice`` says, by its template."""
    application = notice.application
    tenant = application.tenant
    values = {
        "site": tenant.full_name,
        "organiser": tenant.organiser or tenant.full_name,
        "address": public_url(tenant),
        "until": _day_words(application.until) if application.until else "",
        "ground": _ground_words(tenant, application.kind, application.ground),
        "into": application.into.full_name if application.into else "",
        "into_address": public_url(application.into) if application.into else "",
        "host": application.wanted.get(DOMAIN, ""),
        "days": rule_pack_of(tenant).limit(_TERMS.get(Kind(notice.kind), "retirement_notice")).days,
    }
    title, paragraphs = _TEMPLATES[Kind(notice.kind)]()
    told = [paragraph % values for paragraph in paragraphs]
    if notice.kind == Kind.OFFLINE and not application.until:
        told = [paragraph % values for paragraph in _offline_without_end()]
    if notice.kind == Kind.COMPLETION:
        told += _where_columns_went(tenant)
    source = tenant.organiser or tenant.full_name
    return NoticeText((title % values)[:200], source[:100], (*told, source, _day_words(timezone.localdate())))


#: Depth of the pages right below the home page in Wagtail's tree.
_BELOW_HOME = 3
#: A menu has not more columns.
_MOST_COLUMNS = 30
#: Kind -> the limit that says how long it stays up.
_TERMS = {
    Kind.OPENING: "opening_notice",
    Kind.MIGRATION: "retirement_notice",
    Kind.COMPLETION: "retirement_notice",
    Kind.DOMAIN: "domain_notice",
}


def _where_columns_went(tenant: Tenant) -> list[str]:
    """A line for each column below the home page whose old address leads to where it is now."""
    with tenant_context(tenant):
        columns = Page.objects.live().filter(depth=_BELOW_HOME, show_in_menus=True).order_by("path")
        named = list(columns.values_list("title", "slug")[:_MOST_COLUMNS])
    told = []
    for title, slug in named:
        answer = resolve_url(public_url(tenant, f"/{slug}/"))
        if answer.status == HTTPStatus.MOVED_PERMANENTLY:
            words = _("原“%(column)s”栏目现在的网址：%(address)s。")
            told.append(words % {"column": title, "address": answer.location})
    return told


def _day_words(day: date) -> str:
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


def _ground_words(tenant: Tenant, kind: str, code: str) -> str:
    rules = rule_pack_of(tenant).site_life.grounds.get(kind, ())
    return next((rule.text for rule in rules if rule.code == code), "")


def _opening() -> tuple[str, list[str]]:
    return _("%(site)s网站开通公告"), [
        _("经批准，%(site)s网站自即日起正式开通，网址：%(address)s。"),
        _("网站由%(organiser)s主办，欢迎访问。"),
    ]


def _offline() -> tuple[str, list[str]]:
    return _("%(site)s网站临时下线公告"), [
        _("因%(ground)s，%(site)s网站（%(address)s）临时下线，计划于%(until)s恢复访问。"),
        _("由此带来不便，敬请谅解。"),
    ]


def _offline_without_end() -> list[str]:
    return [
        _("因%(ground)s，%(site)s网站（%(address)s）临时下线，恢复时间另行公告。"),
        _("由此带来不便，敬请谅解。"),
    ]


def _migration() -> tuple[str, list[str]]:
    return _("%(site)s网站关停迁移公告"), [
        _("因%(ground)s，经批准，%(site)s网站（%(address)s）将关停，网站内容迁移至%(into)s网站（%(into_address)s）。"),
        _("本公告公示不少于%(days)s日。关停后，原有网页的网址会转到迁移后的页面。"),
    ]


def _completion() -> tuple[str, list[str]]:
    return _("%(site)s网站关停公告"), [
        _(
            "因%(ground)s，经批准，%(site)s网站（%(address)s）已经关停，网站内容已经迁移至%(into)s网站（%(into_address)s）。"
        ),
        _("原有网页的网址会转到迁移后的页面；没有迁移的，会说明原因。本公告公示不少于%(days)s日。"),
    ]


def _domain() -> tuple[str, list[str]]:
    return _("%(site)s网站域名变更公告"), [
        _("经批准，%(site)s网站域名由本公告发布之日起变更为%(host)s。"),
        _("原域名继续显示本公告%(days)s日，之后自动转到新域名。请更新收藏的网址。"),
    ]


_TEMPLATES = {
    Kind.OPENING: _opening,
    Kind.OFFLINE: _offline,
    Kind.MIGRATION: _migration,
    Kind.COMPLETION: _completion,
    Kind.DOMAIN: _domain,
}
