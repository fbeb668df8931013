"""What the console's start page says about columns: where to write, and which are overdue."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.review.permissions import ADD, may_on_content, may_on_structure
from govplatform.tenancy.current import current_tenant

from .models import Column, ColumnType
from .overdue import column_states
from .writing_rights import columns_to_write

#: What is usually written in a column of each type: (app, model, words on the button).
_KINDS: Mapping[str, tuple[str, str, Any]] = MappingProxyType(
    {
        ColumnType.POLICIES: ("policies", "policydocument", _("写政策文件")),
        ColumnType.INTERPRETATIONS: ("policies", "interpretation", _("写政策解读")),
        ColumnType.LEADERS: ("offices", "leader", _("写领导信息")),
        ColumnType.INSTITUTIONS: ("offices", "institution", _("写机构职能")),
        ColumnType.DISCLOSURE_GUIDE: ("disclosure", "disclosureguide", _("写信息公开指南")),
        ColumnType.ANNUAL_REPORT: ("disclosure", "annualreport", _("写信息公开年报")),
        ColumnType.INTERVIEWS: ("interviews", "interviewpage", _("写访谈预告")),
        ColumnType.SERVICES: ("services", "serviceitem", _("写办事指南")),
        ColumnType.SURVEYS: ("surveys", "survey", _("写征集调查")),
        ColumnType.DATA: ("statistics", "statisticsbulletin", _("写统计公报")),
    }
)
_ARTICLE = ("articles", "article", _("写信息"))


class WritePanel(Component):
    """The panel 写一篇新的: one line per column with a button to write, and a link to import documents."""

    name = "write"
    order = 90
    template_name = "columns_console/write.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        rows = []
        for column in columns_to_write(parent_context["request"].user).filter(live=True):
            app, model, label = _KINDS.get(column.column_type, _ARTICLE)
            rows.append(
                {
                    "column": column,
                    "label": label,
                    "url": reverse("wagtailadmin_pages:add", args=[app, model, column.pk]),
                    "import_url": _import_address(column),
                }
            )
        return {"rows": rows, "import_url": _import_address(None)}


def _import_address(column: Column | None) -> str:
    """Return the address for importing documents (into ``column``, if given); empty when imports are not installed."""
    try:
        address = reverse("documents_in_upload")
    except NoReverseMatch:
        return ""
    return f"{address}?column={column.pk}" if column is not None else address


class DutyPanel(Component):
    """The panel 栏目: which columns are overdue and which are empty."""

    name = "duty"
    order = 110
    template_name = "columns_console/duty.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        states = column_states()
        overdue = sorted((s for s in states if s.is_overdue), key=lambda s: -(s.days or 0))
        return {"overdue": overdue, "empty": [s for s in states if s.is_empty], "total": len(states)}


@hooks.register("construct_homepage_panels")
def column_panels(request: HttpRequest, panels: list[Component]) -> None:
    # Nothing is written on a frozen site: its banner says where.
    if may_on_content(request.user, ADD) and not current_tenant().frozen:
        panels.append(WritePanel())
    if may_on_structure(request.user):
        panels.append(DutyPanel())
