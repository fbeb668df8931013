"""推送、收回、接收设置 in the console's menu, addresses and start pages."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from content_library.models import Resource
from content_library.resources.screen_parts import ACTS, ResourceAct
from govplatform.accounts.models import User
from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import REVIEWER_CODES, SITE_ADMIN
from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from .panels import DutiesPanel, StandingPanel
from .permissions import reasons_against_pushing, reasons_against_recalling
from .urls import urlpatterns
from .views.incoming import IncomingView
from .views.pushing import PushesView
from .views.recalls import RecallsView


@hooks.register("register_admin_urls")
def push_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def pushes_item() -> RoleMenuItem:
    return item_for(PushesView, "pushes", name="pushes-list", order=117)


@hooks.register("register_admin_menu_item")
def recalls_item() -> RoleMenuItem:
    return item_for(RecallsView, "pushes_recalls", name="recalls-list", order=118)


@hooks.register("register_admin_menu_item")
def incoming_item() -> RoleMenuItem:
    return item_for(IncomingView, "pushes_incoming", name="incoming-settings", order=119)


@hooks.register(ACTS)
def acts_of_library(resource: Resource, tenant: Tenant, user: User) -> Iterator[ResourceAct]:
    """Yield the buttons 推送 and 收回 for the library's screen of a resource, for those who may."""
    asked = urlencode({"resource": str(resource.uuid)})
    if resource.is_withdrawn:
        return
    if not reasons_against_pushing(user, resource):
        yield ResourceAct(_("推送"), f"{reverse('pushes_new')}?{asked}", icon="upload")
    if not reasons_against_recalling(user, resource):
        yield ResourceAct(_("收回"), f"{reverse('pushes_new_recall')}?{asked}", icon="no-view", critical=True)


@hooks.register("construct_homepage_panels")
def duties_panel(request: HttpRequest, panels: list[Component]) -> None:
    if not current_tenant().is_console and current_roles(request.user) & (REVIEWER_CODES | {SITE_ADMIN.code}):
        panels.append(DutiesPanel())


@hooks.register("construct_homepage_panels")
def standing_panel(request: HttpRequest, panels: list[Component]) -> None:
    if not current_tenant().is_console and current_roles(request.user) & REVIEWER_CODES:
        panels.append(StandingPanel())
