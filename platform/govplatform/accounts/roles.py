"""角色: what a person may be on a site, and which of them exclude each other.

One table (``ROLES``); permissions, the database trigger's test, the console and the glossary
all read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """``code`` as verbs write it; ``duty``: the side of the separation it stands on, or ''.

    ``takes_two``: whoever holds it approves, or decides who approves, so a second person confirms that it is given.
    """

    code: str
    label: str | Promise
    duty: str
    console_only: bool = False
    takes_two: bool = False


EDITOR = Role("editor", _("编辑"), "editing")
CONTENT_REVIEWER = Role("content-reviewer", _("内容审核"), "review", takes_two=True)
CONFIDENTIALITY_REVIEWER = Role("confidentiality-reviewer", _("保密审查"), "review", takes_two=True)
SITE_ADMIN = Role("site-admin", _("站点管理员"), "administration", takes_two=True)
AUDITOR = Role("auditor", _("审计员"), "audit")
#: Takes in what citizens send and passes it on; answers nothing and reviews nothing.
CLERK = Role("clerk", _("受理员"), "intake")
OPERATOR = Role("operator", _("平台运维"), "", console_only=True, takes_two=True)
SUPERVISOR = Role("supervisor", _("监管员"), "", console_only=True, takes_two=True)

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.code: role
        for role in (
            EDITOR,
            CONTENT_REVIEWER,
            CONFIDENTIALITY_REVIEWER,
            SITE_ADMIN,
            AUDITOR,
            CLERK,
            OPERATOR,
            SUPERVISOR,
        )
    }
)
TAKES_TWO_CODES = frozenset(role.code for role in ROLES.values() if role.takes_two)
REVIEWER_CODES = frozenset({CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code})
ROLE_CHOICES = tuple((role.code, role.label) for role in ROLES.values())


def conflicting_codes(code: str) -> frozenset[str]:
    """Roles that nobody may hold beside ``code`` on the same site.

    Editing, review and administration are separate people:
    《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（五）项.
    """
    duty = ROLES[code].duty
    if not duty:
        return frozenset()
    return frozenset(r.code for r in ROLES.values() if r.duty and r.duty != duty)
