"""办事指南: what the guides of a site lack, and bringing in many of them by a table."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CONTENT_REVIEWER, EDITOR, SITE_ADMIN
from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.spreadsheets.uploads import uploaded_table
from govplatform.spreadsheets.writing import CONTENT_TYPES, write_table

from .actions import MOST, import_services
from .completeness import words_for_gaps
from .forms import ImportForm
from .queries import judge_services
from .table import EXAMPLE, HEADINGS, SHEET

_WIDTHS = (30, 20, 24, 10, 12, 14, 14, 30, 40, 40, 40, 14, 14, 20, 30, 24, 18, 18, 30, 40)


class ServicesView(Screen):
    """Every page of services with what it lacks, the incomplete first."""

    template_name = "services_console/services.html"
    page_title = _("办事指南")
    header_icon = "list-ul"
    roles = frozenset({EDITOR.code, CONTENT_REVIEWER.code, SITE_ADMIN.code})

    def may_open(self) -> bool:
        return super().may_open() and not self.tenant.is_console

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        judged = list(judge_services(drafts=True))
        show = "all" if self.asked("show")["show"] == "all" else "gaps"
        lacking = [one for one in judged if not one.complete]
        page = self.page_of(judged if show == "all" else lacking)
        may_write = EDITOR.code in current_roles(self.request.user)
        return super().get_context_data(
            page=page,
            rows=[{"one": one, "said": words_for_gaps(one.gaps)} for one in page],
            counts={"all": len(judged), "lacking": len(lacking)},
            show=show,
            may_write=may_write,
            query=self.other_filters(),
            **kwargs,
        )


class ImportView(Screen):
    """The upload of a table; its outcome stands below, row by row."""

    template_name = "services_console/import.html"
    page_title = _("导入办事指南")
    header_icon = "upload"
    roles = frozenset({EDITOR.code})

    def may_open(self) -> bool:
        return super().may_open() and not self.tenant.is_console

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("services"), str(ServicesView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ImportForm(user=self.user()))
        return super().get_context_data(headings=list(HEADINGS.values()), most=MOST, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES, user=self.user())
        brought = None
        if form.is_valid():
            given = form.cleaned_data
            try:
                with uploaded_table(given["file"]) as path:
                    brought = import_services(path, given["file"].name, column=given["column"], acting_user=self.user())
            except Refused as refusal:
                form.add_error("file", refusal.reasons)
        status = 400 if form.errors else 200
        return self.render_to_response(self.get_context_data(form=form, brought=brought), status=status)


class BlankTableView(Admission):
    """The empty table to fill in, with one row as an example."""

    roles = frozenset({EDITOR.code})

    def may_open(self) -> bool:
        return super().may_open() and not self.tenant.is_console

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [list(HEADINGS.values()), [str(EXAMPLE.get(name, "")) for name in HEADINGS]]
        body = write_table(rows, "xlsx", sheet=SHEET, widths=_WIDTHS)
        name = _t("办事指南导入表.xlsx")
        return as_download(HttpResponse(body, content_type=CONTENT_TYPES["xlsx"]), name)
