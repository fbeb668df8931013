"""移交受理: the open letters of a portal that closes or is merged go to another one; for supervisors and operators."""

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
from govplatform.cases.passing_on import desks_to_pass_to, open_desks, pass_desk_on
from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant


class PassDeskView(Screen):
    """Which portals have open letters; those of one on its way out are handed over, with a reason."""

    roles = frozenset({OPERATOR.code, SUPERVISOR.code})
    header_icon = "arrow-right"
    page_title = _("移交受理的来信")
    template_name = "interaction_console/pass_desk.html"

    def find(self, **_named: Any) -> HttpResponseBase | None:
        if not self.tenant.is_console:
            raise Http404
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        desks = open_desks()
        return super().get_context_data(
            desks=desks,
            leaving=[one for one in desks if one.may_pass],
            portals=desks_to_pass_to(),
            most=REASON,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = {name: request.POST.get(name, "") for name in ("desk", "to", "reason")}
        try:
            desk = self._one_of([one.site for one in open_desks()], typed["desk"], "desk")
            to = self._one_of(desks_to_pass_to(), typed["to"], "to")
            passed = pass_desk_on(desk, to, acting_user=self.user(), reason=typed["reason"])
        except Refused as refusal:
            return self.refuse(refusal, typed=typed)
        told = {"desk": desk.full_name, "to": to.full_name, "n": passed}
        messages.success(request, _t("“%(desk)s”的 %(n)d 件来信已移交“%(to)s”受理。") % told)
        return redirect("pass_desk")

    def _one_of(self, sites: list[Tenant], code: str, place: str) -> Tenant:
        for site in sites:
            if site.code == code:
                return site
        words = _t("移交的门户：请选择。") if place == "desk" else _t("接收的门户：请选择。")
        raise Refused(PlacedReason(words, place))
