"""The fleet as a tree, and opening a site with its progress."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from govplatform.accounts.models import User
from govplatform.accounts.permissions import roles_on
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import console_url, public_url

from .actions import NewSite
from .forms import NewSiteForm
from .models import SiteBatch, SiteOpening
from .queries import read_fleet
from .tasks import open_site_job


def fleet_rows() -> list[dict[str, Any]]:
    """``read_fleet`` with the addresses of each site."""
    return [{"state": s, "public": public_url(s.tenant), "console": console_url(s.tenant)} for s in read_fleet()]


def roles_in_console(user: Any) -> frozenset[str]:
    """Roles of ``user`` when this is the console tenant; none anywhere else."""
    tenant = current_tenant()
    if not tenant.is_console or not isinstance(user, User):
        return frozenset()
    return roles_on(user, tenant)


class FleetMixin(WagtailAdminTemplateMixin):
    header_icon = "site"
    _show_breadcrumbs = True
    allowed = frozenset({OPERATOR.code})
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not roles_in_console(request.user) & self.allowed:
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = list(super().get_breadcrumbs_items())
        if not isinstance(self, FleetView):
            items.append({"url": reverse("lifecycle_sites"), "label": _("站点")})
        return [*items, {"url": "", "label": self.get_page_title()}]


class FleetView(FleetMixin, TemplateView):
    template_name = "lifecycle/fleet.html"
    page_title = _("站点")
    allowed = frozenset({OPERATOR.code, SUPERVISOR.code})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rows=fleet_rows(),
            may_open=OPERATOR.code in roles_in_console(self.request.user),
            openings=SiteOpening.objects.exclude(state=SiteOpening.State.DONE)[:5],
            batches=SiteBatch.objects.all()[:5],
            **kwargs,
        )


class NewSiteView(FleetMixin, TemplateView):
    """The form; ``?from=ID`` takes the answers of an opening that was refused."""

    template_name = "lifecycle/new_site.html"
    page_title = _("开设站点")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = self.request.GET.get("from", "")
        initial = {}
        if earlier.isdecimal():
            initial = get_object_or_404(SiteOpening, pk=int(earlier)).facts
        kwargs.setdefault("form", NewSiteForm(initial=initial))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewSiteForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        facts = asdict(NewSite(**form.cleaned_data))
        with transaction.atomic():
            opening = SiteOpening.objects.create(facts=facts, requested_by=request.user)  # type: ignore[misc]
            open_site_job.enqueue(opening.pk)
        return redirect("lifecycle_opening", opening.pk)


class OpeningView(FleetMixin, TemplateView):
    """Progress of one opening; the page asks for the same address as JSON until it has ended."""

    template_name = "lifecycle/opening.html"

    def get_page_title(self) -> str:
        return str(self.opening.facts.get("full_name", ""))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if roles_in_console(request.user) & self.allowed:
            self.opening = get_object_or_404(SiteOpening, pk=kwargs["opening_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse({"state": self.opening.state, "label": self.opening.get_state_display()})
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opening, tenant = self.opening, self.opening.tenant
        return super().get_context_data(
            opening=opening,
            unfinished=opening.state in (SiteOpening.State.WAITING, SiteOpening.State.RUNNING),
            public=public_url(tenant) if tenant else "",
            console=console_url(tenant) if tenant else "",
            **kwargs,
        )
