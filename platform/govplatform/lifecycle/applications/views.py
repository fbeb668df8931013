"""Screens of applications: of one site for its administrator, of all sites for operators and supervisors."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import OPERATOR, SITE_ADMIN, SUPERVISOR
from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites
from govplatform.ways_of_writing import named_in

from ..merge.actions import open_merge
from ..merging_next import merge_plan_address
from ..models import ApplicationPaper, SiteApplication
from ..states.queries import shown_notices
from . import checking
from .actions import decide_application, file_application, withdraw_application
from .checking import reasons_of_those_that_come
from .forms import ApplicationForm, DecisionForm, WithdrawalForm, kind_words
from .papers import open_paper
from .permissions import reasons_against_deciding, reasons_against_filing
from .queries import applications_of, open_applications
from .request import Asked
from .showing import facts_of, kind_of, papers_of, row_of, rows_of, warning_of

_PLATFORM = frozenset({OPERATOR.code, SUPERVISOR.code})
_FILERS = frozenset({SITE_ADMIN.code, OPERATOR.code})
_READERS = _PLATFORM | _FILERS
Kind = SiteApplication.Kind


class _ApplicationScreen(Screen):
    """In the console for people of the platform, on a site for its administrator: each sees what is theirs."""

    header_icon = "doc-full-inverse"
    roles = _READERS

    def may_open(self) -> bool:
        return super().may_open() and may_here(self)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("site_applications"), _t("网站事项"))]

    def visible(self) -> QuerySet[SiteApplication]:
        return applications_of(None if self.tenant.is_console else self.tenant)


def may_here(screen: Admission) -> bool:
    """Whether the role belongs here: a site's own administrator on it, people of the platform in the console."""
    held = current_roles(screen.request.user) & screen.opening_roles()
    return bool(held & _PLATFORM) if screen.tenant.is_console else SITE_ADMIN.code in held


class ApplicationsView(_ApplicationScreen):
    """The list: in the console what waits for a decision with its clock, then all; on a site its own, and its state."""

    template_name = "lifecycle/applications/list.html"
    page_title = _("网站事项")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        asked = self.asked("site", "state")
        rows = self.visible()
        if asked["state"] in SiteApplication.State.values:
            rows = rows.filter(state=asked["state"])
        if asked["site"]:
            named = named_in(asked["site"], "tenant__full_name", "tenant__short_name")
            rows = rows.filter(Q(tenant__code=asked["site"].lower()) | named)
        page = self.page_of(rows)
        waiting = open_applications() if self.tenant.is_console else open_applications().filter(tenant=self.tenant)
        return super().get_context_data(
            rows=rows_of(page, now),
            page=page,
            waiting=rows_of(waiting[:50], now),
            asked=asked,
            states=SiteApplication.State.choices,
            query=self.other_filters(),
            console=self.tenant.is_console,
            site=None if self.tenant.is_console else Tenant.objects.get(pk=self.tenant.pk),
            kinds=[] if self.tenant.is_console else _possible(self.tenant),
            may_file=not reasons_against_filing(self.user(), self.tenant)
            or (self.tenant.is_console and _may_file_in_console(self)),
            **kwargs,
        )


class NewApplicationView(_ApplicationScreen):
    """The form of one kind (``?kind=``), with what is still missing; in the console for the site of ``?site=``."""

    template_name = "lifecycle/applications/new.html"
    roles = _FILERS

    def may_open(self) -> bool:
        return super().may_open() and (not self.tenant.is_console or _may_file_in_console(self))

    def find(self, **named: Any) -> None:
        self.kind: str = self.asked("kind")["kind"]
        if self.kind not in Kind.values:
            raise Http404
        self.site: Tenant | None = None if self.tenant.is_console else Tenant.objects.get(pk=self.tenant.pk)
        if self.tenant.is_console and (code := self.asked("site")["site"]):
            self.site = get_object_or_404(public_sites(), code=code)

    def get_page_title(self) -> str:
        words = kind_words(self.kind, self.site.status if self.site else "")
        return f"{words}：{self.site.full_name}" if self.site and self.tenant.is_console else words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.site is None:
            fitting = checking.FITTING_REPORTS[Kind(self.kind)]
            sites = public_sites().filter(status__in=fitting)
            return super().get_context_data(**{**kwargs, "sites": sites, "kind": self.kind})
        kwargs.setdefault("form", ApplicationForm(self.site, self.kind))
        if "missing" not in kwargs:
            nothing = Asked(kind=self.kind, reason="…")
            # Whatever stands in its way whatever is filled in: known before the papers are looked for.
            coming = reasons_of_those_that_come(self.site) if self.kind == Kind.RETIRE else []
            kwargs["missing"] = [
                *coming,
                *checking.missing_facts(self.site, nothing),
                *checking.missing_papers(self.site, nothing, ()),
            ]
        fits = self.site.status in checking.FITTING_REPORTS[Kind(self.kind)]
        return super().get_context_data(**{**kwargs, "site": self.site, "kind": self.kind, "fits": fits})

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        if self.site is None:
            raise Http404
        form = ApplicationForm(self.site, self.kind, request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        try:
            made = file_application(self.site, form.asked(), acting_user=self.user(), papers=form.papers())
        except Refused as refusal:
            return self.render_to_response(self.get_context_data(form=form, missing=refusal.reasons), status=400)
        messages.success(request, _t("已提交。办理进度和还在等待的环节见下。"))
        return HttpResponseRedirect(reverse("site_application", args=[made.pk]))


class ApplicationView(_ApplicationScreen):
    """One application: what it asks for, its papers, its way so far, and what the reader may do about it."""

    template_name = "lifecycle/applications/one.html"

    def find(self, **named: Any) -> None:
        self.application = get_object_or_404(self.visible(), pk=named["number"])

    def get_page_title(self) -> str:
        words = {"kind": kind_of(self.application), "site": self.application.tenant.full_name}
        return _t("%(kind)s：%(site)s") % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.application
        decides = one.is_open and not reasons_against_deciding(one, self.user())
        withdraws = one.may_be_withdrawn and not reasons_against_filing(self.user(), one.tenant)
        levels = {site.code: site.full_name for site in Tenant.objects.filter(code__in=one.levels)}
        decisions = list(one.decisions.select_related("decided_by"))
        kwargs.setdefault("decision_form", DecisionForm(initial={"step": one.step}))
        return super().get_context_data(
            one=one,
            row=row_of(one, timezone.now()),
            facts=facts_of(one),
            warning=warning_of(one),
            papers=papers_of(one),
            levels=[
                {
                    "site": levels.get(code, code),
                    "done": number < one.step,
                    "due": code == one.level,
                    "decisions": [decision for decision in decisions if decision.level == code],
                }
                for number, code in enumerate(one.levels)
            ],
            notices=shown_notices(one.notices.select_related("site").prefetch_related("site__domains")),
            decides=decides,
            next_step=merge_plan_address(one) if self.tenant.is_console else "",
            merge_begun=open_merge(one.tenant) is not None,
            withdraws=withdraws,
            withdrawal_form=WithdrawalForm(),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        try:
            if "withdraw" in request.POST:
                withdraw_application(self.application, acting_user=self.user(), reason=request.POST.get("reason", ""))
                messages.success(request, _t("申请已撤回。"))
            else:
                form = DecisionForm(request.POST)
                if not form.is_valid():
                    return self.render_to_response(self.get_context_data(decision_form=form), status=400)
                decide_application(
                    self.application,
                    acting_user=self.user(),
                    approve="approve" in request.POST,
                    opinion=form.cleaned_data["opinion"],
                    expected_step=form.cleaned_data["step"],
                )
                messages.success(request, _t("审批意见已记录。"))
        except Refused as refusal:
            self.application = get_object_or_404(self.visible(), pk=self.application.pk)
            return self.refuse(refusal, status=400)
        return HttpResponseRedirect(reverse("site_application", args=[self.application.pk]))


class PaperView(Admission):
    """One paper as a download, for whoever may see its application."""

    roles = _READERS

    def may_open(self) -> bool:
        return super().may_open() and may_here(self)

    def find(self, **named: Any) -> None:
        applications = applications_of(None if self.tenant.is_console else self.tenant)
        self.paper = get_object_or_404(ApplicationPaper, pk=named["number"], application__in=applications.values("pk"))

    def get(self, request: HttpRequest, **_named: Any) -> HttpResponseBase:
        try:
            stored = open_paper(self.paper)
        except Refused as refusal:
            self.tell(refusal)
            return HttpResponseRedirect(reverse("site_application", args=[self.paper.application_id]))
        # Never shown inside the console: a paper is whatever somebody uploaded.
        return FileResponse(
            stored, as_attachment=True, filename=self.paper.name, content_type="application/octet-stream"
        )


def _possible(tenant: Tenant) -> list[tuple[str, str, int]]:
    """``[(kind, words, how much is missing)]`` of what the site may apply for in its present state."""
    stored = Tenant.objects.get(pk=tenant.pk)
    found: list[tuple[str, str, int]] = []
    if stored.frozen:
        # Everything would be refused until its merge is confirmed or taken back.
        return found
    for kind in Kind:
        if stored.status not in checking.FITTING_REPORTS[kind]:
            continue
        if kind == Kind.RETIRE and checking.retirement_under_way(stored) is not None:
            # Shut by order in the course of it; it goes on when the site is back.
            continue
        nothing = Asked(kind=kind, reason="…")
        missing = checking.missing_facts(stored, nothing) + checking.missing_papers(stored, nothing, ())
        found.append((kind.value, kind_words(kind, stored.status), len(missing)))
    return found


def _may_file_in_console(screen: Admission) -> bool:
    return OPERATOR.code in current_roles(screen.request.user)
