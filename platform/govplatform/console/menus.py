"""The side menu by role: it holds only what the person's work needs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import EDITOR, ROLES, SITE_ADMIN
from govplatform.accounts.screens.menu import RoleMenuItem

#: Names of Wagtail's own items and the roles that keep them.
KEPT_ITEMS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "explorer": frozenset({EDITOR.code, SITE_ADMIN.code}),
        "images": frozenset({EDITOR.code}),
        "documents": frozenset({EDITOR.code}),
    }
)


def menu_for(request: HttpRequest, offered: list[MenuItem]) -> list[MenuItem]:
    """Return the items of ``offered`` that the person sees, sorted: ours, and those of Wagtail that a role keeps."""
    roles = current_roles(request.user)
    kept = []
    for item in offered:
        if roles & KEPT_ITEMS.get(item.name, frozenset()) or isinstance(item, RoleMenuItem):
            kept.append(item)
        if item.name == "explorer":
            item.label = _("栏目与信息") if EDITOR.code in roles else _("栏目")
    return sorted(kept, key=lambda item: item.order)


def describe_roles(user: Any) -> list[str]:
    """Labels of the person's roles on the current site, for the head of the start page."""
    return [str(ROLES[code].label) for code in sorted(current_roles(user))]
