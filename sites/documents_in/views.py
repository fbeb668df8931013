"""文档导入 in the console: choose a column, drop files, watch them become drafts."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, may_on_content

from .actions import queue_file, retry_import, start_batch, submit_drafts
from .forms import UploadForm
from .models import ImportBatch, ImportItem
from .queries import items_of, recent_batches

_SHOWN_BATCHES = 20
_VIEW = Callable[..., HttpResponseBase]


def editors_only(view: _VIEW) -> _VIEW:
    """Everyone else gets 403 with the reason, whatever the address names."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_on_content(request.user, ADD):
            context = {"header_title": _("文档导入"), "page_title": _("文档导入"), "header_icon": "upload"}
            return render(request, "documents_in/refused.html", context, status=403)
        return view(request, *args, **kwargs)

    return checked


@editors_only
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The form and the list of earlier batches; POST starts a batch."""
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"column": request.GET.get("column")},
    )
    if posted and form.is_valid():
        batch = start_batch(
            form.cleaned_data["column"],
            acting_user=request.user,  # type: ignore[arg-type]
            submit=form.cleaned_data["submit"],
        )
        for file in form.cleaned_data["documents"]:
            queue_file(batch, File(file, name=file.name), file.name)
        return HttpResponseRedirect(reverse("documents_in_batch", args=[batch.pk]))
    return render(
        request,
        "documents_in/upload.html",
        {
            "form": form,
            "batches": recent_batches(_SHOWN_BATCHES),
            **_frame(_("文档导入")),
        },
        status=400 if form.errors else 200,
    )


@editors_only
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: each file's progress, what was recognised, what to do next."""
    found = _batch(batch_id)
    return render(
        request,
        "documents_in/batch.html",
        {
            "batch": found,
            **_batch_state(found),
            **_frame(_("导入到“%(column)s”") % {"column": found.column_title}, below=True),
        },
    )


@editors_only
@require_GET
def batch_state(request: HttpRequest, batch_id: int) -> HttpResponse:
    """``{"total", "done", "finished", "version", "html"}`` for the page that watches."""
    found = _batch(batch_id)
    state = _batch_state(found)
    html = render_to_string("documents_in/items.html", {"batch": found, **state}, request)
    return JsonResponse(
        {
            "total": state["total"],
            "done": state["done"],
            "finished": state["finished"],
            "summary": state["summary"],
            # Without the form's token, which is another one each time.
            "version": hashlib.sha256(repr(_facts(state["items"])).encode()).hexdigest()[:16],
            "html": html,
        }
    )


@editors_only
@require_POST
def submit(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Submit the selected drafts for review."""
    found = _batch(batch_id)
    chosen = [int(value) for value in request.POST.getlist("item") if value.isdecimal() and len(value) < 18]
    submitted, refused = submit_drafts(found, chosen, acting_user=request.user)  # type: ignore[arg-type]
    if submitted:
        messages.success(request, _("已送审 %(count)d 篇。") % {"count": len(submitted)})
    for title, reasons in refused:
        messages.error(request, _("“%(title)s”未能送审：%(reasons)s") % {"title": title, "reasons": "".join(reasons)})
    if not submitted and not refused:
        messages.warning(request, _("没有选中可以送审的草稿。"))
    return HttpResponseRedirect(reverse("documents_in_batch", args=[found.pk]))


@editors_only
@require_POST
def retry(request: HttpRequest, batch_id: int, item_id: int) -> HttpResponse:
    """Import a failed or stuck file once more; ``again`` also takes one that is there already."""
    item = _item(batch_id, item_id)
    try:
        retry_import(item, acting_user=request.user, again="again" in request.POST)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, "".join(refusal.reasons))
    return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]))


@editors_only
@require_GET
def original(request: HttpRequest, batch_id: int, item_id: int) -> FileResponse:
    """The file as it was given, always as a download."""
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
        "any_draft": any(item.is_draft for item in items),  # type: ignore[attr-defined]
        "summary": _("共 %(total)d 个文件，已处理 %(done)d 个，未导入 %(failed)d 个")
        % {"total": len(items), "done": done, "failed": failed},
    }


def _facts(items: list[ImportItem]) -> list[tuple[Any, ...]]:
    return [
        (item.pk, item.state, item.progress, item.page_id, item.reason, item.status_label)  # type: ignore[attr-defined]
        for item in items
    ]


def _frame(title: str, *, below: bool = False) -> dict[str, Any]:
    here = {"url": "" if not below else reverse("documents_in_upload"), "label": _("文档导入")}
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("首页")}, here]
    if below:
        crumbs.append({"url": "", "label": title})
    return {"breadcrumbs_items": crumbs, "header_title": title, "page_title": title, "header_icon": "upload"}
