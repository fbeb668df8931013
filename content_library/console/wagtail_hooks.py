"""信息资源库 in the console's menu and addresses."""

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from govplatform.accounts.roles import SITE_ADMIN
from govplatform.console.menus import RoleMenuItem

from ..resources.permissions import CONTENT_ROLES, OVERSIGHT_ROLES
from .urls import urlpatterns


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def browse_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("信息资源库"),
        reverse("library_browse"),
        roles=CONTENT_ROLES | OVERSIGHT_ROLES,
        # not "library": the menu marks whatever begins with the name of where one is
        name="library-browse",
        icon_name="folder-open-inverse",
        order=115,
    )


@hooks.register("register_admin_menu_item")
def statistics_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("资源库统计"),
        reverse("library_statistics"),
        roles=OVERSIGHT_ROLES,
        name="library-statistics",
        icon_name="table",
        order=116,
    )


@hooks.register("register_admin_menu_item")
def pattern_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("索引号规则"),
        reverse("library_pattern"),
        roles=frozenset({SITE_ADMIN.code}),
        name="library-pattern",
        icon_name="list-ol",
        order=146,
    )
