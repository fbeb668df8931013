"""后续事项: the operators' screen of consequences that are not done, with the two acts on them."""

from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import OPERATOR
from govplatform.accounts.screens.screen import Screen
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.tenancy.models import Tenant

from .actions import give_up_consequence, retry_consequence
from .models import Consequence
from .queries import ENDED, FAILED, UNDONE, WAITING, count_undone, find_rows, get_row, line_words

FILTERS = MappingProxyType({UNDONE: _("需要处理"), FAILED: _("失败"), WAITING: _("待办"), ENDED: _("已了结")})


def shown_rows(rows: list[Consequence]) -> list[dict[str, Any]]:
    """``{"row", "words", "site"}`` for each row: with the name of its line in words and the name of its site."""
    schemas = {row.schema for row in rows}
    names = dict(Tenant.objects.filter(schema_name__in=schemas).values_list("schema_name", "full_name"))
    return [{"row": row, "words": line_words(row.line), "site": names.get(row.schema, row.schema)} for row in rows]


class ConsequencesView(Screen):
    """GET: the rows, filtered by ``which`` (a key of FILTERS).

    POST: ``act`` (retry, give_up) on ``id``, with ``reason``.
    """

    template_name = "consequences/consequences.html"
    page_title = _("后续事项")
    header_icon = "tasks"
    roles = frozenset({OPERATOR.code})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked("which")["which"]
        which = asked if asked in FILTERS else UNDONE
        page = self.page_of(find_rows(which))
        return super().get_context_data(
            which=which,
            filters=FILTERS,
            page=page,
            query=self.other_filters(),
            rows=shown_rows(list(page)),
            **count_undone(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            row = get_row(row_number(request.POST.get("id", "")))
            self._carry_out(row)
        except Refused as refusal:
            return self.refuse(refusal)
        return HttpResponseRedirect(f"{reverse('consequences')}?{request.GET.urlencode()}")

    def _carry_out(self, row: Consequence) -> None:
        if self.request.POST.get("act") == "give_up":
            give_up_consequence(row, acting_user=self.user(), reason=self.request.POST.get("reason", ""))
            messages.success(self.request, _t("已放弃“%(words)s”，理由记入审计。") % {"words": line_words(row.line)})
        else:
            retry_consequence(row, acting_user=self.user())
            messages.success(self.request, _t("“%(words)s”已重新排队。") % {"words": line_words(row.line)})
