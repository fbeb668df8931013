"""The operators' screens in the console tenant's admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from govplatform.tenancy.faults import open_faults

from .applications.panels import ApplicationsPanel, concerned_with_applications
from .applications.views import ApplicationsView
from .fault_words import with_words
from .queries import fleet_order
from .urls import urlpatterns
from .views import FleetView, fleet_rows, roles_in_console

_SITES, _FAULTS = 30, 10


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
        sites = fleet_order()
        return {
            "rows": fleet_rows(sites[:_SITES]),
            "total": len(sites),
            "more": len(sites) > _SITES,
            "may_open": OPERATOR.code in roles,
        }


class FaultsPanel(Component):
    """站点异常: what fails in some site, while the others are served; nothing when everything works."""

    name = "site-faults"
    order = 90
    template_name = "lifecycle/panels/faults.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        found = open_faults()
        total = found.count()
        return {"rows": with_words(found[:_FAULTS]), "total": total, "more": total > _FAULTS}


@hooks.register("construct_homepage_panels")
def fleet_panel(request: HttpRequest, panels: list[Component]) -> None:
    if roles_in_console(request.user) & {OPERATOR.code, SUPERVISOR.code}:
        panels += [FaultsPanel(), FleetPanel()]


@hooks.register("register_admin_menu_item")
def sites_item() -> RoleMenuItem:
    return item_for(FleetView, "lifecycle_sites", name="sites-tree", order=130)


@hooks.register("construct_homepage_panels")
def applications_panel(request: HttpRequest, panels: list[Component]) -> None:
    if concerned_with_applications(request.user):
        panels.append(ApplicationsPanel())


@hooks.register("register_admin_menu_item")
def applications_item() -> RoleMenuItem:
    return item_for(ApplicationsView, "site_applications", name="site-applications", order=135)
