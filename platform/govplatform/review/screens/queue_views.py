"""The screens of the queue over all sites: filter, claim, let go, hand over; on any console of the reader's."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import tenant_context

from govplatform.refusals import Refused
from govplatform.tenancy.hosts import console_url

from ..gate.separation import colleagues_for
from ..models import Decision
from ..permissions import WITHDRAW
from ..queries import get_page
from ..submission.claim_actions import claim_review, hand_over_review, release_review
from ..submission.queue import DEPUTY, MINE, TAKEN, QueueFilter, WaitingReview, waiting_reviews
from .access import ReviewAdmission, ReviewScreen
from .queue_findings import scans_of

_FILTERS = ("site", "step", "column", "words", "late", "mine", "group")
PER_PAGE = 50


def queue_rows(items: Iterable[WaitingReview]) -> list[dict[str, Any]]:
    """Return what the lines of a page of the queue show, with what the scans found."""
    shown = list(items)
    scans = scans_of(shown)
    return [{**queue_row(item), "scan": scans.get((item.tenant.pk, item.page_id))} for item in shown]


def queue_row(item: WaitingReview) -> dict[str, Any]:
    """Return what one line of the queue shows. ``url``: the review screen on its site's own console."""
    return {
        "waiting": item,
        "anchor": _anchor(item),
        "step": item.step_label,
        "url": screen_url(item),
        "hand_over": f"{reverse('review_hand_over')}?{urlencode({'site': item.tenant.code, 'page': item.page_id})}",
        "held": item.claimed in (MINE, DEPUTY),
        "by_deputy": item.claimed == DEPUTY,
        "taken": item.claimed == TAKEN,
    }


def by_site(items: list[WaitingReview]) -> list[WaitingReview]:
    """Return the lines of each site one after the other; the site with the earliest deadline comes first."""
    first: dict[int, int] = {}
    for place, item in enumerate(items):
        first.setdefault(item.tenant.pk, place)
    return sorted(items, key=lambda item: first[item.tenant.pk])


def _anchor(item: WaitingReview) -> str:
    return f"waits-{item.tenant.code}-{item.page_id}"


def screen_url(item: WaitingReview) -> str:
    return console_url(item.tenant, reverse("review_page", args=[item.page_id]))


class QueueView(ReviewScreen):
    template_name = "review/queue.html"
    page_title = _("待办审查")
    act = WITHDRAW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked(*_FILTERS)
        wanted = QueueFilter(
            site=asked["site"],
            step=asked["step"],
            column=asked["column"],
            words=asked["words"],
            late=bool(asked["late"]),
            mine=bool(asked["mine"]),
        )
        # The filters are applied here, because their choices are made from everything that waits.
        waiting = waiting_reviews(self.user())
        kept = [item for item in waiting if wanted.keeps(item)]
        if asked["group"]:
            kept = by_site(kept)
        page = self.page_of(kept, PER_PAGE)
        given = {name: value for name, value in asked.items() if value}
        return super().get_context_data(
            rows=queue_rows(page),
            page=page,
            kept=len(kept),
            total=len(waiting),
            late=sum(item.late for item in waiting),
            sites=sorted({(i.tenant.code, i.tenant.short_name or i.tenant.full_name) for i in waiting}),
            steps=[(step.value, step.label) for step in Decision.Step if any(i.step == step for i in waiting)],
            columns=sorted({item.column for item in waiting}),
            asked=asked,
            filtered=bool(set(given) - {"group"}),
            query=urlencode(given),
            **kwargs,
        )


class _QueueAct(ReviewAdmission):
    act = WITHDRAW

    def line(self, fields: Any) -> WaitingReview:
        """Return the line of the reader's own queue that ``fields`` name. Raises Refused for any other."""
        for item in waiting_reviews(self.user()):
            if (item.tenant.code, str(item.page_id)) == (fields.get("site", ""), fields.get("page", "")):
                return item
        raise Refused(_t("这条信息不在你的待办里：可能刚由他人办结，或已退回编辑。"))

    def back(self, item: WaitingReview | None = None) -> HttpResponseRedirect:
        """Redirect to the list as it was filtered and paged, at the line of ``item``."""
        asked = {name: self.request.POST.get(f"back_{name}", "") for name in (*_FILTERS, "page")}
        query = urlencode({name: value for name, value in asked.items() if value})
        place = f"#{_anchor(item)}" if item else ""
        return HttpResponseRedirect(reverse("review_queue") + (f"?{query}" if query else "") + place)


class ClaimView(_QueueAct):
    """The buttons that claim a step or let it go. POST ``act`` claim or release, ``site`` and ``page``."""

    def post(self, request: HttpRequest) -> HttpResponse:
        item = None
        try:
            item = self.line(request.POST)
            with tenant_context(item.tenant):
                page = get_page(item.page_id)
                if request.POST.get("act") == "release":
                    release_review(page, acting_user=self.user())
                    said = _t("已放回待办：“%(title)s”。")
                else:
                    claim_review(page, acting_user=self.user())
                    said = _t("已认领：“%(title)s”。")
        except Refused as refusal:
            self.tell(refusal)
        else:
            messages.success(request, said % {"title": item.title})
        return self.back(item)


class HandOverView(_QueueAct, ReviewScreen):
    """The screen that hands a step over: GET offers the colleagues who may take it, POST does it."""

    template_name = "review/hand_over.html"
    page_title = _("转交")
    header_icon = "user"

    def find(self, **named: Any) -> HttpResponse | None:
        try:
            self.item = self.line(self.request.POST or self.request.GET)
        except Refused as refusal:
            # Somebody else took the step meanwhile: the list shows how things are now.
            self.tell(refusal)
            return HttpResponseRedirect(reverse("review_queue"))
        return None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("review_queue"), str(QueueView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields, item = self.request.POST or self.request.GET, self.item
        with tenant_context(item.tenant):
            colleagues = list(colleagues_for(get_page(item.page_id), self.user()))
        return super().get_context_data(
            row=queue_row(item),
            colleagues=colleagues,
            to=fields.get("to", ""),
            note=fields.get("note", ""),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        item = self.item
        try:
            if not request.POST.get("to"):
                raise Refused(_t("请选择转交给谁。"))
            with tenant_context(item.tenant):
                page = get_page(item.page_id)
                # One of those that were offered: who sends another name learns nothing of whoever bears it.
                offered = {person.username: person for person in colleagues_for(page, self.user())}
                if (to := offered.get(request.POST["to"])) is None:
                    raise Refused(_t("请从列表里选择转交给谁；列表里是能够办理这一环节的同事。"))
                hand_over_review(page, to=to, note=request.POST.get("note", ""), acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(request, _t("“%(title)s”已转交 %(who)s。") % {"title": item.title, "who": to.full_name})
        return HttpResponseRedirect(reverse("review_queue"))
