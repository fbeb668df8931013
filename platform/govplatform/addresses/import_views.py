"""导入旧网址: a table is uploaded, each of its rows is shown with what it would do, then all of them are entered."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused
from govplatform.spreadsheets.reading import read_table
from govplatform.spreadsheets.uploads import uploaded_table

from .actions import import_table
from .forms import TableForm
from .import_plan import AddressPlan, answer_after, answer_now, plan_addresses
from .known import Kind
from .models import AddressDraft
from .queries import holder_of
from .table import HEADINGS, SHEET
from .views import LedgerScreen, LedgerView

#: How long an uploaded table waits for its confirmation.
KEPT = timedelta(days=1)


class ImportView(LedgerScreen):
    """The upload of a table, which leads to its preview."""

    template_name = "addresses/import.html"
    page_title = _("导入旧网址")
    header_icon = "upload"

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("ledger"), str(LedgerView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", TableForm())
        return super().get_context_data(headings=list(HEADINGS.values()), kinds=Kind.values, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                self._keep(form)
            except Refused as refusal:
                form.add_error("file", refusal.reasons)
        if form.errors:
            return self.render_to_response(self.get_context_data(form=form), status=400)
        return HttpResponseRedirect(reverse("ledger_import_preview"))

    def _keep(self, form: TableForm) -> None:
        given = form.cleaned_data
        host = given["host"].strip().lower().rstrip(".")
        tenant = given["site"] or holder_of(host)
        if tenant is None:
            form.add_error("site", _t("平台没有登记域名“%(host)s”，请选择由哪个站点答复它的旧网址。") % {"host": host})
            return
        with uploaded_table(given["file"]) as path:
            table = read_table(path, given["file"].name, sheet=SHEET)
        # The headings are looked at now, the rows when they are shown.
        plan_addresses(tenant, host, table)
        for note in table.notes:
            messages.warning(self.request, note)
        AddressDraft.objects.filter(uploaded_at__lt=timezone.now() - KEPT).delete()
        AddressDraft.objects.filter(person=self.user()).delete()
        name = given["file"].name.replace("\x00", "")[:255]
        AddressDraft.objects.create(tenant=tenant, host=host, person=self.user(), filename=name, rows=list(table))


class PreviewView(LedgerScreen):
    """The outcome of each row of the table that the reader uploaded last, and the button that enters them all.

    ``?show=faults``: only rows that cannot be taken.
    """

    template_name = "addresses/import_preview.html"
    page_title = _("核对旧网址")
    header_icon = "upload"

    def crumbs(self) -> list[tuple[str, str]]:
        ledger = (reverse("ledger"), str(LedgerView.page_title))
        return [ledger, (reverse("ledger_import"), str(ImportView.page_title))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._draft() is None:
            return HttpResponseRedirect(reverse("ledger_import"))
        return super().get(request, *args, **kwargs)

    def _draft(self) -> AddressDraft | None:
        since = timezone.now() - KEPT
        drafts = AddressDraft.objects.filter(person=self.user(), uploaded_at__gte=since).select_related("tenant")
        return drafts.order_by("-pk").first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self._draft()
        assert draft is not None
        plan = _plan(draft)
        bad = [line for line in plan.lines if line.faults]
        only_bad = self.asked("show")["show"] == "faults"
        page = self.page_of(bad if only_bad else list(plan.lines))
        return super().get_context_data(
            draft=draft,
            counts={"rows": len(plan.lines), "good": len(plan.rows), "bad": len(bad)},
            only_bad=only_bad,
            page=page,
            lines=[{"line": line, "now": answer_now(plan, line), "after": answer_after(line)} for line in page],
            query=self.other_filters(),
            seal=_seal(plan),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = self._draft()
        if draft is None:
            messages.error(request, _t("没有待核对的文件，请重新上传。"))
            return HttpResponseRedirect(reverse("ledger_import"))
        try:
            if request.POST.get("seal") != _seal(_plan(draft)):
                raise Refused(_t("核对期间台账有了变化，请再看一遍后确认。"))
            with transaction.atomic():
                report = import_table(
                    draft.tenant, draft.host, draft.rows, filename=draft.filename, acting_user=self.user()
                )
                if report.faults:
                    raise Refused(_t("有误的行改正之前，一行也不导入。"))
                draft.delete()
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        messages.success(request, _t("已导入 %(count)s 个旧网址。") % {"count": report.entries})
        return HttpResponseRedirect(reverse("ledger"))


def _plan(draft: AddressDraft) -> AddressPlan:
    return plan_addresses(draft.tenant, draft.host, draft.rows)


def _seal(plan: AddressPlan) -> str:
    """Another value when the import would do something else than was shown."""
    facts = [
        [line.line, line.address, line.row.form.path if line.row else "", line.row.target.address if line.row else ""]
        for line in plan.lines
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]
