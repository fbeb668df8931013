"""The screen 接收设置 of a site: columns, subscriptions, standing clearances."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from content_library.distribution.reposting import reposter
from content_library.models import Resource
from content_library.vocabularies.queries import tree
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant, public_sites

from ..models import ColumnMapping, StandingClearance, Subscription
from ..permissions import (
    reasons_against_mapping,
    reasons_against_proposing,
    reasons_against_subscribing,
)
from ..pushes.columns import map_column
from ..standing import latest_end, propose_standing_clearance
from ..subscriptions import end_subscription, subscribe
from .frame import RECEIVERS, DistributionScreen
from .standing import asked_end

_ENDED = 20


class IncomingView(DistributionScreen):
    """The settings of what a site takes in: all who work here see each part, its form only those who may change it."""

    template_name = "pushes/incoming.html"
    page_title = _("接收设置")
    header_icon = "download"
    roles = RECEIVERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant, user = self.tenant, self.user()
        decisions = StandingClearance.objects.filter(tenant=tenant).select_related(
            "source", "proposed_by", "approved_by", "revoked_by"
        )
        # Decisions that are valid or wait for approval, and the last ones that ended.
        open_ones = list(decisions.not_over())
        over = decisions.exclude(pk__in=[standing.pk for standing in open_ones])
        standing = [*open_ones, *over.order_by("-ends_on", "-pk")[:_ENDED]]
        kwargs.setdefault("reasons", [])
        return super().get_context_data(
            mappings=ColumnMapping.objects.filter(tenant=tenant).order_by("kind", "subject_class"),
            subscriptions=Subscription.objects.filter(tenant=tenant, ended_at__isnull=True).select_related("source"),
            standing=standing,
            columns=reposter().columns(),
            kinds=Resource.Kind.choices,
            classes=tree("subject", retired=False),
            levels=Tenant.Level.choices,
            sources=public_sites().exclude(pk=tenant.pk).values_list("code", "full_name"),
            may_map=not reasons_against_mapping(user, tenant),
            may_subscribe=not reasons_against_subscribing(user, tenant),
            may_propose=not reasons_against_proposing(user, tenant),
            latest=latest_end(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        acts: dict[str, Callable[[Any], str]] = {
            "map": self._map,
            "subscribe": self._subscribe,
            "end": self._end,
        }
        asked = request.POST.get("act", "")
        try:
            if asked == "propose":
                return self._propose(request.POST)
            if asked not in acts:
                raise Refused(_t("请选择一项操作。"))
            messages.success(request, acts[asked](request.POST))
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        return HttpResponseRedirect(reverse("pushes_incoming"))

    def _map(self, given: Any) -> str:
        map_column(
            self.tenant,
            kind=given.get("kind", ""),
            subject_class=given.get("subject_class", "").strip(),
            column=given.get("column", ""),
            acting_user=self.user(),
        )
        return _t("栏目对应已保存。")

    def _subscribe(self, given: Any) -> str:
        subscribe(
            acting_user=self.user(),
            subject_class=given.get("subject_class", "").strip(),
            kind=given.get("kind", ""),
            source=_source(given),
            level=given.get("level", ""),
        )
        return _t("订阅已设置，以后的新信息会成为草稿。")

    def _end(self, given: Any) -> str:
        end_subscription(self._own(Subscription, given), acting_user=self.user())
        return _t("订阅已取消。")

    def _propose(self, given: Any) -> HttpResponse:
        """On to the decision's own screen, which says in numbers what it reaches."""
        made = propose_standing_clearance(
            acting_user=self.user(),
            reason=given.get("reason", ""),
            source=_source(given),
            level=given.get("level", ""),
            subject_class=given.get("subject_class", "").strip(),
            kind=given.get("kind", ""),
            ends_on=asked_end(given.get("ends_on", "")),
        )
        messages.success(self.request, _t("已提出，等待保密审查人批准。"))
        return HttpResponseRedirect(reverse("pushes_standing", args=[made.pk]))

    def _own(self, model: Any, given: Any) -> Any:
        number = given.get("number", "")
        found = model.objects.filter(tenant=self.tenant, pk=int(number)).first() if number.isdecimal() else None
        if found is None:
            raise Refused(_t("本站没有这一项，可能已由他人处理。"))
        return found


def _source(given: Any) -> Tenant | None:
    code = given.get("source", "").strip()
    return get_tenant(code) if code else None
