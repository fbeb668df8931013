"""The screen of a merge's plan: two sites, what goes where, what meets what. Nothing is changed by it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import CONTENT_TYPES, write_table
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from ..views import FleetScreen
from .mapping import HEADINGS, SHEET, STAYS, tidy_path
from .parts import columns_of
from .planning import MergePlan, plan_merge

_FIELD = "to:"


class SitesForm(forms.Form):
    source = forms.ModelChoiceField(
        Tenant.objects.none(), label=_("关停的站点"), to_field_name="code", empty_label=_("请选择站点")
    )
    destination = forms.ModelChoiceField(
        Tenant.objects.none(), label=_("并入的站点"), to_field_name="code", empty_label=_("请选择站点")
    )
    drafts = forms.BooleanField(label=_("从未公开的草稿也迁移"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "destination"):
            field: Any = self.fields[name]
            field.queryset = public_sites()


class MergePlanView(FleetScreen):
    """GET asks for the sites or shows the proposed plan of ``?source=&destination=``; POST plans with other targets."""

    template_name = "lifecycle/merge/plan.html"
    page_title = _("站点并入方案")
    roles = frozenset({OPERATOR.code, SUPERVISOR.code})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (request.GET.get("source") or request.GET.get("destination")):
            return self.render_to_response(self.get_context_data(form=SitesForm()))
        return self._answer(SitesForm(request.GET), {})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wishes = {
            name.removeprefix(_FIELD): tidy_path(str(value)) or STAYS
            for name, value in request.POST.items()
            if name.startswith(_FIELD)
        }
        return self._answer(SitesForm(request.POST), wishes)

    def _answer(self, form: SitesForm, wishes: dict[str, str]) -> HttpResponse:
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        source, destination = form.cleaned_data["source"], form.cleaned_data["destination"]
        try:
            plan = plan_merge(source, destination, wishes, drafts=form.cleaned_data["drafts"])
        except Refused as refusal:
            return self.refuse(refusal, form=form, status=400)
        if "download" in self.request.POST and not plan.faults:
            return _map_file(plan)
        reasons = {fault.row: fault.reason for fault in plan.faults}
        rows = [
            {
                "move": move,
                "name": f"{_FIELD}{move.column.path}",
                "value": wishes.get(move.column.path, move.to),
                "stays": wishes.get(move.column.path, move.to or STAYS) == STAYS,
                "reason": reasons.get(number, ""),
            }
            for number, move in enumerate(plan.moves, 2)
        ]
        context = self.get_context_data(form=form, plan=plan, rows=rows, targets=columns_of(destination))
        return self.render_to_response(context, status=400 if plan.faults else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("plan", None)
        return super().get_context_data(**kwargs)


def _map_file(plan: MergePlan) -> HttpResponse:
    """The map as the verb reads it."""
    rows = [HEADINGS, *((move.column.path, move.to or STAYS) for move in plan.moves)]
    response = HttpResponse(write_table(rows, "csv", sheet=SHEET, widths=(40, 40)), content_type=CONTENT_TYPES["csv"])
    name = f"{plan.source.code}-{plan.destination.code}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
