"""The screens of 文档导入 in the console: choose a column, upload, look at what was recognised, have drafts made."""

import json
from typing import Any

from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from wagtail.admin import messages

from govplatform.accounts.screens.screen import Screen
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, STRUCTURE_ACTS, roles_for
from govplatform.row_numbers import row_number

from .actions import queue_files
from .batch_state import batch_of, state_of_batch
from .card_fields import LABELS
from .confirming import Asked, clear_batch, make_drafts
from .forms import UploadForm
from .models import KEPT_UNMADE, MOST_FILES, ImportBatch, ImportItem
from .queries import items_for, left_batches, recent_batches

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
        batches = recent_batches(self.user(), _SHOWN_BATCHES)
        return super().get_context_data(batches=batches, most=MOST_FILES, kept=KEPT_UNMADE.days, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, initial={"column": request.GET.get("column")}, user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        files = [File(file, name=file.name) for file in form.cleaned_data["documents"]]
        try:
            started = queue_files(form.cleaned_data["column"], files, acting_user=self.user())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
            return self.render_to_response(self.get_context_data(form=form), status=400)
        return HttpResponseRedirect(reverse("documents_in_batch", args=[started.pk]))


class BatchView(ImportScreen):
    """The screen of one batch: each file's progress, the card of what was recognised in it, what to do next."""

    template_name = "documents_in/batch.html"
    batch: ImportBatch

    def find(self, **named: Any) -> None:
        self.batch = batch_of(named["batch_id"], self.request.user)

    def get_page_title(self) -> str:
        return _("导入到“%(column)s”") % {"column": self.batch.column_title}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("documents_in_upload"), _("文档导入"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = state_of_batch(self.batch, self.user(), wrong=kwargs.pop("wrong", {}))
        words = {
            "typing": _("正在填写……"),
            "saved": _("已保存"),
            "unsaved": _("还没有保存：连接断了或登录已失效。填的内容还在这一页，恢复后自动保存。"),
        }
        return super().get_context_data(
            batch=self.batch, kept=KEPT_UNMADE.days, words=json.dumps(words), **state, **kwargs
        )


class MakeView(BatchView):
    """POST has the drafts of the chosen cards made, with what stands in them; a card with a fault stays and says so."""

    def post(self, request: HttpRequest, batch_id: int) -> HttpResponse:
        open_ids = [item.pk for item in items_for(self.batch, self.user()).filter(state=ImportItem.State.READ)]
        chosen = [number for value in request.POST.getlist("item") if (number := row_number(value))]
        asked_for = open_ids if request.POST.get("which") == "all" else chosen
        if not asked_for:
            messages.warning(request, _("没有选中文件。请勾选要建稿的文件，或点“全部建立草稿”。"))
            return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]))
        try:
            asked = make_drafts(
                self.batch,
                asked_for,
                acting_user=self.user(),
                typed={number: _typed(request, number) for number in asked_for},
                seen={number: seen for number in asked_for if (seen := request.POST.get(f"seen-{number}"))},
                again=[number for number in asked_for if f"again-{number}" in request.POST],
            )
        except Refused as refusal:
            self.tell(refusal)
            return HttpResponseRedirect(reverse("documents_in_batch", args=[batch_id]))
        return self._answer(asked)

    def _answer(self, asked: Asked) -> HttpResponse:
        if asked.queued:
            messages.success(self.request, _("正在为 %(count)d 个文件建立草稿。") % {"count": len(asked.queued)})
        if not asked.wrong:
            return HttpResponseRedirect(reverse("documents_in_batch", args=[self.batch.pk]))
        messages.error(
            self.request,
            _("有 %(count)d 个文件没有建稿，原因写在它们的卡片上；填写的内容都在。") % {"count": len(asked.wrong)},
        )
        return self.render_to_response(self.get_context_data(wrong=asked.wrong))


class LeftView(Screen):
    """What was uploaded and no draft was made of, by person and column, for the site's administrators to clear away.

    No names of files and nothing of what they say: an administrator sees no draft.
    """

    template_name = "documents_in/left.html"
    page_title = _l("未建稿的导入")
    header_icon = "bin"

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return frozenset(STRUCTURE_ACTS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batches = left_batches()
        for batch in batches:
            batch.goes_on = timezone.localdate(batch.since + KEPT_UNMADE)  # type: ignore[attr-defined]
        return super().get_context_data(batches=batches, kept=KEPT_UNMADE.days, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        batch = ImportBatch.objects.filter(pk=row_number(request.POST.get("batch", ""))).first()
        if batch is None:
            messages.info(request, _("这一批已经不在了。"))
            return HttpResponseRedirect(reverse("documents_in_left"))
        try:
            count = clear_batch(batch, acting_user=self.user())
        except Refused as refusal:
            self.tell(refusal)
        else:
            messages.success(request, _("已清除 %(count)d 个没有建稿的文件和它们的原件。") % {"count": count})
        return HttpResponseRedirect(reverse("documents_in_left"))


def _typed(request: HttpRequest, number: int) -> dict[str, str]:
    """Return what stands in the card of an item; a field that its form does not have is not in it."""
    names = (*LABELS, "enclosed_in")
    return {name: request.POST[f"{name}-{number}"] for name in names if f"{name}-{number}" in request.POST}
