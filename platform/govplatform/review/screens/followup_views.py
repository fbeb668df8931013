"""The screens of what is looked at again (emergencies, withdrawals at once), and the supervisor's own withdrawal."""

from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import tenant_context
from wagtail.models import Page, Site

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import console_url, find_host, public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.untrusted_files.links import read_link
from govplatform.ways_of_writing import named_in

from ..gate.requirements import is_structural
from ..models import AfterReview, Withdrawal
from ..permissions import CONFIRM_WITHDRAWAL, may_supervise
from ..queries import get_page, site_path
from ..submission.actions import withdraw_page
from ..submission.came_down import came_down
from ..submission.followups import (
    AFTER_REVIEW,
    SAMPLE,
    WITHDRAWAL,
    FollowUp,
    confirm_withdrawal,
    judge_after_review,
    open_followups,
)
from .access import ReviewScreen

_LABELS = MappingProxyType(
    {
        AFTER_REVIEW: _("紧急发布的事后复核"),
        SAMPLE: _("常设审查决定的抽查"),
        WITHDRAWAL: _("紧急撤回的确认"),
    }
)


def followup_rows(user: User) -> list[dict[str, Any]]:
    """Return what waits to be looked at again, each with the address of its screen on the console that is open."""
    return [_row(item, user) for item in open_followups(user)]


def _row(item: FollowUp, user: User) -> dict[str, Any]:
    named = urlencode({"site": item.tenant.code, "kind": item.kind, "number": item.number})
    is_after = item.kind != WITHDRAWAL
    return {
        "item": item,
        "is_after": is_after,
        "is_sample": item.kind == SAMPLE,
        "label": str(_LABELS[item.kind]),
        # A supervisor may read the reviews after the fact, not take them; nobody confirms their own act.
        "url": ""
        if user.pk in item.people_ids or (is_after and may_supervise(user, CONFIRM_WITHDRAWAL))
        else f"{reverse('review_look_again')}?{named}",
    }


class FollowUpsView(ReviewScreen):
    template_name = "review/followups.html"
    page_title = _("事后复核与撤回确认")
    act = CONFIRM_WITHDRAWAL
    supervised = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = followup_rows(self.user())
        page = self.page_of(rows)
        late = sum(row["item"].late for row in rows)
        return super().get_context_data(
            rows=list(page), page=page, total=len(rows), late=late, down=came_down(self.user()), **kwargs
        )


class LookAgainView(ReviewScreen):
    """The screen of one follow-up. GET shows it, POST says yes or no with an opinion."""

    template_name = "review/look_again.html"
    act = CONFIRM_WITHDRAWAL
    supervised = True

    def get_page_title(self) -> str:
        return str(self.row["label"])

    def find(self, **named: Any) -> HttpResponse | None:
        fields = self.request.POST or self.request.GET
        asked = tuple(fields.get(name, "") for name in ("site", "kind", "number"))
        for row in followup_rows(self.user()):
            item = row["item"]
            if row["url"] and asked == (item.tenant.code, item.kind, str(item.number)):
                self.row = row
                return None
        opinion = self.request.POST.get("opinion", "").strip()
        if not opinion:
            raise Http404
        said = _t("这一项已由别人办结，或不再由你办理。你写的意见没有提交：%(opinion)s")
        messages.error(self.request, said % {"opinion": opinion})
        return redirect("review_followups")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("review_followups"), str(FollowUpsView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item: FollowUp = self.row["item"]
        with tenant_context(item.tenant):
            page = get_page(item.page_id)
            address = public_url(item.tenant, site_path(page)) if page.live else ""
        return super().get_context_data(
            row=self.row,
            address=address,
            screen=""
            if may_supervise(self.user(), CONFIRM_WITHDRAWAL)
            else console_url(item.tenant, reverse("review_page", args=[item.page_id])),
            opinion=self.request.POST.get("opinion", ""),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        item: FollowUp = self.row["item"]
        verdict, opinion = request.POST.get("verdict", ""), request.POST.get("opinion", "")
        try:
            if verdict not in ("yes", "no"):
                raise Refused(_t("请选择一个结论。"))
            with tenant_context(item.tenant):
                if self.row["is_after"]:
                    after = AfterReview.objects.get(pk=item.number)
                    judge_after_review(after, acting_user=self.user(), confirm=verdict == "yes", opinion=opinion)
                else:
                    withdrawal = Withdrawal.objects.get(pk=item.number)
                    confirm_withdrawal(withdrawal, acting_user=self.user(), confirm=verdict == "yes", opinion=opinion)
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(request, _t("“%(title)s”：已办结。") % {"title": item.title})
        return HttpResponseRedirect(reverse("review_followups"))


class WithdrawAtOnceView(ReviewScreen):
    """The supervisor's screen that takes a live page of any site down, found by its address or number."""

    template_name = "review/withdraw_at_once.html"
    page_title = _("紧急撤回")
    header_icon = "warning"
    act = ""
    supervised = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = self.request.POST or self.request.GET
        asked = {
            name: fields.get(name, "").replace("\x00", "").strip()
            for name in ("address", "site", "page", "title", "reason")
        }
        found, titled, reasons = None, None, kwargs.pop("reasons", [])
        try:
            if asked["address"] or asked["page"]:
                found = _find_live(asked)
            elif asked["site"] or asked["title"]:
                titled = _find_titles(asked)
        except Refused as refusal:
            reasons = [*reasons, *(r for r in refusal.reasons if r not in reasons)]
        sites = Tenant.objects.with_schema().exclude(kind=Tenant.Kind.CONSOLE).order_by("full_name")
        return super().get_context_data(
            asked=asked, found=found, titled=titled, sites=sites, most=_TITLES, reasons=reasons, **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            found = _find_live({name: request.POST.get(name, "").strip() for name in ("address", "site", "page")})
            with tenant_context(found["tenant"]):
                page = get_page(found["page_id"])
                withdraw_page(page, acting_user=self.user(), reason=request.POST.get("reason", ""), break_glass=True)
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(
            request,
            _t("“%(title)s”已撤回，公众不再看到；须由该站审查人或另一位监管员确认。") % {"title": found["title"]},
        )
        return HttpResponseRedirect(reverse("review_followups"))


def _find_live(asked: dict[str, str]) -> dict[str, Any]:
    """Return the live page that an address, or a site's code and a number, names. Raises Refused without one."""
    tenant, path = _find_site(asked)
    with tenant_context(tenant):
        live = Page.objects.filter(live=True, depth__gt=2)
        if path is None:
            page = live.filter(pk=int(asked["page"])).first()
        else:
            site = Site.objects.select_related("root_page").first()
            root = site.root_page.url_path.rstrip("/") if site else ""
            page = live.filter(url_path=root + path).first()
        if page is None or is_structural(page):
            raise Refused(_t("“%(site)s”没有这样一条已发布的信息，请核对地址或编号。") % {"site": tenant.full_name})
        parent = page.get_parent()
        return {
            "tenant": tenant,
            "page_id": page.pk,
            "title": page.title,
            "column": parent.title if parent else "",
            "published": page.first_published_at,
            "address": public_url(tenant, site_path(page)),
        }


#: So many titles are shown; who looks for another one writes more of it.
_TITLES = 20


def _find_titles(asked: dict[str, str]) -> list[dict[str, Any]]:
    """Return the newest live pages of a site whose title has what was typed in it. Raises Refused without either."""
    if not asked["site"] or not asked["title"]:
        raise Refused(_t("请选择站点，并填写标题中连续的几个字；或填写公众页面的地址。"))
    tenant = get_tenant(asked["site"])
    if tenant.is_console or tenant.dropped_at is not None:
        raise Refused(_t("“%(site)s”没有公众页面。") % {"site": tenant.full_name})
    with tenant_context(tenant):
        pages = Page.objects.filter(live=True, depth__gt=2).filter(named_in(asked["title"], "title"))
        newest = pages.order_by("-first_published_at", "-pk").specific(defer=True)[: _TITLES * 2]
        shown = [page for page in newest if not is_structural(page)][:_TITLES]
        return [
            {"page": page.pk, "title": page.title, "published": page.first_published_at, "path": site_path(page)}
            for page in shown
        ]


def _find_site(asked: dict[str, str]) -> tuple[Tenant, str | None]:
    if asked["address"]:
        link = read_link(asked["address"] if "//" in asked["address"] else f"//{asked['address']}")
        host = find_host(link.host) if link.host else None
        if host is None or host.tenant.is_console:
            raise Refused(_t("这个地址的域名不是平台上的站点，请核对。"))
        return host.tenant, unquote(link.path).rstrip("/") + "/"
    tenant = get_tenant(asked["site"])
    number = asked["page"]
    if tenant.is_console or not (number.isascii() and number.isdecimal() and len(number) < 12):
        raise Refused(_t("请选择站点并查找标题，或填写公众页面的地址。"))
    return tenant, None
