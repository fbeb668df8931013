"""收回: what was recalled, the receipts of each site, and a new recall."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from govplatform.refusals import Refused
from govplatform.review.permissions import current_roles
from govplatform.tenancy.models import Tenant

from ..models import Recall, RecallReceipt
from ..queries import recall_counts
from ..recalls.actions import recall_resource
from .frame import PUSHERS, PushMixin
from .pushing import find_own

_ROWS = 50


def visible_recalls(tenant: Tenant) -> QuerySet[Recall]:
    found = Recall.objects.select_related("resource__tenant", "requested_by").order_by("-pk")
    if tenant.is_console:
        return found
    return found.filter(Q(resource__tenant=tenant) | Q(resource__holder=tenant))


class RecallsView(PushMixin, TemplateView):
    template_name = "pushes/recalls.html"
    page_title = _("收回")
    header_icon = "no-view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [{"recall": recall, **recall_counts(recall)} for recall in visible_recalls(self.tenant())[:_ROWS]]
        return super().get_context_data(rows=rows, **kwargs)


class RecallView(PushMixin, TemplateView):
    template_name = "pushes/recall.html"
    header_icon = "no-view"

    def get_page_title(self) -> str:
        return _t("收回“%(title)s”") % {"title": self.recall.resource.title}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = None
        if current_roles(request.user):
            found = visible_recalls(self.tenant()).filter(pk=kwargs["number"]).first()
        if found is None:
            raise Http404
        self.recall = found
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipts = self.recall.receipts.select_related("tenant").order_by("-is_source", "tenant__code")
        rows = sorted(receipts, key=lambda receipt: receipt.state == RecallReceipt.State.CONFIRMED)
        return super().get_context_data(recall=self.recall, rows=rows, counts=recall_counts(self.recall), **kwargs)


class NewRecallView(PushMixin, TemplateView):
    """GET asks for the reason, POST recalls."""

    template_name = "pushes/new_recall.html"
    page_title = _("收回资源")
    header_icon = "no-view"
    roles = PUSHERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = self.request.POST or self.request.GET
        asked = {name: fields.get(name, "").strip() for name in ("resource", "reason")}
        reasons = kwargs.pop("reasons", [])
        try:
            resource = find_own(self.user(), asked["resource"]) if asked["resource"] else None
        except Refused as refusal:
            resource, reasons = None, [*reasons, *(r for r in refusal.reasons if r not in reasons)]
        return super().get_context_data(asked=asked, resource=resource, reasons=reasons, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            resource = find_own(self.user(), request.POST.get("resource", "").strip())
            recall = recall_resource(resource, acting_user=self.user(), reason=request.POST.get("reason", ""))
        except Refused as refusal:
            return self.render_to_response(self.get_context_data(reasons=refusal.reasons), status=400)
        messages.success(request, _t("已收回，各站点立即不再显示；逐站核对的回执见下。"))
        return HttpResponseRedirect(reverse("pushes_recall", args=[recall.pk]))
