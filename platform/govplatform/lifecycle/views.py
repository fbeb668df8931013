"""Screens of the operators: the tree of sites, faults, queues, and opening a site with its progress."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import roles_on
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.accounts.screens.screen import Screen
from govplatform.review.frame.queries import waiting_objects
from govplatform.row_numbers import row_number
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.faults import open_faults
from govplatform.tenancy.hosts import console_url, public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queue_status import owner_in_words, queue_rows
from govplatform.tenancy.queues import QUEUES

from .actions import NewSite
from .fault_words import with_words
from .foreseen import foresee_opening
from .forms import NO_PARENT, NewSiteForm
from .models import SiteBatch, SiteOpening
from .queries import SiteState, fleet_order, read_facts, sites_with_people
from .site_record import SITE_RECORD
from .tasks import open_site_job

SITES_PER_PAGE = 100


def fleet_rows(states: list[SiteState]) -> list[dict[str, Any]]:
    """``{"state", "public", "console", "waits"}`` for the sites of one page: their facts, filled in, their addresses,
    and whether words of their record wait for a second person.
    """
    waiting = waiting_objects(SITE_RECORD)
    return [
        {
            "state": state,
            "public": public_url(state.tenant),
            "console": console_url(state.tenant),
            "waits": state.tenant.pk in waiting,
        }
        for state in read_facts(states)
    ]


def roles_in_console(user: Any) -> frozenset[str]:
    """Codes of the roles of ``user`` in the console tenant; none on the console of any other site."""
    tenant = current_tenant()
    if not tenant.is_console or not isinstance(user, User):
        return frozenset()
    return roles_on(user, tenant)


class FleetScreen(Screen):
    """A screen about sites, in the console tenant alone, for those who hold one of ``roles`` there."""

    header_icon = "site"
    roles = frozenset({OPERATOR.code})

    def may_open(self) -> bool:
        return bool(roles_in_console(self.request.user) & self.roles)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("lifecycle_sites"), _t("站点"))]


class FleetView(FleetScreen):
    """The tree of sites with their state."""

    template_name = "lifecycle/fleet.html"
    page_title = _("站点")
    roles = frozenset({OPERATOR.code, SUPERVISOR.code})

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(fleet_order(), SITES_PER_PAGE)
        return super().get_context_data(
            rows=fleet_rows(list(page)),
            page=page,
            faults=open_faults().count(),
            may_open=OPERATOR.code in roles_in_console(self.request.user),
            openings=SiteOpening.objects.exclude(state=SiteOpening.State.DONE)[:5],
            batches=SiteBatch.objects.all()[:5],
            **kwargs,
        )


class FaultsView(FleetScreen):
    """The open faults of all sites, or with ``?site=CODE`` of one."""

    template_name = "lifecycle/faults.html"
    page_title = _("站点异常")
    header_icon = "warning"
    roles = frozenset({OPERATOR.code, SUPERVISOR.code})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = self.asked("site")["site"]
        found = open_faults()
        page = self.page_of(found.filter(tenant__code=site) if site else found)
        return super().get_context_data(
            rows=with_words(page), page=page, site=site, query=self.other_filters(), **kwargs
        )


class QueuesView(FleetScreen):
    """The jobs that wait and run, by queue and site."""

    template_name = "lifecycle/queues.html"
    page_title = _("后台任务队列")
    header_icon = "tasks"
    roles = frozenset({OPERATOR.code, SUPERVISOR.code})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queue_rows()
        queues = [
            {
                "queue": queue,
                "waiting": sum(row.waiting for row in rows if row.queue is queue),
                "running": sum(row.running for row in rows if row.queue is queue),
                "rows": [{"row": row, "owner": owner_in_words(row)} for row in rows if row.queue is queue],
            }
            for queue in QUEUES
        ]
        return super().get_context_data(queues=queues, **kwargs)


class NewSiteView(FleetScreen):
    """The form that opens a site; ``?from=ID`` fills it with the answers of an opening that was refused.

    A valid form is shown once more with what it would make; the site is opened when that is confirmed.
    """

    template_name = "lifecycle/new_site.html"
    page_title = _("开设站点")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = self.request.GET.get("from", "")
        initial = {}
        if earlier:
            facts = get_object_or_404(SiteOpening, pk=row_number(earlier)).facts
            initial = {**facts, "parent_code": facts.get("parent_code") or NO_PARENT}
        kwargs.setdefault("form", NewSiteForm(initial=initial))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewSiteForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        new = NewSite(**form.cleaned_data)
        if "confirmed" not in request.POST:
            foreseen = None if "again" in request.POST else foresee_opening(new)
            return self.render_to_response(self.get_context_data(form=form, foreseen=foreseen))
        facts = asdict(new)
        with transaction.atomic():
            opening = SiteOpening.objects.create(facts=facts, requested_by=request.user)  # type: ignore[misc]
            open_site_job.enqueue(opening.pk)
        return redirect("lifecycle_opening", opening.pk)


class OpeningView(FleetScreen):
    """The progress of one opening; asked for as JSON ``{"state", "label"}``, which its page does until it has ended."""

    template_name = "lifecycle/opening.html"

    def get_page_title(self) -> str:
        return str(self.opening.facts.get("full_name", ""))

    def find(self, **named: Any) -> None:
        self.opening = get_object_or_404(SiteOpening, pk=named["opening_id"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse({"state": self.opening.state, "label": self.opening.get_state_display()})
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opening, tenant = self.opening, self.opening.tenant
        return super().get_context_data(
            opening=opening,
            unfinished=opening.state in (SiteOpening.State.WAITING, SiteOpening.State.RUNNING),
            waits=tenant is not None and tenant.status == Tenant.Status.PREPARING,
            public=public_url(tenant) if tenant else "",
            console=console_url(tenant) if tenant else "",
            people=tenant is not None and bool(sites_with_people([tenant.pk])),
            **kwargs,
        )
