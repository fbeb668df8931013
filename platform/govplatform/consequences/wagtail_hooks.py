"""The operators' screen, its item in the menu and its panel in the console tenant's admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .queries import count_undone, find_rows
from .urls import urlpatterns
from .views import ConsequencesView, shown_rows

_ROWS = 10


@hooks.register("register_admin_urls")
def consequence_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def consequences_item() -> RoleMenuItem:
    return item_for(ConsequencesView, "consequences", name="consequences", order=135)


class UndonePanel(Component):
    """The start page's panel of consequences that failed or are stuck: the first of them, and how many there are."""

    name = "consequences"
    order = 95
    template_name = "consequences/panel.html"

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"rows": shown_rows(list(find_rows()[:_ROWS])), **self.counts}


@hooks.register("construct_homepage_panels")
def undone_panel(request: HttpRequest, panels: list[Component]) -> None:
    if current_roles(request.user) & ConsequencesView.opening_roles() and any((counts := count_undone()).values()):
        panels.append(UndonePanel(counts))
