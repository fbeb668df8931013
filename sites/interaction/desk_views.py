"""Around a case: its file for printing, and the texts with which answers of a site often begin."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import EDITOR
from govplatform.accounts.screens.screen import Screen
from govplatform.cases.models import SavedReply
from govplatform.cases.saved_replies import TEXT, TITLE, delete_reply, save_reply
from govplatform.refusals import Refused

from .views import CaseView


class CasePrintView(CaseView):
    """The file of a case on paper: letter, answer, opinions and steps; of a request also its stops and its delivery.

    Contact data is never on it, nor who asks, nor the third party that was asked.
    """

    template_name = "interaction_console/case_print.html"

    def post(self, request: HttpRequest, case_id: int) -> HttpResponse:
        """Paper takes no acts."""
        return HttpResponseNotAllowed(["GET", "HEAD"])


class DeskScreen(Screen):
    """A screen below 来信办理, on the console of a site alone."""

    def find(self, **_named: Any) -> HttpResponseBase | None:
        if self.tenant.is_console:
            raise Http404
        return None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("cases"), _t("来信办理"))]


class SavedRepliesView(DeskScreen):
    roles = frozenset({EDITOR.code})
    header_icon = "openquote"
    page_title = _("常用答复")
    template_name = "interaction_console/saved_replies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        saved = SavedReply.objects.filter(site=self.tenant)
        return super().get_context_data(saved=saved, most_title=TITLE, most_text=TEXT, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        title, text = request.POST.get("title", ""), request.POST.get("text", "")
        try:
            if request.POST.get("act") == "delete":
                delete_reply(self._saved(), acting_user=self.user())
                messages.success(request, _t("已删除。"))
            else:
                save_reply(self.tenant, title, text, acting_user=self.user())
                messages.success(request, _t("已保存。"))
        except Refused as refusal:
            return self.refuse(refusal, typed={"title": title, "text": text})
        return redirect("case_replies")

    def _saved(self) -> SavedReply:
        given = self.request.POST.get("saved", "")
        known = given.isascii() and given.isdigit() and len(given) < 10
        found = SavedReply.objects.select_related("site").filter(site=self.tenant, pk=int(given)) if known else None
        if found is None or not found:
            raise Http404
        return found[0]
