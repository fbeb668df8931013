"""检索运行: how the search is, what differs from what is public and since when; operators compare and repair here."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.screens.screen import Screen
from govplatform.lifecycle.views import roles_in_console
from govplatform.refusals import Refused

from ..models import Comparison, Rebuild
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
from ..upkeep.shapes import Behind, indices_behind

_ACTS = ("compare", "repair")
#: Of what was repaired, so many rows are shown.
_ENDED_SHOWN = 20


class SearchUpkeepView(Screen):
    """Asked for as JSON, it tells how far a comparison or a rebuild is. POST: ``act`` is compare or repair."""

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
            return JsonResponse(news_of(last_comparison(), indices_behind()))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, behind = last_comparison(), indices_behind()
        return super().get_context_data(
            engines=health_of_engines(),
            waits=what_waits(),
            run=run,
            news=news_of(run, behind),
            behind=behind,
            rebuilds=_besides(last_rebuilds(), behind),
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


def _besides(rebuilds: Sequence[Rebuild], behind: Sequence[Behind]) -> list[Rebuild]:
    """Return those that are not shown as indices that are made anew."""
    shown = {one.engine for one in behind}
    return [rebuild for rebuild in rebuilds if rebuild.finished_at or rebuild.engine not in shown]


def news_of(run: Comparison | None, behind: Sequence[Behind]) -> dict[str, Any]:
    """How far a comparison is, or else an index that is made anew: ``{"running", "label", "done", "total", "pace"}``.

    For ``console/batch.js``, which follows one thing on a page.
    """
    if run is not None and run.is_running:
        return _news(run.get_state_display(), run.done, run.total)
    for one in behind:
        if one.run is None:
            return _news(_t("即将开始"), 0, 0)
        part = _t("正在写入索引") if one.run.index else _t("正在整理文档")
        return _news(part if one.at_work else _t("已中断，一分钟内自动继续"), one.run.documents, one.run.total)
    done = _news("", 0, 0) if run is None else _news(run.get_state_display(), run.done, run.total)
    return done | {"running": False}


def _news(label: str, done: int, total: int) -> dict[str, Any]:
    return {"running": True, "label": label, "done": done, "total": max(total, 1), "pace": ""}
