"""The screen of one standing clearance: what it reaches in numbers, its approval, its end, proposing it anew."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t

from govplatform.days import parse_day
from govplatform.refusals import Refused
from govplatform.review.models import Decision
from govplatform.rule_packs.packs import site_rule_pack

from ..models import StandingClearance
from ..permissions import reasons_against_proposing, reasons_against_standing_approval
from ..reach import reach_of, sampled_under
from ..standing import (
    approve_standing_clearance,
    latest_end,
    propose_standing_clearance,
    revoke_standing_clearance,
)
from .frame import RECEIVERS, DistributionScreen


class StandingView(DistributionScreen):
    """GET shows the decision with its figures; POST approves it, ends it, or proposes the same anew."""

    template_name = "pushes/standing.html"
    header_icon = "clipboard-list"
    roles = RECEIVERS

    def get_page_title(self) -> str:
        return _t("第 %(number)s 号常设审查决定") % {"number": self.standing.pk}

    def find(self, **named: Any) -> None:
        decisions = StandingClearance.objects.select_related(
            "tenant", "source", "proposed_by", "approved_by", "revoked_by"
        )
        self.standing = get_object_or_404(decisions, tenant=self.tenant, pk=named["number"])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("pushes_incoming"), _t("接收设置"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        standing, user, given = self.standing, self.user(), self.request.POST
        may_approve = not reasons_against_standing_approval(user, self.tenant)
        may_propose = not reasons_against_proposing(user, self.tenant)
        checked = given.getlist("checked")
        pack = site_rule_pack()
        return super().get_context_data(
            standing=standing,
            reach=reach_of(standing),
            published=standing.targets.count(),
            sampled=sampled_under(standing),
            every=pack.limit("standing_sample").count,
            waiting=standing.approved_at is None and standing.revoked_at is None and not standing.has_lapsed,
            is_own=standing.proposed_by_id == user.pk,
            may_approve=may_approve,
            may_end=standing.revoked_at is None and not standing.has_lapsed and (may_approve or may_propose),
            may_renew=may_propose and standing.approved_at is not None,
            latest=latest_end(),
            checks=[
                {"item": item, "checked": item.code in checked}
                for item in pack.checklists[Decision.Step.CONFIDENTIALITY]
            ],
            given=given,
            **kwargs,
        )

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        acts: dict[str, Callable[[], HttpResponse]] = {
            "approve": self._approve,
            "revoke": self._revoke,
            "renew": self._renew,
        }
        act = acts.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise Refused(_t("请选择一项操作。"))
            return act()
        except Refused as refusal:
            return self.refuse(refusal, status=400)

    def _approve(self) -> HttpResponse:
        given = self.request.POST
        approve_standing_clearance(
            self.standing,
            acting_user=self.user(),
            opinion=given.get("opinion", ""),
            checklist=dict.fromkeys(given.getlist("checked"), True),
        )
        return self._done(_t("常设审查决定已生效。"))

    def _revoke(self) -> HttpResponse:
        revoke_standing_clearance(self.standing, acting_user=self.user(), reason=self.request.POST.get("reason", ""))
        return self._done(_t("常设审查决定已终止，立即生效。"))

    def _renew(self) -> HttpResponse:
        given, old = self.request.POST, self.standing
        self.standing = propose_standing_clearance(
            acting_user=self.user(),
            reason=given.get("reason", ""),
            source=old.source,
            level=old.level,
            subject_class=old.subject_class,
            kind=old.kind,
            ends_on=asked_end(given.get("ends_on", "")),
        )
        return self._done(_t("已提出，等待保密审查人批准。"))

    def _done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return HttpResponseRedirect(reverse("pushes_standing", args=[self.standing.pk]))


def asked_end(text: str) -> Any:
    """The last day that a form gives; None for an empty field. Raises Refused for what is no day."""
    if not text.strip():
        return None
    day = parse_day(text)
    if day is None:
        raise Refused(_t("“最后一日”须写成 2026-12-31 这样的日期。"))
    return day
