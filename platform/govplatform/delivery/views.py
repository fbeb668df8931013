"""Screens of static delivery: how far the files of the sites are, and going back to files of before."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from govplatform.accounts.permissions import roles_on
from govplatform.accounts.roles import OPERATOR, SITE_ADMIN, SUPERVISOR
from govplatform.accounts.screens.screen import Screen
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from .actions import ask_to_bake, ask_to_go_back
from .findings import findings_of, settle_findings, shown_unsettled, unsettled, verifier_seen
from .nodes.queries import nodes_behind
from .queries import Behind, releases_of, sites_behind

#: Findings on one screen; the to-do list and the record have all of them.
_SHOWN = 100


class DeliveryScreen(Screen):
    """Of all sites for operators and supervisors, of the site itself for its administrators."""

    header_icon = "history"
    roles = frozenset({OPERATOR.code, SUPERVISOR.code, SITE_ADMIN.code})

    def of_sites(self, code: str = "") -> list[Behind]:
        """The sites that may be looked at from this console."""
        own = "" if self.tenant.is_console else self.tenant.code
        if own and code not in ("", own):
            return []
        return sites_behind(own or code)

    def may_act(self) -> bool:
        return bool(roles_on(self.user(), self.tenant) & {OPERATOR.code, SITE_ADMIN.code})


class DeliveriesView(DeliveryScreen):
    """Which release citizens get of each site, and what waits to be in the next one."""

    template_name = "delivery/deliveries.html"
    page_title = _("静态发布")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.of_sites()
        behind = [row for row in rows if row.pending or (row.state is not None and row.state.error)]
        if self.tenant.is_console:
            kwargs.update(
                nodes=nodes_behind(),
                findings=shown_unsettled(_SHOWN),
                found=unsettled().count(),
                verifier=verifier_seen(),
                may_settle=OPERATOR.code in roles_on(self.user(), self.tenant),
            )
            kwargs.setdefault("typed", "")
        return super().get_context_data(page=self.page_of(rows), behind=len(behind), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.tenant.is_console:
            raise Http404
        note = request.POST.get("note", "")
        try:
            count = settle_findings(row_number(request.POST.get("last", "")) or 0, acting_user=self.user(), note=note)
        except Refused as refusal:
            return self.refuse(refusal, typed=note)
        messages.success(request, _t("已登记 %(count)s 条记录的处置情况。") % {"count": count})
        return redirect("deliveries")


class SiteDeliveryView(DeliveryScreen):
    """One site: what waits, its releases, and both things that can be asked of the publisher."""

    template_name = "delivery/site.html"
    row: Behind

    def find(self, **named: Any) -> HttpResponseBase | None:
        rows = self.of_sites(named["code"])
        if not rows:
            raise Http404
        self.row = rows[0]
        return None

    def get_page_title(self) -> str:
        return _t("静态发布：%(site)s") % {"site": self.row.tenant.full_name}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("deliveries"), _t("静态发布"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("typed", "")
        return super().get_context_data(
            row=self.row,
            releases=releases_of(self.row.tenant),
            findings=findings_of(self.row.tenant),
            may_act=self.may_act(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        site, reason = self.row.tenant, request.POST.get("reason", "")
        try:
            if request.POST.get("act") == "bake":
                ask_to_bake(site, acting_user=self.user())
                messages.success(request, _t("已安排重新生成“%(site)s”的全部静态页面。") % {"site": site.full_name})
            else:
                release = row_number(request.POST.get("release", ""))
                if not release:
                    raise Refused(_t("请先选择要退回到哪一个版本。"))
                ask_to_go_back(site, release, acting_user=self.user(), reason=reason)
                told = {"site": site.full_name, "release": release}
                messages.success(request, _t("已安排“%(site)s”退回到第 %(release)s 号静态版本。") % told)
        except Refused as refusal:
            return self.refuse(refusal, typed=reason)
        return redirect("site_delivery", site.code)
