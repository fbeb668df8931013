"""Screens that import a dictionary from a file (upload, preview, confirmation) and export it."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.spreadsheets.uploads import uploaded_table
from govplatform.spreadsheets.writing import CONTENT_TYPES

from .actions import export_words, import_words, read_words
from .forms import ImportForm
from .import_plan import ImportPlan
from .models import ImportDraft, Word
from .queries import row_of
from .views import KeeperAdmission, KeeperScreen
from .word_table import HEADINGS, KIND_WORDS, SEVERITY_WORDS, Fault, WordRow

#: Rows shown of each kind of change; the numbers say how many there are.
SHOWN = 100
KEPT = timedelta(days=1)


class ImportView(KeeperScreen):
    """The upload of a dictionary file, which leads to its preview."""

    template_name = "dictionaries/import.html"
    page_title = _("导入词库")
    header_icon = "upload"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ImportForm())
        return super().get_context_data(headings=list(HEADINGS.values()), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                with uploaded_table(form.cleaned_data["file"]) as path:
                    rows, faults, notes = read_words(path, form.cleaned_data["file"].name)
            except Refused as refusal:
                form.add_error("file", refusal.reasons)
            else:
                _keep(self, form.cleaned_data["file"].name, rows, faults)
                for note in notes:
                    messages.warning(request, note)
                return redirect("dictionary_preview")
        return self.render_to_response(self.get_context_data(form=form))


class PreviewView(KeeperScreen):
    """The preview of what an uploaded file would do, with the button that does it.

    ``?replace=1``: words that the file does not name are retired. A preview counts for one day, and only for its
    uploader.
    """

    template_name = "dictionaries/preview.html"
    page_title = _("核对导入")
    header_icon = "upload"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("dictionary_import") if self._draft() is None else super().get(request, *args, **kwargs)

    def _draft(self) -> ImportDraft | None:
        since = timezone.now() - KEPT
        drafts = ImportDraft.objects.filter(tenant=self.scope, person=self.user(), uploaded_at__gte=since)
        return drafts.order_by("-pk").first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self._draft()
        assert draft is not None
        replace = self.request.GET.get("replace") == "1"
        plan = _plan(self, draft, replace=replace)
        return super().get_context_data(
            draft=draft,
            replace=replace,
            counts=plan.counts(),
            faults=plan.faults[: SHOWN * 3],
            bad_lines=len({fault.line for fault in plan.faults}),
            added=[_cells(row) for row in plan.added[:SHOWN]],
            changed=[{"word": word, "changes": _changes(word, row)} for word, row in plan.changed[:SHOWN]],
            retired=plan.retired[:SHOWN],
            anything=bool(plan.added or plan.changed or plan.retired),
            seal=_seal(plan),
            shown=SHOWN,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = self._draft()
        if draft is None:
            messages.error(request, _t("没有待核对的文件，请重新上传。"))
            return redirect("dictionary_import")
        replace = request.GET.get("replace") == "1"
        if request.POST.get("seal") != _seal(_plan(self, draft, replace=replace)):
            messages.warning(request, _t("核对期间词库有了变化，请再看一遍后确认。"))
            return self.render_to_response(self.get_context_data())
        rows, faults = _stored(draft)
        try:
            with transaction.atomic():
                plan = import_words(
                    self.scope,
                    rows,
                    faults,
                    acting_user=self.user(),
                    replace=replace,
                    skip_bad=not replace,
                    filename=draft.filename,
                )
                if replace and plan.faults:
                    raise Refused(_t("有误的行改正之前不能整体替换，否则这些行对应的词语会被停用。"))
                draft.delete()
        except Refused as refusal:
            self.tell(refusal)
            return redirect("dictionary_preview")
        counts = plan.counts()
        done = _t("导入完成：新增 %(added)d，修改 %(changed)d，停用 %(retired)d，未变 %(unchanged)d。") % counts
        messages.success(request, done)
        return redirect("dictionary")


class ExportView(KeeperAdmission):
    """The active words as a CSV file, or as XLSX with ``?format=xlsx``."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
        content, _count = export_words(self.scope, kind, acting_user=self.user())
        whose = self.scope.code if self.scope else _t("平台")
        name = _t("词库-%(whose)s-%(day)s.%(kind)s") % {"whose": whose, "day": timezone.localdate(), "kind": kind}
        return as_download(HttpResponse(content, content_type=CONTENT_TYPES[kind]), name)


def _keep(view: KeeperScreen, filename: str, rows: list[WordRow], faults: list[Fault]) -> None:
    ImportDraft.objects.filter(uploaded_at__lt=timezone.now() - KEPT).delete()
    ImportDraft.objects.filter(tenant=view.scope, person=view.user()).delete()
    ImportDraft.objects.create(
        tenant=view.scope,
        person=view.user(),
        filename=filename.replace("\x00", "")[:255],
        rows=[row.as_list() for row in rows],
        faults=[[fault.line, fault.column, fault.reason] for fault in faults],
    )


def _stored(draft: ImportDraft) -> tuple[list[WordRow], list[Fault]]:
    return [WordRow(*values) for values in draft.rows], [Fault(*values) for values in draft.faults]


def _plan(view: KeeperScreen, draft: ImportDraft, *, replace: bool) -> ImportPlan:
    rows, faults = _stored(draft)
    return import_words(view.scope, rows, faults, acting_user=view.user(), replace=replace, dry_run=True)


def _seal(plan: ImportPlan) -> str:
    """Another value when the import would do something else than was shown."""
    facts = [
        [row.as_list() for row in plan.added],
        [[word.pk, row_of(word).as_list(), row.as_list()] for word, row in plan.changed],
        [word.pk for word in plan.retired],
        plan.unchanged,
        len(plan.faults),
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]


def _cells(row: WordRow) -> dict[str, str]:
    shown = {"kind": KIND_WORDS[row.kind], "severity": SEVERITY_WORDS[row.severity]}
    return {name: shown.get(name, getattr(row, name)) for name in HEADINGS} | {"line": str(row.line)}


def _changes(word: Word, row: WordRow) -> list[dict[str, str]]:
    before, after = _cells(row_of(word)), _cells(row)
    return [
        {"name": heading, "before": before[name], "after": after[name]}
        for name, heading in HEADINGS.items()
        if before[name] != after[name]
    ]
