"""网址规则: how the addresses of each host are read, tried on an address before it is changed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from .actions import REASON_CHARACTERS, set_host_rules
from .canonical import DEFAULT_RULES
from .entering import rules_of
from .forms import RulesForm
from .known import Answer
from .models import HostRules
from .queries import find_hosts, old_hosts_of
from .trial import COMPARED, Trial, reasons_against_rules, try_rules
from .views import LedgerScreen, LedgerView

_SITES_PER_PAGE = 50


class RulesView(LedgerScreen):
    """The hosts of all sites with their rules; ``q`` narrows them down by host or name of the site."""

    template_name = "addresses/rules.html"
    page_title = _("网址规则")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("ledger"), str(LedgerView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked("q")["q"]
        page = self.page_of(find_hosts(asked), _SITES_PER_PAGE)
        tenants = list(page)
        old = old_hosts_of(tenants)
        chosen = {(one.tenant_id, one.host): one for one in HostRules.objects.filter(tenant__in=tenants)}
        rows = []
        for tenant in tenants:
            kept = {host for tenant_id, host in chosen if tenant_id == tenant.pk and host}
            for host in ["", *sorted({*old.get(tenant.pk, ()), *kept})]:
                own = chosen.get((tenant.pk, host))
                held = own or chosen.get((tenant.pk, ""))
                rules = held.as_rules() if held is not None else DEFAULT_RULES
                rows.append(
                    {
                        "tenant": tenant,
                        "host": host or tenant.public_host,
                        "is_old": bool(host),
                        "chosen": own is not None,
                        "rules": rules,
                        "more": [name for name in rules.significant if name not in DEFAULT_RULES.significant],
                        "query": urlencode({"host": host}) if host else "",
                    }
                )
        return super().get_context_data(page=page, rows=rows, q=asked, query=self.other_filters(), **kwargs)


class HostRulesView(LedgerScreen):
    """The rules of one host (``?host=``; without: the site's own). POST tries them on an address, or saves them."""

    template_name = "addresses/host_rules.html"
    site: Tenant
    host: str

    def crumbs(self) -> list[tuple[str, str]]:
        ledger = (reverse("ledger"), str(LedgerView.page_title))
        return [ledger, (reverse("ledger_rules"), str(RulesView.page_title))]

    def find(self, **named: Any) -> None:
        self.site = get_object_or_404(public_sites().prefetch_related("domains"), code=named["code"])
        self.host = self.asked("host")["host"].lower()
        known = old_hosts_of([self.site]).get(self.site.pk, [])
        kept = HostRules.objects.filter(tenant=self.site, host=self.host)
        if self.host and self.host not in known and not kept.exists():
            raise Http404

    def get_page_title(self) -> str:
        return _t("%(host)s的网址规则") % {"host": self.host or self.site.public_host}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RulesForm(initial=RulesForm.initial_of(rules_of(self.site, self.host))))
        kwargs.setdefault("trial", None)
        return super().get_context_data(
            site=self.site,
            host=self.host or self.site.public_host,
            is_old=bool(self.host),
            chosen=HostRules.objects.filter(tenant=self.site, host=self.host).exists(),
            compared=COMPARED,
            most=REASON_CHARACTERS,
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        form = RulesForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        rules, given = form.rules(), form.cleaned_data
        try:
            if request.POST.get("act") == "try":
                return self._tried(form, given["address"].strip())
            set_host_rules(self.site, self.host, rules, reason=given["reason"], acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, form=form, status=400)
        messages.success(request, _t("网址规则已更改，半分钟内在各处生效。"))
        query = f"?{urlencode({'host': self.host})}" if self.host else ""
        return HttpResponseRedirect(reverse("ledger_host_rules", args=[self.site.code]) + query)

    def _tried(self, form: RulesForm, address: str) -> HttpResponse:
        reasons = reasons_against_rules(form.rules())
        if not address:
            reasons.append(_t("请写要试的网址。"))
        if reasons:
            raise Refused(reasons)
        trial = try_rules(self.site, self.host, form.rules(), address)
        return self.render_to_response(self.get_context_data(form=form, trial=trial, **self._answers(trial)))

    def _answers(self, trial: Trial) -> dict[str, Any]:
        def whole(answer: Answer | None) -> str:
            if answer is None:
                return ""
            return public_url(self.site, answer.location) if answer.location.startswith("/") else answer.location

        return {"now_leads_to": whole(trial.now), "leads_to": whole(trial.answer)}
