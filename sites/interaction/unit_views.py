"""没有网站的单位: the register of a desk, kept by its clerks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import CLERK
from govplatform.cases.models import Unit
from govplatform.cases.units import add_unit, close_unit
from govplatform.refusals import Refused

from .desk_views import DeskScreen


class UnitsView(DeskScreen):
    roles = frozenset({CLERK.code})
    header_icon = "group"
    page_title = _("没有网站的单位")
    template_name = "interaction_console/units.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.page_of(Unit.objects.filter(desk=self.tenant)), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        act, name = request.POST.get("act", ""), request.POST.get("name", "")
        try:
            if act == "add":
                add_unit(self.tenant, name, acting_user=self.user())
                messages.success(request, _t("已登记。"))
            else:
                close_unit(self._unit(), acting_user=self.user(), closed=act == "close")
                messages.success(request, _t("已停用，它的链接失效。") if act == "close" else _t("已重新启用。"))
        except Refused as refusal:
            return self.refuse(refusal, typed=name)
        return redirect("case_units")

    def _unit(self) -> Unit:
        given = self.request.POST.get("unit", "")
        known = given.isascii() and given.isdigit() and len(given) < 10
        found = Unit.objects.select_related("desk").filter(desk=self.tenant, pk=int(given)).first() if known else None
        if found is None:
            raise Http404
        return found
