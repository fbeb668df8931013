"""Offered roles: the person answers, the second person confirms, those who offered see how it stands."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.models import Tenant

from ..credentials.resets import resets_of
from ..credentials.sign_in_links import has_begun, issue_link, reasons_against_link
from ..models import RoleOffer, User
from ..offers.actions import accept_offer, confirm_offer, decline_offer, refuse_offer, withdraw_offer
from ..offers.rules import offers_to, offers_to_confirm
from ..queries import places_of
from ..roles import OPERATOR, ROLES, SITE_ADMIN, SUPERVISOR
from ..screens.screen import Screen
from .start import show_link

SETTLED_SHOWN = timedelta(days=30)


def offers_of_site(tenant: Tenant, reader: User) -> list[dict[str, Any]]:
    """Open offers on ``tenant`` for those who manage its people: whose word is missing, and whether a new first link
    may be given out. Of somebody who has an account elsewhere no more is told than the user name.
    """
    offers = RoleOffer.objects.open().filter(tenant=tenant).select_related("person__opened_on", "confirmed_by")
    return [
        {
            "offer": offer,
            "label": ROLES[offer.role].label,
            "name": offer.person.full_name if offer.person.opened_on_id == tenant.pk else "",
            "accepted": offer.accepted_at is not None,
            "to_confirm": offer.lacks_confirmation,
            "takes_two": ROLES[offer.role].takes_two,
            "link": not has_begun(offer.person) and not reasons_against_link(offer.person, reader),
        }
        for offer in offers
    ]


def settled_of_site(tenant: Tenant) -> "QuerySet[RoleOffer]":
    """Offers on ``tenant`` that came to nothing lately, for those who manage its people."""
    ended = RoleOffer.objects.filter(tenant=tenant, ended_at__gt=timezone.now() - SETTLED_SHOWN)
    ended = ended.exclude(state__in=[RoleOffer.State.DONE, RoleOffer.State.WITHDRAWN])
    return ended.select_related("person", "ended_by").order_by("-ended_at")[:20]


class OwnOffersView(LoginRequiredMixin, TemplateView):
    """What the signed-in person was offered. It opens without any role: the first one begins here."""

    template_name = "console/own_offers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        places = [{**place, "url": console_url(place["tenant"])} for place in places_of(user)]
        return super().get_context_data(offers=told(offers_to(user)), places=places, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        number = request.POST.get("offer", "")
        offer = get_object_or_404(RoleOffer, person=user, pk=row_number(number))
        answer = accept_offer if named_act(request, "accept", "decline") == "accept" else decline_offer
        try:
            offer = answer(offer, acting_user=user)
        except Refused as refusal:
            return self.render_to_response(self.get_context_data(reasons=refusal.reasons))
        messages.success(request, _outcome(offer))
        return redirect("own_offers")


class OffersToConfirmView(Screen):
    """Roles that approve, or decide who approves, for the second person: what is offered, by whom, since when."""

    template_name = "accounts/offers_to_confirm.html"
    page_title = _("任职确认")
    header_icon = "user"
    roles = frozenset({OPERATOR.code, SUPERVISOR.code, SITE_ADMIN.code})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(self._waiting())
        lately = resets_of([offer.person_id for offer in page], since=timezone.now() - SETTLED_SHOWN)
        rows = [{**row, "resets": lately.get(row["offer"].person_id, [])} for row in told(page)]
        return super().get_context_data(offers=rows, page=page, query=self.other_filters(), **kwargs)

    def _waiting(self) -> "QuerySet[RoleOffer]":
        return offers_to_confirm(self.user(), at=self.tenant).select_related("person__opened_on")

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("offer", "")
        offer = get_object_or_404(self._waiting(), pk=row_number(number))
        act = named_act(request, "confirm", "refuse")
        try:
            if act == "confirm":
                offer = confirm_offer(offer, acting_user=self.user())
            else:
                offer = refuse_offer(offer, reason=request.POST.get("reason", ""), acting_user=self.user())
        except Refused as refusal:
            # The reason is asked for where it was missing.
            return self.refuse(refusal, refused=offer.pk if act == "refuse" else None)
        messages.success(request, _outcome(offer))
        return redirect("offers_to_confirm")


def answer_for_site(request: HttpRequest, tenant: Tenant, user: User) -> HttpResponse | None:
    """Withdraw an offer of ``tenant``, or give out a new first link, as the list of people asks. Raises Refused."""
    number = request.POST.get("offer", "")
    offer = get_object_or_404(RoleOffer, tenant=tenant, pk=row_number(number))
    if named_act(request, "link", "withdraw") == "link":
        link = issue_link(offer.person, on=tenant, acting_user=user)
        return show_link(request, offer.person, link, go_on=reverse("people"))
    withdraw_offer(offer, acting_user=user)
    messages.success(request, _t("已撤回邀请。"))
    return None


def named_act(request: HttpRequest, *acts: str) -> str:
    """Return the one of ``acts`` that the form's button names. A form that names none decides nothing: Http404."""
    act = request.POST.get("act", "")
    if act not in acts:
        raise Http404
    return act


def told(offers: Any) -> list[dict[str, Any]]:
    """Offers with their words, for templates."""
    return [
        {
            "offer": offer,
            "label": ROLES[offer.role].label,
            "to_confirm": offer.lacks_confirmation,
            "begun": has_begun(offer.person),
        }
        for offer in offers
    ]


def _outcome(offer: RoleOffer) -> str:
    words = {"role": ROLES[offer.role].label, "site": offer.tenant.full_name, "user": offer.person.full_name}
    if offer.state == RoleOffer.State.DONE:
        return _t("%(user)s 已在“%(site)s”任“%(role)s”。") % words
    if offer.state == RoleOffer.State.DECLINED:
        return _t("已谢绝“%(site)s”的“%(role)s”。") % words
    if offer.state == RoleOffer.State.REFUSED:
        return _t("已退回，邀请人会看到理由。")
    if offer.accepted_at is None:
        return _t("已确认，本人接受后生效。")
    return _t("已接受“%(site)s”的“%(role)s”，第二人确认后生效。") % words
