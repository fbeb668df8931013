"""Items of the side menu; each package registers its own with Wagtail's hook ``register_admin_menu_item``."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem

from ..permissions import current_roles
from .screen import Screen


class RoleMenuItem(MenuItem):
    """Shown to the holders of ``roles`` on the current site."""

    def __init__(self, label: Any, url: str, *, roles: frozenset[str], **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.roles = roles

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(current_roles(request.user) & self.roles)


def item_for(
    screen: type[Screen], address: str, *, name: str, order: int, label: Any = "", icon: str = ""
) -> RoleMenuItem:
    """The item that leads to ``screen`` under the URL name ``address``: its title (or ``label``), for those whom
    it opens to.

    Wagtail marks an item as current when its ``name`` begins like the current one's: choose one that is no
    beginning of another.
    """
    return RoleMenuItem(
        label or screen.page_title,
        reverse(address),
        roles=screen.opening_roles(),
        name=name,
        icon_name=icon or screen.header_icon,
        order=order,
    )
