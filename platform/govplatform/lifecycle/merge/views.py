"""The screens of a merge: its plan, which may begin it, the list of merges, and one of them from the run to its end."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import OPERATOR, SITE_ADMIN, SUPERVISOR
from govplatform.accounts.screens.screen import Screen
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import CONTENT_TYPES, write_table
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from ..models import Merge
from ..views import FleetScreen
from .actions import ask_to_revert, ask_to_verify, confirm_merge, request_merge, resume_merge
from .mapping import HEADINGS, SHEET, STAYS, tells_of_organ, tidy_path
from .parts import ColumnFacts, columns_of
from .permissions import reasons_against_confirming, reasons_against_requesting
from .planning import MergePlan, plan_merge
from .queries import all_merges
from .running import lost_with
from .showing import facts_of, missing_notices, news_of, steps_of

_FIELD = "to:"
#: What is chosen for a place that is in no list, and the field in which its path is then written.
_OTHER, _NEW = "+", "new:"
#: The field in which the page says where a column was to go when it was planned.
_PLANNED = "planned:"
_PLATFORM = frozenset({OPERATOR.code, SUPERVISOR.code})
#: Faults and losses shown on the page; the verb prints all of them.
SHOWN = 200


class SitesForm(forms.Form):
    source = forms.ModelChoiceField(
        Tenant.objects.none(), label=_("关停的站点"), to_field_name="code", empty_label=_("请选择站点")
    )
    destination = forms.ModelChoiceField(
        Tenant.objects.none(), label=_("并入的站点"), to_field_name="code", empty_label=_("请选择站点")
    )
    drafts = forms.BooleanField(label=_("从未公开的草稿也迁移"), required=False)
    leave_scheduled = forms.BooleanField(
        label=_("已审定、待发布的信息不迁移"),
        required=False,
        help_text=_("不选则随站点迁移，仍到预定时间公开；选了就不再公开，只随站点的备份保存。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "destination"):
            field: Any = self.fields[name]
            field.queryset = public_sites().filter(dropped_at=None)


class MergePlanView(FleetScreen):
    """GET asks for the sites or shows the proposed plan of ``?source=&destination=``; POST plans with other targets, or
    begins the merge as planned.
    """

    template_name = "lifecycle/merge/plan.html"
    page_title = _("站点并入方案")
    roles = _PLATFORM

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (request.GET.get("source") or request.GET.get("destination")):
            return self.render_to_response(self.get_context_data(form=SitesForm()))
        return self._answer(SitesForm(request.GET), {})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wishes = {
            path: tidy_path(request.POST.get(f"{_NEW}{path}", "") if value == _OTHER else str(value)) or STAYS
            for name, value in request.POST.items()
            if name.startswith(_FIELD) and (path := name.removeprefix(_FIELD))
        }
        return self._answer(SitesForm(request.POST), wishes)

    def _answer(self, form: SitesForm, wishes: dict[str, str]) -> HttpResponse:
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        source, destination = form.cleaned_data["source"], form.cleaned_data["destination"]
        waiting = {"drafts": form.cleaned_data["drafts"], "scheduled": not form.cleaned_data["leave_scheduled"]}
        try:
            plan = plan_merge(source, destination, wishes, **waiting)
        except Refused as refusal:
            return self.refuse(refusal, form=form, status=400)
        if "download" in self.request.POST and not plan.faults:
            return _map_file(plan)
        against: list[str] = []
        if "begin" in self.request.POST and not plan.faults and (changed := self._changed_since(wishes, plan)):
            # Nobody has seen what meets what there.
            told = _t("“%(columns)s”的去处改过以后还没有测算。下面是重新测算的结果，请核对后再执行。")
            against = [told % {"columns": "”“".join(changed)}]
        elif "begin" in self.request.POST and not plan.faults:
            try:
                merge = request_merge(
                    source,
                    destination,
                    acting_user=self.user(),
                    wishes={move.column.path: move.to or STAYS for move in plan.moves},
                    **waiting,
                )
            except Refused as refusal:
                against = refusal.reasons
            else:
                messages.success(self.request, _t("已发起并入。进度和结果见下。"))
                return redirect("lifecycle_merge", merge.pk)
        reasons = {fault.row: fault.reason for fault in plan.faults}
        rows = [
            {
                "move": move,
                "name": f"{_FIELD}{move.column.path}",
                "new_name": f"{_NEW}{move.column.path}",
                "planned_name": f"{_PLANNED}{move.column.path}",
                "value": wishes.get(move.column.path, move.to) or STAYS,
                "stays": wishes.get(move.column.path, move.to or STAYS) == STAYS,
                "reason": reasons.get(number, ""),
                "of_organ": move.is_new and tells_of_organ(move.column, [one.column for one in plan.moves]),
            }
            for number, move in enumerate(plan.moves, 2)
        ]
        context = self.get_context_data(
            form=form,
            plan=plan,
            rows=rows,
            targets=_choices(columns_of(destination), plan),
            against=[] if plan.faults else reasons_against_requesting(source, destination, {}),
            reasons=against,
        )
        return self.render_to_response(context, status=400 if plan.faults or against else 200)

    def _changed_since(self, wishes: dict[str, str], plan: MergePlan) -> list[str]:
        """Titles of the columns that were to go elsewhere on the page that was sent; of a page that says so."""
        planned = {path: self.request.POST.get(f"{_PLANNED}{path}", wish) for path, wish in wishes.items()}
        return [move.column.title for move in plan.moves if planned.get(path := move.column.path) != wishes.get(path)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("plan", None)
        return super().get_context_data(**kwargs)


def _choices(columns: Sequence[ColumnFacts], plan: MergePlan) -> list[tuple[str, str]]:
    """``[(path, words)]`` of where a column may go: each that the destination has, and each that the plan opens."""
    there = [(one.path, f"{'　' * one.path.count('/')}{one.title}（{one.path}）") for one in columns]
    known = {path for path, _words in there}
    new = dict.fromkeys(move.to for move in plan.moves if move.to and move.to not in known)
    return there + [(path, _t("新建：%(path)s") % {"path": path}) for path in new]


def _map_file(plan: MergePlan) -> HttpResponse:
    """The map as the verb reads it."""
    rows = [HEADINGS, *((move.column.path, move.to or STAYS) for move in plan.moves)]
    name = f"{plan.source.code}-{plan.destination.code}.csv"
    return as_download(
        HttpResponse(write_table(rows, "csv", sheet=SHEET, widths=(40, 40)), content_type=CONTENT_TYPES["csv"]), name
    )


class _MergeScreen(Screen):
    """In the console for the platform's people; on a site, to be read by its administrator, those it takes part in."""

    header_icon = "site"
    roles = _PLATFORM | {SITE_ADMIN.code}

    def may_open(self) -> bool:
        held = current_roles(self.request.user) & self.roles
        return bool(held & _PLATFORM) if self.tenant.is_console else SITE_ADMIN.code in held

    def visible(self) -> Any:
        return all_merges(None if self.tenant.is_console else self.tenant)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("lifecycle_sites"), _t("站点"))] if self.tenant.is_console else []


class MergesView(_MergeScreen):
    """The list of merges, the newest first."""

    template_name = "lifecycle/merge/list.html"
    page_title = _("站点并入")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(self.visible())
        return super().get_context_data(
            page=page, query=self.other_filters(), may_plan=self.tenant.is_console, **kwargs
        )


class MergeView(_MergeScreen):
    """One merge with its steps; asked for as JSON, how far it is. POST decides about it."""

    template_name = "lifecycle/merge/one.html"
    merge: Merge

    def find(self, **named: Any) -> HttpResponseBase | None:
        self.merge = get_object_or_404(self.visible(), pk=named["number"])
        return None

    def get_page_title(self) -> str:
        return _t("%(source)s并入%(into)s") % {"source": self.merge.source, "into": self.merge.destination}

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (reverse("lifecycle_merges"), _t("站点并入"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(news_of(self.merge))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        merge, news = self.merge, news_of(self.merge)
        decides = self.tenant.is_console and merge.state == Merge.State.MOVED and merge.ended_by_id is None
        # What is still missing comes by itself while the job goes on.
        decides = decides and not news["running"]
        lost = lost_with(merge) if decides else []
        return super().get_context_data(
            merge=merge,
            news=news,
            steps=steps_of(merge),
            facts=facts_of(merge),
            # The site into which another one comes has no screen of that one's application.
            application_url=reverse("site_application", args=[merge.application_id])
            if self.tenant.is_console or self.tenant.pk == merge.source_id
            else "",
            faults=[list(fault.values()) for fault in merge.faults[:SHOWN]],
            more_faults=max(0, len(merge.faults) - SHOWN),
            missing=reasons_against_confirming(merge) if decides else [],
            notices=missing_notices(merge, self.user()) if decides else [],
            lost=lost[:SHOWN],
            more_lost=max(0, len(lost) - SHOWN),
            kept_lost=merge.counts.get("lost", []) if merge.state == Merge.State.REVERTED else [],
            decides=decides,
            begins_anew=self.tenant.is_console
            and merge.state in (Merge.State.REVERTED, Merge.State.REFUSED)
            and not news["running"],
            finishes=self.tenant.is_console and merge.state == Merge.State.CONFIRMED and not merge.source.dropped_at,
            may_resume=self.tenant.is_console and not news["at_work"] and (news["lost"] or news["running"]),
            may_stop=self.tenant.is_console
            and merge.state in (Merge.State.QUEUED, Merge.State.MOVING)
            and merge.ended_by_id is None
            and not news["running"],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.tenant.is_console:
            return self.closed()
        try:
            self._decide(request)
        except Refused as refusal:
            self.merge = get_object_or_404(self.visible(), pk=self.merge.pk)
            return self.refuse(refusal, status=400, typed=request.POST.get("reason", ""))
        return redirect("lifecycle_merge", self.merge.pk)

    def _decide(self, request: HttpRequest) -> None:
        if "confirm" in request.POST:
            confirm_merge(self.merge, acting_user=self.user())
            messages.success(request, _t("已确认，“%(site)s”已关停。") % {"site": self.merge.source})
        elif "revert" in request.POST:
            reason, anyway = request.POST.get("reason", ""), "anyway" in request.POST
            ask_to_revert(self.merge, acting_user=self.user(), reason=reason, anyway=anyway)
            messages.success(request, _t("已要求退回，执行后本页显示结果。"))
        elif "verify" in request.POST:
            ask_to_verify(self.merge)
            messages.success(request, _t("已安排核对，完成后本页显示结果。"))
        else:
            resume_merge(self.merge)
            messages.success(request, _t("已安排继续办理。"))
