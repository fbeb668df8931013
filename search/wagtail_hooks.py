"""The search in the console: its menu and addresses, and what operators see of it on their start page."""

from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from govplatform.lifecycle.views import roles_in_console

from .console.statistics import SearchStatisticsView
from .console.synonyms import SynonymsView
from .console.upkeep import SearchUpkeepView
from .console.urls import urlpatterns
from .engines.choosing import chosen_engine
from .models import SearchDocument


class ClusterPanel(Component):
    """检索集群异常: what is wrong with the cluster, and how much waits for it; nothing when it is well."""

    name = "search-cluster"
    order = 91
    template_name = "search/panels/cluster.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        health = chosen_engine().health()
        if health.ok:
            return {"problem": ""}
        return {"problem": health.detail, "waiting": SearchDocument.objects.filter(version__gt=F("indexed")).count()}


@hooks.register("register_admin_urls")
def search_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def statistics_item() -> RoleMenuItem:
    return item_for(SearchStatisticsView, "search_statistics", name="search-statistics", order=150)


@hooks.register("register_admin_menu_item")
def synonyms_item() -> RoleMenuItem:
    return item_for(SynonymsView, "synonyms", name="synonyms", order=151)


@hooks.register("register_admin_menu_item")
def upkeep_item() -> RoleMenuItem:
    return item_for(SearchUpkeepView, "search_upkeep", name="search-upkeep", order=152)


@hooks.register("construct_homepage_panels")
def cluster_panel(request: HttpRequest, panels: list[Component]) -> None:
    if settings.SEARCH_URL and roles_in_console(request.user) & {OPERATOR.code, SUPERVISOR.code}:
        panels.append(ClusterPanel())
