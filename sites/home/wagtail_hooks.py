"""The places of 推荐 in the console: menu item, addresses, a button on each public page, a panel of the start page."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button

from content_library.distribution.proposals import waiting_proposals
from govplatform.accounts.permissions import current_roles
from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from govplatform.tenancy.current import current_tenant

from .recommend_views import ProposalsView
from .recommending import may_recommend
from .urls import urlpatterns

_ROWS = 15


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return item_for(ProposalsView, "home_proposals", name="home-recommended", order=121)


@hooks.register("register_page_header_buttons")
def recommend_button(page: Any, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """推荐到首页, for what is public."""
    if may_recommend(user, page):
        yield Button(_("推荐到首页"), reverse("home_recommend", args=[page.pk]), icon_name="thumbtack", priority=28)


class ProposalsPanel(Component):
    """The panel 下级站点的推荐: what waits for an answer; nothing when nothing does."""

    name = "home-proposals"
    order = 108
    template_name = "home_console/proposals_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"proposals": list(waiting_proposals(current_tenant())[:_ROWS])}


@hooks.register("construct_homepage_panels")
def proposals_panel(request: HttpRequest, panels: list[Component]) -> None:
    if not current_tenant().is_console and current_roles(request.user) & ProposalsView.opening_roles():
        panels.append(ProposalsPanel())
