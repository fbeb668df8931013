"""The places of 外来网站接收 in the consoles: menu items, addresses, a panel of the start page."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .clearing import decisions_waiting_for
from .overview import ArrivalsOfSitesView
from .urls import urlpatterns
from .views import ArrivalsView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return item_for(ArrivalsView, "arrivals", name="arrivals", order=116)


@hooks.register("register_admin_menu_item")
def menu_item_of_all_sites() -> RoleMenuItem:
    return item_for(ArrivalsOfSitesView, "arrivals_of_sites", name="foreign-arrivals", order=133)


class DecisionsPanel(Component):
    """The panel 历史内容审查决定待批准: what somebody else has proposed, for those who may approve it."""

    name = "arrivals-decisions"
    order = 111
    template_name = "arrivals/decisions_panel.html"

    def __init__(self, decisions: list[Any]) -> None:
        super().__init__()
        self.decisions = decisions

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"decisions": self.decisions}


@hooks.register("construct_homepage_panels")
def decisions_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.tenant.is_console:  # type: ignore[attr-defined]
        return
    if decisions := decisions_waiting_for(request.user):  # type: ignore[arg-type]
        panels.append(DecisionsPanel(decisions))
