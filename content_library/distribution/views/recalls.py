"""The screens of recalls (收回): what was recalled, the receipts of each site, and a new recall."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import Recall, RecallReceipt
from ..queries import recall_counts
from ..recalls.actions import recall_resource
from ..still_served import still_serving
from .frame import PUSHERS, DistributionScreen
from .pushing import chosen_resource, find_own

_SITES = 100


def visible_recalls(tenant: Tenant) -> QuerySet[Recall]:
    found = Recall.objects.select_related("resource__tenant", "requested_by").order_by("-pk")
    if tenant.is_console:
        return found
    return found.filter(Q(resource__tenant=tenant) | Q(resource__holder=tenant))


class RecallsView(DistributionScreen):
    template_name = "pushes/recalls.html"
    page_title = _("收回")
    header_icon = "no-view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(visible_recalls(self.tenant))
        counts = recall_counts(page)
        rows = [{"recall": recall, **counts[recall.pk]} for recall in page]
        return super().get_context_data(rows=rows, page=page, **kwargs)


class RecallView(DistributionScreen):
    template_name = "pushes/recall.html"
    header_icon = "no-view"

    def get_page_title(self) -> str:
        return _t("收回“%(title)s”") % {"title": self.recall.resource.title}

    def find(self, **named: Any) -> None:
        self.recall = get_object_or_404(visible_recalls(self.tenant), pk=named["number"])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("pushes_recalls"), _t("收回"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipts = self.recall.receipts.select_related("tenant").alias(
            confirmed=Case(When(state=RecallReceipt.State.CONFIRMED, then=1), default=0)
        )
        page = self.page_of(receipts.order_by("confirmed", "-is_source", "tenant__code", "page_id"), _SITES)
        counts = recall_counts([self.recall])[self.recall.pk]
        elsewhere = [] if self.recall.restored else still_serving(self.recall.resource)
        # Those that nobody cleared here first.
        elsewhere.sort(key=lambda place: bool(place.cleared_by))
        return super().get_context_data(
            recall=self.recall,
            rows=list(page),
            page=page,
            counts=counts,
            elsewhere=elsewhere[:_SITES],
            elsewhere_total=len(elsewhere),
            uncleared=sum(not place.cleared_by for place in elsewhere),
            **kwargs,
        )


class NewRecallView(DistributionScreen):
    """The form of a new recall: GET asks for the resource and the reason, POST recalls."""

    template_name = "pushes/new_recall.html"
    page_title = _("收回资源")
    header_icon = "no-view"
    roles = PUSHERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = self.request.POST or self.request.GET
        asked = {"reason": fields.get("reason", "").strip()}
        chosen = chosen_resource(self, kwargs.pop("reasons", []))
        return super().get_context_data(asked=asked, **chosen, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            resource = find_own(self.user(), request.POST.get("resource", "").strip())
            recall = recall_resource(resource, acting_user=self.user(), reason=request.POST.get("reason", ""))
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        messages.success(request, _t("已收回，各站点立即不再显示；逐站核对的回执见下。"))
        return HttpResponseRedirect(reverse("pushes_recall", args=[recall.pk]))
