"""What operators see of the search on their start page."""

from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.lifecycle.views import roles_in_console

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


@hooks.register("construct_homepage_panels")
def cluster_panel(request: HttpRequest, panels: list[Component]) -> None:
    if settings.SEARCH_URL and roles_in_console(request.user) & {OPERATOR.code, SUPERVISOR.code}:
        panels.append(ClusterPanel())
