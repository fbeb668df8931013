"""The views of 文档导入 in the console: choose a column, upload files, watch them become drafts."""

import hashlib
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from govplatform.accounts.screens.screen import Screen, opens_like
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, roles_for
from govplatform.row_numbers import row_number

from .actions import confirm_comparison, queue_files, remove_repeats, retry_import, submit_drafts
from .forms import UploadForm
from .models import ImportBatch, ImportItem
from .queries import items_of, recent_batches

_SHOWN_BATCHES = 20


class ImportScreen(Screen):
    """A screen of 文档导入, which editors of the site may open and nobody else."""

    header_icon = "upload"

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return roles_for(ADD)


class UploadView(ImportScreen):
    """The screen with the upload form and the list of earlier batches; POST starts a batch."""

    template_name = "documents_in/upload.html"
    page_title = _l("文档导入")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault(
            "form", UploadForm(initial={"column": self.request.GET.get("column")}, user=self.request.user)
        )
        return super().get_context_data(batches=recent_batches(_SHOWN_BATCHES), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, initial={"column": request.GET.get("column")}, user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        files = [File(file, name=file.name) for file in form.cleaned_data["documents"]]
        given = form.cleaned_data
        try:
            started = queue_files(given["column"], files, acting_user=self.user(), submit=given["submit"])
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
            return self.render_to_response(self.get_context_data(form=form), status=400)
        return HttpResponseRedirect(reverse("documents_in_batch", args=[started.pk]))


class BatchView(ImportScreen):
    """The screen of one batch: each file's progress, what was recognised in it, what to do next."""

    template_name = "documents_in/batch.html"
    batch: ImportBatch

    def find(self, **named: Any) -> None:
        self.batch = _batch(named["batch_id"])

    def get_page_title(self) -> str:
        return _("导入到“%(column)s”") % {"column": self.batch.column_title}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("documents_in_upload"), _("文档导入"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, **_batch_state(self.batch), **kwargs)


@opens_like(UploadView)
@require_GET
def batch_state(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Answer the polling of a batch's screen with ``{"total", "done", "finished", "summary", "version", "html"}``.

    ``version`` changes when the state of an item does; ``html``: the list of items.
    """
    found = _batch(batch_id)
    state = _batch_state(found)
    html = render_to_string("documents_in/items.html", {"batch": found, **state}, request)
    return JsonResponse(
        {
            "total": state["total"],
            "done": state["done"],
            "finished": state["finished"],
            "summary": state["summary"],
            # Made from the facts, not from the HTML: the token of its form is different each time.
            "version": hashlib.sha256(repr(_facts(state["items"])).encode()).hexdigest()[:16],
            "html": html,
        }
    )


@opens_like(UploadView)
@require_POST
def submit(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Submit the selected drafts for review; refusals become messages."""
    found = _batch(batch_id)
    chosen = [number for value in request.POST.getlist("item") if (number := row_number(value))]
    submitted, refused = submit_drafts(found, chosen, acting_user=request.user)  # type: ignore[arg-type]
    if submitted:
        messages.success(request, _("已送审 %(count)d 篇。") % {"count": len(submitted)})
    for title, reasons in refused:
        messages.error(request, _("“%(title)s”未能送审：%(reasons)s") % {"title": title, "reasons": "".join(reasons)})
    if not submitted and not refused:
        messages.warning(request, _("没有选中可以送审的草稿。"))
    return HttpResponseRedirect(reverse("documents_in_batch", args=[found.pk]))


@opens_like(UploadView)
@require_POST
def retry(request: HttpRequest, batch_id: int, item_id: int) -> HttpResponse:
    """Import a failed or stuck file once more; with ``again`` in the form even one that was imported before."""
    item = _item(batch_id, item_id)
    try:
        retry_import(item, acting_user=request.user, again="again" in request.POST)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, "".join(refusal.reasons))
    return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]))


@opens_like(UploadView)
@require_POST
def compared(request: HttpRequest, batch_id: int, item_id: int) -> HttpResponse:
    """Note that the editor has looked at what a draft and its original have unlike."""
    item = _item(batch_id, item_id)
    try:
        confirm_comparison(item, acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, "".join(refusal.reasons))
    else:
        messages.success(request, _("已确认与原件对照，可以送审。"))
    return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]) + f"#import-{item.pk}")


@opens_like(UploadView)
@require_POST
def repeats(request: HttpRequest, batch_id: int, item_id: int) -> HttpResponse:
    """Remove the chosen second copies of paragraphs from a draft."""
    item = _item(batch_id, item_id)
    try:
        count = remove_repeats(item, request.POST.getlist("run"), acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, "".join(refusal.reasons))
    else:
        messages.success(
            request, _("已从草稿删除重复的 %(count)d 段；要找回，请在页面的“历史”里恢复上一版本。") % {"count": count}
        )
    return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]) + f"#import-{item.pk}")


@opens_like(UploadView)
@require_GET
def original(request: HttpRequest, batch_id: int, item_id: int) -> FileResponse:
    """Send the file as it was given, always as a download."""
    item = _item(batch_id, item_id)
    if not item.original or not item.original.storage.exists(str(item.original.name)):
        raise Http404
    response = FileResponse(item.original.open("rb"), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, item.filename) or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


# --- inside ------------------------------------------------------------------------------


def _batch(batch_id: int) -> ImportBatch:
    found = ImportBatch.objects.select_related("started_by", "column").filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found


def _item(batch_id: int, item_id: int) -> ImportItem:
    item = ImportItem.objects.filter(pk=item_id, batch=_batch(batch_id)).first()
    if item is None:
        raise Http404
    return item


def _batch_state(found: ImportBatch) -> dict[str, Any]:
    items = items_of(found)
    done = sum(item.finished for item in items)
    failed = sum(item.state == ImportItem.State.FAILED for item in items)
    return {
        "items": items,
        "total": len(items),
        "done": done,
        "finished": done == len(items),
        "any_draft": any(item.is_draft and not item.must_be_looked_at for item in items),  # type: ignore[attr-defined]
        "summary": _("共 %(total)d 个文件，已处理 %(done)d 个，未导入 %(failed)d 个")
        % {"total": len(items), "done": done, "failed": failed},
    }


def _facts(items: list[ImportItem]) -> list[tuple[Any, ...]]:
    return [
        (item.pk, item.state, item.progress, item.place, item.page_id, item.reason, item.status_label, item.looked_at)  # type: ignore[attr-defined]
        for item in items
    ]
