"""The operators' screens in the console tenant's admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import FleetView, fleet_rows, roles_in_console


@hooks.register("register_admin_urls")
def lifecycle_urls() -> list[Any]:
    return urlpatterns


class FleetPanel(Component):
    """站点 as a tree by level, with what needs looking after."""

    name = "fleet"
    order = 100
    template_name = "lifecycle/panels/fleet.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        roles = roles_in_console(parent_context["request"].user)
        return {"rows": fleet_rows(), "may_open": OPERATOR.code in roles}


@hooks.register("construct_homepage_panels")
def fleet_panel(request: HttpRequest, panels: list[Component]) -> None:
    if roles_in_console(request.user) & {OPERATOR.code, SUPERVISOR.code}:
        panels.append(FleetPanel())


@hooks.register("register_admin_menu_item")
def sites_item() -> RoleMenuItem:
    return item_for(FleetView, "lifecycle_sites", name="sites-tree", order=130)
