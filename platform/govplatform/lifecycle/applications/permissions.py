"""Who files, reads and decides applications of sites. Every rule answers with its reasons, empty when allowed."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role, holds_in_console, is_platform_operator, is_supervisor
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import OPERATOR, SITE_ADMIN, SUPERVISOR
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant

from ..models import SiteApplication


def reasons_against_filing(user: User, tenant: Tenant) -> list[str]:
    """Why ``user`` may not file for ``tenant``: its site administrator may, and an operator of the platform."""
    if tenant.is_console:
        return [_("监管控制台不是网站，没有开通、变更、下线、关停事项。")]
    if has_role(user, SITE_ADMIN.code, tenant) or is_platform_operator(user):
        return []
    return [_("只有“%(site)s”的站点管理员或平台运维人员可以提出申请。") % {"site": tenant.full_name}]


def reasons_against_deciding(application: SiteApplication, user: User) -> list[str]:
    """Why ``user`` may not decide the level that is due. Supervisors decide, and nobody what they filed."""
    reasons = []
    if not is_supervisor(user):
        reasons.append(_("%(user)s 不是监管员，不能审批网站事项。") % {"user": user})
    if application.filed_by_id == user.pk:
        reasons.append(_("%(user)s 提出了这项申请，不能自己审批，请由其他监管员办理。") % {"user": user})
    return reasons


def may_read(application: SiteApplication, user: User) -> bool:
    """Whether ``user`` may see the application with its papers: people of the platform, and the site's own."""
    return has_role(user, SITE_ADMIN.code, application.tenant) or holds_in_console(
        user, {OPERATOR.code, SUPERVISOR.code}
    )


def supervisors() -> QuerySet[User]:
    """Everybody who holds the supervisor's role, by user name."""
    return holders_of(console_tenant(), SUPERVISOR.code).order_by("username")


def next_approver(application: SiteApplication, among: Iterable[User] | None = None) -> str | None:
    """User name of somebody who may decide the level that is due; None when nothing is due or nobody may.

    ``among``: the supervisors, where they have been read already.
    """
    return next((person.username for person in next_approvers(application, among)), None)


def next_approvers(application: SiteApplication, among: Iterable[User] | None = None) -> list[User]:
    """Everybody who may decide the level that is due, by user name; nobody when nothing is due. ``among``: as above."""
    if not application.is_open:
        return []
    people = supervisors() if among is None else among
    return [person for person in people if person.pk != application.filed_by_id]
