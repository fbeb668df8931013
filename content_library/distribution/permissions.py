"""Who may push, recall, subscribe, map columns, and decide on standing clearances."""

from typing import Any

from django.utils.translation import gettext as _

from content_library.models import Resource
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role, is_supervisor
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR, SITE_ADMIN
from govplatform.tenancy.models import Tenant


def may_push(user: Any, resource: Resource) -> bool:
    """Tell whether the user may push ``resource``: a content reviewer of its source or a supervisor, no editor."""
    source = resource.tenant or resource.holder
    if not isinstance(user, User) or not user.is_active:
        return False
    return is_supervisor(user) or (source is not None and has_role(user, CONTENT_REVIEWER.code, source))


def reasons_against_pushing(user: User, resource: Resource) -> list[str]:
    if may_push(user, resource):
        return []
    return [
        _("%(user)s 不是来源站点的内容审核人，也不是监管员，不能推送“%(title)s”。编辑不能推送。")
        % {"user": user, "title": resource.title}
    ]


def reasons_against_recalling(user: User, resource: Resource) -> list[str]:
    if may_push(user, resource):
        return []
    return [
        _("%(user)s 不是来源站点的内容审核人，也不是监管员，不能收回“%(title)s”。")
        % {"user": user, "title": resource.title}
    ]


def reasons_against_subscribing(user: User, tenant: Tenant) -> list[str]:
    """Say why the user may not set subscriptions: neither editor nor content reviewer of the site."""
    if has_role(user, EDITOR.code, tenant) or has_role(user, CONTENT_REVIEWER.code, tenant):
        return []
    return [_("%(user)s 在“%(site)s”不是编辑或内容审核人，不能设置订阅。") % {"user": user, "site": tenant.full_name}]


def reasons_against_mapping(user: User, tenant: Tenant) -> list[str]:
    """Say why the user may not map columns: not the site's administrator."""
    if has_role(user, SITE_ADMIN.code, tenant):
        return []
    return [_("只有“%(site)s”的站点管理员可以设置栏目对应。") % {"site": tenant.full_name}]


def reasons_against_proposing(user: User, tenant: Tenant) -> list[str]:
    if has_role(user, CONTENT_REVIEWER.code, tenant):
        return []
    return [_("%(user)s 不是“%(site)s”的内容审核人，不能提出常设审查决定。") % {"user": user, "site": tenant.full_name}]


def reasons_against_standing_approval(user: User, tenant: Tenant) -> list[str]:
    if has_role(user, CONFIDENTIALITY_REVIEWER.code, tenant):
        return []
    return [_("%(user)s 不是“%(site)s”的保密审查人，不能批准常设审查决定。") % {"user": user, "site": tenant.full_name}]


def reasons_against_revoking(user: User, tenant: Tenant) -> list[str]:
    if {CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code} & {
        role for role in (CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code) if has_role(user, role, tenant)
    } or is_supervisor(user):
        return []
    return [
        _("%(user)s 不是“%(site)s”的审查人，也不是监管员，不能终止常设审查决定。")
        % {"user": user, "site": tenant.full_name}
    ]


def reasons_against_recommending(user: User, tenant: Tenant) -> list[str]:
    """Say why the user may not say what stands on the home page of ``tenant``, or propose it: not an editor of it."""
    if has_role(user, EDITOR.code, tenant):
        return []
    return [_("%(user)s 在“%(site)s”没有编辑角色，不能办理推荐。") % {"user": user, "site": tenant.full_name}]
