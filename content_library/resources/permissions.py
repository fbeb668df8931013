"""Who may read the library, and who may bring something into it from outside."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console, roles_on
from govplatform.accounts.roles import (
    CONFIDENTIALITY_REVIEWER,
    CONTENT_REVIEWER,
    EDITOR,
    OPERATOR,
    SITE_ADMIN,
    SUPERVISOR,
)
from govplatform.tenancy.models import Tenant

from ..models import Resource
from .entering import is_open
from .showing import is_shown

#: Roles on a site that work with content and so read the library in its console.
CONTENT_ROLES = frozenset({EDITOR.code, CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code})
#: Roles in the supervisor's console that read the library as a whole.
OVERSIGHT_ROLES = frozenset({SUPERVISOR.code, OPERATOR.code})


def may_read_library(user: Any, tenant: Tenant) -> bool:
    """Tell whether ``user`` may open the library in the console of ``tenant``."""
    wanted = OVERSIGHT_ROLES if tenant.is_console else CONTENT_ROLES
    return isinstance(user, User) and bool(roles_on(user, tenant) & wanted)


def may_see(resource: Resource, tenant: Tenant) -> bool:
    """Tell whether those who read the library of ``tenant`` may see this resource; the supervisor sees all."""
    if tenant.is_console or tenant.pk in (resource.tenant_id, resource.holder_id):
        return True
    return is_open(resource) and is_shown(resource)


def reasons_against_setting_pattern(user: User | None, tenant: Tenant) -> list[str]:
    """Why ``user`` may not set the pattern of the index numbers of ``tenant`` (None: the shell may)."""
    if user is None or SITE_ADMIN.code in roles_on(user, tenant) or oversees(user):
        return []
    return [
        _("%(user)s 不是“%(site)s”的站点管理员，也不是平台运维人员或监管员，不能设置索引号规则。")
        % {"user": user, "site": tenant.full_name}
    ]


def oversees(user: User) -> bool:
    """Does ``user`` hold one of the oversight roles in the console tenant?"""
    return holds_in_console(user, OVERSIGHT_ROLES)


def reasons_against_importing(user: User | None, tenant: Tenant | None) -> list[str]:
    """Say why ``user`` may not import a resource (None is the shell, which may).

    ``tenant``: the site for which it is imported, None for the platform.
    """
    if user is None:
        return []
    if tenant is not None:
        if roles_on(user, tenant) & {EDITOR.code, CONTENT_REVIEWER.code}:
            return []
        return [
            _("%(user)s 在“%(site)s”不是编辑或内容审核人，不能导入资源。") % {"user": user, "site": tenant.full_name}
        ]
    if oversees(user):
        return []
    return [_("不指定站点时，只有监管员或平台运维人员可以导入；请用 --site 指定你任职的站点。")]
