"""The doors that forms and scripts of 文档导入 knock at: one file more, what was typed, what is done with drafts."""

import json
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from govplatform.accounts.screens.screen import opens_like
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from .actions import confirm_comparison, remove_repeats, retry_import, start_batch, submit_drafts
from .batch_state import batch_of, item_of, state_of_batch
from .card_fields import LABELS
from .confirming import add_file, drop_files, keep_typed, seen_of
from .queries import columns_for_import
from .views import UploadView


@opens_like(UploadView)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Start a batch on ``column`` for a script that sends its files one by one; answer where to, or ``{"refused"}``."""
    column = columns_for_import(request.user).filter(pk=row_number(request.POST.get("column", ""))).first()
    if column is None:
        return _refused(_("本站没有这个栏目，或你不在这个栏目写稿，请重新选择。"))
    try:
        batch = start_batch(column, acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        return _refused(*refusal.reasons)
    return JsonResponse(
        {
            "batch": reverse("documents_in_batch", args=[batch.pk]),
            "add": reverse("documents_in_add", args=[batch.pk]),
        }
    )


@opens_like(UploadView)
@require_POST
def add(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take one more ``document`` into a batch; answer ``{"item", "reason"}``, or ``{"refused"}`` for none at all."""
    batch = batch_of(batch_id, request.user)
    sent = request.FILES.get("document")
    if sent is None:
        return _refused(_("没有收到文件，请重新选择后再上传。"))
    try:
        item = add_file(batch, File(sent, name=sent.name), acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        return _refused(*refusal.reasons)
    return JsonResponse({"item": item.pk, "reason": item.reason})


@opens_like(UploadView)
@require_GET
def batch_state(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Answer the polling of a batch's screen.

    ``{"total", "done", "finished", "summary", "since", "places": {id: words}, "items": [{"id", "html"}]}``; ``items``
    are those that changed at or after ``?since=``, all without it.
    """
    found = batch_of(batch_id, request.user)
    state = state_of_batch(found, request.user, since=_moment(request.GET.get("since", "")))  # type: ignore[arg-type]
    return JsonResponse(
        {
            **{name: state[name] for name in ("total", "done", "finished", "summary", "since", "places")},
            "items": [
                {
                    "id": item.pk,
                    "html": render_to_string(
                        "documents_in/item.html", {**state, "batch": found, "item": item}, request
                    ),
                }
                for item in state["items"]
            ],
        }
    )


@opens_like(UploadView)
@require_POST
def typed(request: HttpRequest, batch_id: int, item_id: int) -> HttpResponse:
    """Keep what was typed in a card (``{field: text}``) as typed; answer its new mark, or ``{"refused"}``."""
    item = item_of(batch_id, item_id, request.user)
    try:
        sent: Any = json.loads(request.body)
        texts = {name: str(sent[name]) for name in (*LABELS, "enclosed_in") if name in sent}
        keep_typed(item, texts, acting_user=request.user)  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return _refused(_("没有读懂送来的内容，请刷新页面后再试。"))
    except Refused as refusal:
        return _refused(*refusal.reasons)
    return JsonResponse({"seen": seen_of(item)})


@opens_like(UploadView)
@require_POST
def drop(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Keep nothing of the files named by ``item``, or of all with ``which=all``; drafts that were made stay."""
    batch = batch_of(batch_id, request.user)
    named = [number for value in request.POST.getlist("item") if (number := row_number(value))]
    try:
        which = None if request.POST.get("which") == "all" else named
        count = drop_files(batch, which, acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("已取消 %(count)d 个文件，原件也已删除。") % {"count": count})
    if batch.pk is None:
        return HttpResponseRedirect(reverse("documents_in_upload"))
    return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]))


@opens_like(UploadView)
@require_POST
def submit(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Submit the selected drafts for review; refusals become messages."""
    found = batch_of(batch_id, request.user)
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
    item = item_of(batch_id, item_id, request.user)
    try:
        retry_import(item, acting_user=request.user, again="again" in request.POST)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, "".join(refusal.reasons))
    return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]))


@opens_like(UploadView)
@require_POST
def compared(request: HttpRequest, batch_id: int, item_id: int) -> HttpResponse:
    """Note that the editor has looked at what a draft and its original have unlike."""
    item = item_of(batch_id, item_id, request.user)
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
    item = item_of(batch_id, item_id, request.user)
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
    item = item_of(batch_id, item_id, request.user)
    if not item.original or not item.original.storage.exists(str(item.original.name)):
        raise Http404
    response = FileResponse(item.original.open("rb"), content_type="application/octet-stream")
    as_download(response, item.filename)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


# --- inside ------------------------------------------------------------------------------


def _refused(*reasons: str) -> JsonResponse:
    return JsonResponse({"refused": list(reasons)}, status=422)


def _moment(text: str) -> datetime | None:
    """Return the moment that a script gives back; None, and so everything, for what is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
