"""The screens of review sheets: one page's, or a period's, as HTML for printing or as PDF."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from govplatform.accounts.screens.screen import opens_like
from govplatform.days import parse_day
from govplatform.downloads import as_download
from govplatform.refusals import Refused

from ..permissions import WITHDRAW
from ..screens.access import ReviewScreen, content_page
from .actions import PrintedSheets, heading_of_page, heading_of_period, print_sheets
from .paper import as_html, as_pdf
from .reading import sheet_of_page, sheets_of_period


class SheetsView(ReviewScreen):
    """The screen that asks for a period; POST prints its sheets. Only those who review may print."""

    template_name = "review/sheets/choose.html"
    page_title = _l("审查单")
    header_icon = "doc-full"
    act = WITHDRAW

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        today = timezone.localdate()
        kwargs.setdefault("since", today.replace(day=1).isoformat())
        kwargs.setdefault("until", today.isoformat())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("since", "until")}
        try:
            since, until = _day(given["since"], _("起始日期")), _day(given["until"], _("截止日期"))
            heading = heading_of_period(since, until)
            printed = print_sheets(sheets_of_period(since, until), heading=heading, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, **given)
        return _paper(printed, request.POST.get("form", "html"), f"sheets-{since}-{until}")


@opens_like(SheetsView)
@require_POST
def page_sheet(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return the sheet of one page; printing is recorded, so it is asked for with POST. 409 with the reasons."""
    page = content_page(page_id)
    try:
        sheet = sheet_of_page(page.pk)
        printed = print_sheets([sheet], heading=heading_of_page(sheet), acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        return HttpResponse("；".join(refusal.reasons), status=409, content_type="text/plain; charset=utf-8")
    return _paper(printed, request.POST.get("form", "html"), f"sheet-{page_id}")


def _day(text: str, label: str) -> date:
    day = parse_day(text)
    if day is None:
        raise Refused(_("“%(label)s”不是有效的日期，请写成 2026-11-22 的样子。") % {"label": label})
    return day


def _paper(printed: PrintedSheets, form: str, name: str) -> HttpResponse:
    if form == "pdf":
        return as_download(HttpResponse(as_pdf(printed), content_type="application/pdf"), f"{name}.pdf")
    return HttpResponse(as_html(printed))
