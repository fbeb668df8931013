"""Who may keep a dictionary: rules that answer with the reasons against it, empty when it is allowed."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console, roles_on
from govplatform.accounts.roles import OPERATOR, REVIEWER_CODES, SUPERVISOR
from govplatform.tenancy.models import Tenant

PLATFORM_ROLES = frozenset({OPERATOR.code, SUPERVISOR.code})


def scope_of(tenant: Tenant) -> Tenant | None:
    """The dictionary kept in the console of ``tenant``: the site's own; None, the platform's, in the console tenant."""
    return None if tenant.is_console else tenant


def keeps_platform_dictionary(user: User) -> bool:
    """Whether ``user`` may keep the platform's dictionary: an operator or supervisor of the supervising office."""
    return holds_in_console(user, PLATFORM_ROLES)


def reasons_against_keeping(acting_user: User | None, tenant: Tenant | None) -> list[str]:
    """Why ``acting_user`` may neither read nor change the dictionary of ``tenant`` (None: the platform's).

    ``acting_user`` None: the shell, which may. A site's dictionary is kept by its reviewers: who writes the text must
    not decide what is looked for in it.
    """
    if tenant is not None and tenant.is_console:
        return [_("监管控制台没有自己的词库，请维护平台词库。")]
    if acting_user is None:
        return []
    if tenant is None:
        if keeps_platform_dictionary(acting_user):
            return []
        return [_("平台词库由监管控制台的平台运维或监管员维护。")]
    if roles_on(acting_user, tenant) & REVIEWER_CODES:
        return []
    return [_("“%(site)s”的词库和白名单由本站的内容审核或保密审查人员维护。") % {"site": tenant.full_name}]
