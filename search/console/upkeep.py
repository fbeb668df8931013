"""检索运行: how the search is, what differs from what is public and since when; operators compare and repair here."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.screens.screen import Screen
from govplatform.lifecycle.views import roles_in_console
from govplatform.refusals import Refused

from ..models import Comparison
from ..upkeep.actions import request_comparison
from ..upkeep.permissions import READERS, reasons_against_comparing
from ..upkeep.queries import (
    ended_differences,
    health_of_engines,
    last_comparison,
    last_rebuilds,
    standing_differences,
    what_waits,
)

_ACTS = ("compare", "repair")
#: Of what was repaired, so many rows are shown.
_ENDED_SHOWN = 20


class SearchUpkeepView(Screen):
    """Asked for as JSON, it tells how far a comparison is. POST: ``act`` is compare or repair."""

    template_name = "search_console/upkeep.html"
    page_title = _("检索运行")
    header_icon = "search"

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return READERS

    def may_open(self) -> bool:
        return self.tenant.is_console and bool(roles_in_console(self.request.user) & READERS)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(news_of(last_comparison()))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = last_comparison()
        return super().get_context_data(
            engines=health_of_engines(),
            waits=what_waits(),
            run=run,
            news=news_of(run),
            rebuilds=last_rebuilds(),
            page=self.page_of(standing_differences()),
            ended=list(ended_differences()[:_ENDED_SHOWN]),
            may_act=not reasons_against_comparing(self.user()),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("act", "")
        if act not in _ACTS:
            return self.refuse(Refused(_t("请选择要做什么。")), status=400)
        try:
            request_comparison(repair=act == "repair", acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal)
        return redirect("search_upkeep")


def news_of(run: Comparison | None) -> dict[str, Any]:
    """How far it is, for ``console/batch.js``: ``{"running", "label", "done", "total", "pace"}``."""
    if run is None:
        return {"running": False, "label": "", "done": 0, "total": 1, "pace": ""}
    return {
        "running": run.is_running,
        "label": run.get_state_display(),
        "done": run.done,
        "total": max(run.total, 1),
        "pace": "",
    }
