"""The screens of 外部采集 in the supervisor's console: sources and what they last brought; try, add, change, run now,
stop, pause, remove.
"""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.refusals import Refused

from .actions import add_source, set_source_state
from .forms import ChangeForm, SourceForm
from .models import HarvestRun, HarvestSource
from .permissions import MANAGERS, may_manage_sources, reasons_against_trusting
from .queries import list_sources
from .sources import change_source, remove_source, stop_harvest, try_source
from .tasks import queue_harvest

_RUNS = 20


class _SourceAdmission(Admission):
    """The admission to the screens of sources: for their managers, in the supervisor's console alone."""

    roles = MANAGERS

    def may_open(self) -> bool:
        return self.tenant.is_console and may_manage_sources(self.request.user)


class _SourceScreen(_SourceAdmission, Screen):
    header_icon = "download"

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("harvesting"), _t("外部采集"))]


class SourcesView(_SourceScreen):
    """The screen of all sources with their last run."""

    template_name = "harvesting/sources.html"
    page_title = _("外部采集")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sources=list_sources(), **kwargs)


class SourceView(_SourceScreen):
    """The screen of one source with its runs and what was not imported."""

    template_name = "harvesting/source.html"

    def get_page_title(self) -> str:
        return str(get_object_or_404(_present(), pk=self.kwargs["source_id"]).name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = get_object_or_404(_present(), pk=self.kwargs["source_id"])
        runs = HarvestRun.objects.filter(source=source).select_related("started_by")
        page = self.page_of(runs.order_by("-pk"), _RUNS)
        running = runs.filter(state=HarvestRun.State.RUNNING).first()
        shown = {"source": source, "runs": list(page), "page": page, "held": source.brought.count(), "running": running}
        return super().get_context_data(**{**kwargs, **shown})


class AddView(_SourceScreen):
    """The screen that registers a source."""

    template_name = "harvesting/add.html"
    page_title = _("登记采集来源")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SourceForm(may_trust=self._may_trust()))
        return super().get_context_data(back=reverse("harvesting"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Register the source, or with ``act=try`` say what it would bring."""
        form = SourceForm(request.POST, may_trust=self._may_trust())
        if form.is_valid():
            given = form.cleaned_data
            user, trusted = self.user(), given.get("trusted", False)
            try:
                if request.POST.get("act") == "try":
                    trial = try_source(given["url"], trusted=trusted, acting_user=user)
                    return self.render_to_response(self.get_context_data(form=form, trial=trial))
                source = add_source(
                    given["name"], given["url"], acting_user=user, trusted=trusted, every_minutes=given["every_minutes"]
                )
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(request, _t("已登记“%(name)s”，将按间隔自动采集。") % {"name": source.name})
                return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def _may_trust(self) -> bool:
        return not reasons_against_trusting(self.user())


class ChangeView(_SourceScreen):
    """The screen that gives a source another name, interval or network."""

    template_name = "harvesting/change.html"
    page_title = _("修改采集来源")

    def find(self, **named: Any) -> None:
        self.source = get_object_or_404(_present(), pk=named["source_id"])

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (reverse("harvesting_source", args=[self.source.pk]), self.source.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        back = reverse("harvesting_source", args=[self.source.pk])
        return super().get_context_data(source=self.source, back=back, **kwargs)

    def post(self, request: HttpRequest, source_id: int) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                change_source(
                    self.source,
                    name=given["name"],
                    every_minutes=given["every_minutes"],
                    # Who may not open the internal network leaves it as it is.
                    trusted=given.get("trusted", self.source.trusted),
                    acting_user=self.user(),
                )
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(request, _t("已保存。"))
                return HttpResponseRedirect(reverse("harvesting_source", args=[self.source.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def _form(self, data: Any = None) -> ChangeForm:
        kept = {name: getattr(self.source, name) for name in ("name", "every_minutes", "trusted")}
        return ChangeForm(data, initial=kept, may_trust=not reasons_against_trusting(self.user()))


class StopView(_SourceAdmission):
    """The button that ends the reading of a source that is going on."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, source_id: int) -> HttpResponse:
        source = get_object_or_404(_present(), pk=source_id)
        try:
            stop_harvest(source, acting_user=self.user())
        except Refused as refusal:
            self.tell(refusal)
        else:
            messages.success(request, _t("已要求停止，处理完当前一页后结束；已入库的保留。"))
        return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))


class RemoveView(_SourceAdmission):
    """The button that takes a source out of the list."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, source_id: int) -> HttpResponse:
        source = get_object_or_404(_present(), pk=source_id)
        try:
            remove_source(source, reason=request.POST.get("reason", ""), acting_user=self.user())
        except Refused as refusal:
            self.tell(refusal)
            return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))
        messages.success(request, _t("已移除“%(name)s”，不再采集；已入库的信息保留。") % {"name": source.name})
        return HttpResponseRedirect(reverse("harvesting"))


def _present() -> QuerySet[HarvestSource]:
    return HarvestSource.objects.exclude(state=HarvestSource.State.REMOVED)


class RunView(_SourceAdmission):
    """The button that reads the source now, as a job."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, source_id: int) -> HttpResponse:
        source = get_object_or_404(_present(), pk=source_id)
        queue_harvest(source.pk, request.user.pk)
        messages.success(request, _t("已安排采集“%(name)s”，结果稍后显示在采集记录中。") % {"name": source.name})
        return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))


class StateView(_SourceAdmission):
    """The button that pauses a source, or has it read regularly again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, source_id: int) -> HttpResponse:
        source = get_object_or_404(_present(), pk=source_id)
        try:
            set_source_state(source, request.POST.get("state", ""), acting_user=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            self.tell(refusal)
        return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))
