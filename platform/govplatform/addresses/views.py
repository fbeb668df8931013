"""网址台账: an address and its answer, the work list of unknown addresses, and hosts that may be led to."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import OPERATOR
from govplatform.accounts.screens.screen import Screen
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.tenancy.hosts import public_url

from .actions import REASON_CHARACTERS, leave_unknown, list_host, map_address, unlist_host
from .canonical import location_of, split_url
from .known import Answer
from .models import Address, ListedHost, UnknownPath
from .permissions import reason_against_changing
from .queries import find_addresses, unknown_paths
from .resolving import answer_of_row, resolve_url
from .suggesting import suggestions

_UNKNOWN_PER_PAGE = 20


class LedgerScreen(Screen):
    """A screen of the ledger, for the platform's operators."""

    header_icon = "link"
    roles = frozenset({OPERATOR.code})


def shown_rows(rows: list[Address]) -> list[dict[str, Any]]:
    """``{"row", "url", "answer", "leads_to"}`` for each address: where it was, and what is answered there now."""
    shown = []
    for row in rows:
        answer = answer_of_row(row)
        url = f"{row.host}{row.path}" if row.host else public_url(row.tenant, location_of(row.path))
        shown.append({"row": row, "url": url, "answer": answer, "leads_to": _whole(row, answer)})
    return shown


def _whole(row: Address, answer: Answer) -> str:
    return public_url(row.tenant, answer.location) if answer.location.startswith("/") else answer.location


class LedgerView(LedgerScreen):
    """GET ``q``: addresses by whole address, path or words of the title, and what the ledger answers for ``q``."""

    template_name = "addresses/ledger.html"
    page_title = _("网址台账")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked("q")["q"]
        page = self.page_of(find_addresses(asked))
        return super().get_context_data(
            q=asked,
            answer=resolve_url(asked) if split_url(asked) is not None else None,
            page=page,
            rows=shown_rows(list(page)),
            query=self.other_filters(),
            **kwargs,
        )


class AddressView(LedgerScreen):
    """One address. POST: ``target`` and ``reason`` change what it answers."""

    template_name = "addresses/address.html"
    page_title = _("网址")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("ledger"), str(LedgerView.page_title))]

    def find(self, **named: Any) -> None:
        rows = Address.objects.select_related("tenant", "to_tenant")
        self.row = get_object_or_404(rows, pk=named["address_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("typed", {"target": self.row.to_url or self.row.to_path, "reason": ""})
        return super().get_context_data(
            shown=shown_rows([self.row])[0],
            most=REASON_CHARACTERS,
            against=reason_against_changing(self.row),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        typed = {name: request.POST.get(name, "") for name in ("target", "reason")}
        try:
            map_address(self.row.tenant, self.row.host, _written(self.row), acting_user=self.user(), **typed)
        except Refused as refusal:
            return self.refuse(refusal, typed=typed)
        messages.success(request, _t("已更改“%(address)s”的答复。") % {"address": self.row})
        return HttpResponseRedirect(reverse("ledger_address", args=[self.row.pk]))


class UnknownView(LedgerScreen):
    """The work list. POST ``id`` with ``act``: ``map`` to ``target`` for ``reason``, or ``leave``."""

    template_name = "addresses/unknown.html"
    page_title = _("未登记网址")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("ledger"), str(LedgerView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(unknown_paths(), _UNKNOWN_PER_PAGE)
        rows = [{"row": row, "suggestions": [_offered(row, found) for found in suggestions(row)]} for row in page]
        return super().get_context_data(
            page=page, rows=rows, most=REASON_CHARACTERS, query=self.other_filters(), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        unknown = get_object_or_404(
            UnknownPath.objects.select_related("tenant"), pk=row_number(request.POST.get("id", ""))
        )
        try:
            if request.POST.get("act") == "leave":
                leave_unknown(unknown, acting_user=self.user())
                messages.success(request, _t("“%(address)s”不再列出。") % {"address": unknown.path})
            else:
                self._map(unknown)
        except Refused as refusal:
            return self.refuse(refusal)
        return HttpResponseRedirect(f"{reverse('ledger_unknown')}?{request.GET.urlencode()}")

    def _map(self, unknown: UnknownPath) -> None:
        target = self.request.POST.get("target", "")
        reason = self.request.POST.get("reason", "").strip() or (_t("按建议对应未登记网址。") if target else "")
        host = "" if unknown.host == unknown.tenant.public_host else unknown.host
        map_address(
            unknown.tenant, host, location_of(unknown.path), target=target, reason=reason, acting_user=self.user()
        )
        messages.success(self.request, _t("“%(address)s”已对应到现在的网址。") % {"address": unknown.path})


class HostsView(LedgerScreen):
    """Hosts outside of the platform. POST ``host`` and ``reason`` add one; ``id`` and ``reason`` take it off."""

    template_name = "addresses/hosts.html"
    page_title = _("可跳转的站外域名")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("ledger"), str(LedgerView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("typed", {"host": "", "reason": ""})
        hosts = ListedHost.objects.select_related("person").order_by("host")
        return super().get_context_data(
            page=self.page_of(hosts), most=REASON_CHARACTERS, query=self.other_filters(), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        reason = request.POST.get("reason", "")
        typed = {"host": request.POST.get("host", ""), "reason": reason}
        try:
            if "id" in request.POST:
                listed = get_object_or_404(ListedHost, pk=row_number(request.POST["id"]))
                unlist_host(listed, reason=reason, acting_user=self.user())
                messages.success(request, _t("“%(host)s”已移出。") % {"host": listed.host})
            else:
                listed = list_host(typed["host"], reason=reason, acting_user=self.user())
                messages.success(request, _t("“%(host)s”已列入。") % {"host": listed.host})
        except Refused as refusal:
            return self.refuse(refusal, typed=typed)
        return HttpResponseRedirect(reverse("ledger_hosts"))


def _offered(unknown: UnknownPath, found: Address) -> dict[str, str]:
    """An address as a target of an unknown one: its path, or the whole of it when it is on another site."""
    own = found.tenant_id == unknown.tenant_id
    target = found.path if own else public_url(found.tenant, location_of(found.path))
    return {"target": target, "title": found.title or found.path}


def _written(row: Address) -> str:
    """An address of the ledger as somebody would write it, to be read again."""
    return location_of(row.path)
