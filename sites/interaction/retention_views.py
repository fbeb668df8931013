"""个人信息到期删除: what is kept how long, what was removed, what is held back; for operators and supervisors."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.accounts.screens.screen import Screen
from govplatform.cases.actions import REASON
from govplatform.cases.permissions import may_oversee
from govplatform.cases.queries import find_case
from govplatform.cases.retention.erasing import count_due
from govplatform.cases.retention.holds import hold_data, release_data
from govplatform.cases.retention.queries import erasures, held_data, retention_lines
from govplatform.refusals import Refused

_HOLDS = {"hold": hold_data, "release": release_data}


class RetentionView(Screen):
    """Terms, what was removed in the last days, what is due next; supervisors hold the data of a case back."""

    roles = frozenset({OPERATOR.code, SUPERVISOR.code})
    header_icon = "bin"
    page_title = _("个人信息到期删除")
    template_name = "interaction_console/retention.html"

    def find(self, **_named: Any) -> HttpResponseBase | None:
        if not self.tenant.is_console:
            raise Http404
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        due: dict[str, int] = {}
        for amount in count_due():
            due[amount.holder.code] = due.get(amount.holder.code, 0) + amount.rows
        lines = retention_lines()
        labels = {line.holder.code: line.holder.label for line in lines}
        return super().get_context_data(
            lines=[(line, due.get(line.holder.code, 0)) for line in lines],
            erased=[(one, labels.get(one.holder, one.holder)) for one in erasures()[:100]],
            held=self.page_of(held_data()),
            may_hold=may_oversee(self.user()),
            most=REASON,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        act, number = request.POST.get("act", ""), request.POST.get("number", "").replace("\x00", "").strip()
        reason = request.POST.get("reason", "")
        if act not in _HOLDS:
            raise Http404
        try:
            _HOLDS[act](find_case(number), acting_user=self.user(), reason=reason)
        except Refused as refusal:
            return self.refuse(refusal, tried=act, number=number, reason=reason)
        done = _t("已暂缓删除。") if act == "hold" else _t("不再暂缓，期满即删除。")
        messages.success(request, done)
        return redirect("retention")
