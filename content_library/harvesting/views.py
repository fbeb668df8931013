"""The screens of 外部采集 in the supervisor's console: sources, what they last brought, add, run now, pause."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.refusals import Refused

from .actions import add_source, set_source_state
from .forms import SourceForm
from .models import HarvestRun, HarvestSource
from .permissions import MANAGERS, may_manage_sources, reasons_against_trusting
from .queries import list_sources
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
        return get_object_or_404(HarvestSource, pk=self.kwargs["source_id"]).name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = get_object_or_404(HarvestSource, pk=self.kwargs["source_id"])
        runs = HarvestRun.objects.filter(source=source).select_related("started_by")
        page = self.page_of(runs.order_by("-pk"), _RUNS)
        shown = {"source": source, "runs": list(page), "page": page, "held": source.brought.count()}
        return super().get_context_data(**{**kwargs, **shown})


class AddView(_SourceScreen):
    """The screen that registers a source."""

    template_name = "harvesting/add.html"
    page_title = _("登记采集来源")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SourceForm(may_trust=self._may_trust()))
        return super().get_context_data(back=reverse("harvesting"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SourceForm(request.POST, may_trust=self._may_trust())
        if form.is_valid():
            given = form.cleaned_data
            try:
                source = add_source(
                    given["name"],
                    given["url"],
                    acting_user=request.user,  # type: ignore[arg-type]
                    trusted=given.get("trusted", False),
                    every_minutes=given["every_minutes"],
                )
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(request, _t("已登记“%(name)s”，将按间隔自动采集。") % {"name": source.name})
                return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def _may_trust(self) -> bool:
        return not reasons_against_trusting(self.request.user)  # type: ignore[arg-type]


class RunView(_SourceAdmission):
    """The button that reads the source now, as a job."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, source_id: int) -> HttpResponse:
        source = get_object_or_404(HarvestSource, pk=source_id)
        queue_harvest(source.pk, request.user.pk)
        messages.success(request, _t("已安排采集“%(name)s”，结果稍后显示在采集记录中。") % {"name": source.name})
        return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))


class StateView(_SourceAdmission):
    """The button that pauses a source, or has it read regularly again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, source_id: int) -> HttpResponse:
        source = get_object_or_404(HarvestSource, pk=source_id)
        try:
            set_source_state(source, request.POST.get("state", ""), acting_user=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            self.tell(refusal)
        return HttpResponseRedirect(reverse("harvesting_source", args=[source.pk]))
