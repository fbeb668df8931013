"""Screens of a table of sites: upload, check, start, progress and result."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.models import User
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.spreadsheets.reading import FORMATS
from govplatform.spreadsheets.uploads import uploaded_table
from govplatform.spreadsheets.writing import CONTENT_TYPES
from govplatform.tenancy.hosts import console_url, public_url

from ..models import SiteBatch, SiteBatchRow
from ..views import FleetScreen
from .actions import check_again, keep_batch, read_sites, start_batch
from .forms import TableForm
from .queries import batch_progress, is_at_work, spoken_pace
from .table import COLUMNS, faults_file, template_file
from .tasks import open_batch_job

#: Faults and sites shown on the page; the file has all of them.
SHOWN = 200


class _BatchScreen(FleetScreen):
    batch: SiteBatch

    def find(self, **named: Any) -> HttpResponseBase | None:
        if "batch_id" in named:
            self.batch = get_object_or_404(SiteBatch.objects.select_related("requested_by"), pk=named["batch_id"])
        return None


class NewBatchView(_BatchScreen):
    """The upload of a table; its rows are checked at once."""

    template_name = "lifecycle/batches/new.html"
    page_title = _("批量开设站点")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", TableForm())
        return super().get_context_data(columns=COLUMNS, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                batch, notes = _take(form.cleaned_data["file"], self.user())
            except Refused as refusal:
                form.add_error("file", refusal.reasons)
            else:
                for note in notes:
                    messages.warning(request, note)
                return redirect("lifecycle_batch", batch.pk)
        return self.render_to_response(self.get_context_data(form=form))


class BatchView(_BatchScreen):
    """One batch with its rows and its progress; asked for as JSON, its progress alone."""

    template_name = "lifecycle/batches/batch.html"

    def get_page_title(self) -> str:
        return _t("批量开设：%(file)s") % {"file": self.batch.filename}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(_news(self.batch))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, states = self.batch, SiteBatchRow.State
        rows = batch.rows.select_related("tenant").prefetch_related("tenant__domains")
        bad = list(rows.filter(state__in=(states.FAULTY, states.REFUSED)))
        faults = [*batch.file_faults, *(fault for row in bad for fault in row.faults)]
        done = list(rows.filter(state=states.DONE)[:SHOWN])
        return super().get_context_data(
            batch=batch,
            progress=batch_progress(batch),
            news=_news(batch),
            bad=len(bad),
            faults=faults[:SHOWN],
            more_faults=max(0, len(faults) - SHOWN),
            same=list(rows.filter(state=states.SAME)[:SHOWN]),
            waiting=list(rows.filter(state=states.WAITING)[:SHOWN]),
            done=[(row, public_url(row.tenant), console_url(row.tenant)) for row in done if row.tenant],
            shown=SHOWN,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start the batch or continue it; its rows are checked once more before anything is opened."""
        try:
            with transaction.atomic():
                start_batch(self.batch, acting_user=self.user())
                if self.batch.state == SiteBatch.State.WAITING:
                    open_batch_job.enqueue(self.batch.pk)
        except Refused as refusal:
            check_again(self.batch)
            self.tell(refusal)
        return redirect("lifecycle_batch", self.batch.pk)


class FaultsFileView(_BatchScreen):
    """The faulty and refused rows as a file with the reasons, to be corrected and uploaded again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = _kind(request)
        states = (SiteBatchRow.State.FAULTY, SiteBatchRow.State.REFUSED)
        rows = [
            (row.line, row.given, [_spoken(fault) for fault in row.faults])
            for row in self.batch.rows.filter(state__in=states)
        ]
        if not rows:
            raise Http404
        name = _t("有误的行-%(file)s.%(kind)s") % {"file": Path(self.batch.filename).stem, "kind": kind}
        return _download(faults_file(rows, kind), name, kind)


class TemplateFileView(_BatchScreen):
    """An empty table with an example row, to be filled in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = _kind(request)
        return _download(template_file(kind), _t("批量开设站点.%(kind)s") % {"kind": kind}, kind)


def _take(uploaded: Any, user: User) -> tuple[SiteBatch, tuple[str, ...]]:
    with uploaded_table(uploaded) as path:
        table = read_sites(path, uploaded.name)
    batch, _checked = keep_batch(table, uploaded.name, acting_user=user)
    return batch, table.notes


def _news(batch: SiteBatch) -> dict[str, Any]:
    progress = batch_progress(batch)
    on_its_way = batch.state in (SiteBatch.State.WAITING, SiteBatch.State.RUNNING)
    lost = batch.state == SiteBatch.State.RUNNING and not is_at_work(batch)
    return {
        "state": batch.state,
        "label": _t("已中断") if lost else batch.get_state_display(),
        "running": on_its_way and not lost,
        "lost": lost,
        "done": progress.tried,
        "total": progress.to_open,
        "pace": spoken_pace(progress),
    }


def _spoken(fault: dict[str, Any]) -> str:
    return f"{fault['column']}：{fault['reason']}" if fault["column"] else str(fault["reason"])


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404
    return kind


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return as_download(HttpResponse(content, content_type=CONTENT_TYPES[kind]), name)
