"""导入导出纠错: the screen of a portal's clerks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import CLERK
from govplatform.accounts.screens.screen import Screen
from govplatform.cases.error_reports.exchange import (
    Imported,
    export_reports,
    import_reports,
    reasons_against_exchanging,
)
from govplatform.cases.error_reports.table import HEADINGS, NEEDED, known_kinds
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.spreadsheets.uploads import table_field, uploaded_table
from govplatform.spreadsheets.writing import CONTENT_TYPES

_CHOICES = (
    ("all", _("全部")),
    ("open", _("未办结")),
    ("late", _("超期")),
    ("national", _("国家平台转来的")),
)


class ErrorExchangeView(Screen):
    """The upload of a table, with what became of its rows; the table with states and answers."""

    roles = frozenset({CLERK.code})
    template_name = "interaction_console/error_exchange.html"
    page_title = _("导入导出纠错")
    header_icon = "upload"

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("cases"), _t("来信办理"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("reasons", reasons_against_exchanging(self.user(), self.tenant))
        return super().get_context_data(
            needed=[HEADINGS[name] for name in NEEDED],
            kinds=known_kinds(),
            choices=_CHOICES,
            accept=table_field("").widget.attrs["accept"],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if request.POST.get("act") == "export":
                return self._file(request.POST.get("format", ""), request.POST.get("show", ""))
            done = self._import()
        except Refused as refusal:
            return self.refuse(refusal)
        for note in done.notes:
            messages.warning(request, note)
        if done.cases:
            messages.success(request, _t("已导入 %(n)d 件纠错。") % {"n": len(done.cases)})
        return self.render_to_response(self.get_context_data(done=done))

    def _import(self) -> Imported:
        field = table_field("")
        uploaded = self.request.FILES.get("file")
        if uploaded is None:
            raise Refused(str(field.error_messages["required"]))
        with uploaded_table(uploaded) as path:
            name = str(uploaded.name).replace("\x00", "")
            return import_reports(self.tenant, path, filename=name, acting_user=self.user())

    def _file(self, kind: str, choice: str) -> HttpResponse:
        content, _count = export_reports(self.tenant, kind, acting_user=self.user(), choice=choice)
        name = f"errors-{self.tenant.code}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
        return as_download(HttpResponse(content, content_type=CONTENT_TYPES[kind]), name)
