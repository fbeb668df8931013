"""推送、收回、接收设置 in the console's menu, addresses and start pages."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.roles import REVIEWER_CODES, SITE_ADMIN
from govplatform.console.menus import RoleMenuItem
from govplatform.review.permissions import current_roles
from govplatform.tenancy.current import current_tenant

from .panels import DutiesPanel
from .urls import urlpatterns
from .views.frame import READERS, RECEIVERS


@hooks.register("register_admin_urls")
def push_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def pushes_item() -> RoleMenuItem:
    return RoleMenuItem(_("推送"), reverse("pushes"), roles=READERS, name="pushes-list", icon_name="upload", order=117)


@hooks.register("register_admin_menu_item")
def recalls_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("收回"), reverse("pushes_recalls"), roles=READERS, name="recalls-list", icon_name="undo", order=118
    )


@hooks.register("register_admin_menu_item")
def incoming_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("接收设置"),
        reverse("pushes_incoming"),
        roles=RECEIVERS,
        name="incoming-settings",
        icon_name="download",
        order=119,
    )


@hooks.register("construct_homepage_panels")
def duties_panel(request: HttpRequest, panels: list[Component]) -> None:
    if not current_tenant().is_console and current_roles(request.user) & (REVIEWER_CODES | {SITE_ADMIN.code}):
        panels.append(DutiesPanel())
