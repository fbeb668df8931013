"""The review screen, and those of published pages: take back, withdraw, submit as an emergency."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, Role
from govplatform.accounts.screens.screen import opens_like
from govplatform.confidentiality.models import Scan
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import public_url
from govplatform.ways_of_writing import named_in

from ..findings.judging import Asked, judge, next_open
from ..findings.shown import marked_preview
from ..gate.requirements import structural_types
from ..gate.scans import current_scan, request_scan, revision_to_scan
from ..models import Clearance, Decision
from ..permissions import SUBMIT, WITHDRAW, may_on_content
from ..preview import console_preview
from ..queries import site_path
from ..submission.actions import decide_review, submit_for_review, take_back, withdraw_page
from ..submission.emergency import Emergency
from ..submission.queue import waiting_reviews
from .access import PageScreen, ReviewScreen, content_page
from .queue_views import screen_url
from .screen import read_screen

PUBLISHED_PER_PAGE = 50
_FINDING_NUMBER = re.compile(r"发现编号 (\d+)")


class PublishedView(ReviewScreen):
    """The list of what is live on this site, newest first; it leads to withdrawing."""

    template_name = "review/published.html"
    page_title = _("已发布信息")
    header_icon = "globe"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.asked("q")["q"]
        live = Page.objects.filter(live=True, depth__gt=2).exclude(last_published_at=None)
        live = live.exclude(content_type_id__in=structural_types())
        live = live.filter(named_in(wanted, "title"))
        page = self.page_of(live.order_by("-first_published_at", "-pk"), PUBLISHED_PER_PAGE)
        parents = {p.path: p.title for p in Page.objects.filter(path__in={item.path[:-4] for item in page})}
        tenant = current_tenant()
        rows = [
            {"page": item, "column": parents.get(item.path[:-4], ""), "url": public_url(tenant, site_path(item))}
            for item in page
        ]
        may_withdraw = may_on_content(self.request.user, WITHDRAW)
        return super().get_context_data(
            rows=rows, page=page, query=self.other_filters(), wanted=wanted, may_withdraw=may_withdraw, **kwargs
        )


class ReviewView(PageScreen):
    """The review screen: the page with all that a decision needs.

    POST: the decision, a judgement of findings, or a new scan.
    """

    template_name = "review/review.html"

    def get_page_title(self) -> str:
        return str(self.page.get_admin_display_title())

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("review_queue"), _t("待办审查"))] if may_on_content(self.request.user, WITHDRAW) else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        screen = read_screen(self.page, self.user(), self.request)
        tenant = current_tenant()
        given = kwargs.get("given", {})
        return super().get_context_data(
            reasons=[with_links_to_findings(reason, screen.scan.numbers) for reason in kwargs.pop("reasons", ())],
            screen=screen,
            tenant=tenant,
            column=self.page.get_parent(),
            checks=[
                {"item": item, "number": i, "checked": item.code in given.get("checked", ())}
                for i, item in enumerate(screen.checklist, 1)
            ],
            opinion=given.get("opinion", ""),
            public_address=public_url(tenant, site_path(self.page)) if self.page.live else "",
            may_withdraw=self.page.live and may_on_content(self.request.user, WITHDRAW),
            may_print=may_on_content(self.request.user, WITHDRAW)
            and Clearance.objects.filter(page_id=self.page.pk).exists(),
            may_edit=may_on_content(self.request.user, SUBMIT),
            **kwargs,
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        given = {"opinion": request.POST.get("opinion", ""), "checked": request.POST.getlist("checked")}
        verdict = request.POST.get("verdict", "")
        if "judgement" in request.POST or "scan" in request.POST:
            return self._on_findings(page_id)
        try:
            outcome = self._decide(verdict, given)
        except Refused as refusal:
            self.page = content_page(page_id)
            return self.refuse(refusal, given=given)
        messages.success(
            request,
            _t("“%(title)s”：%(step)s%(verdict)s。")
            % {
                "title": self.page.get_admin_display_title(),
                "step": Decision.Step(outcome.step).label,
                "verdict": Decision.Verdict(outcome.verdict).label,
            },
        )
        return HttpResponseRedirect(self._next_address(page_id))

    def _on_findings(self, page_id: int) -> HttpResponse:
        """Judge findings or ask for a new scan, then lead back to the place on the screen."""
        post, place = self.request.POST, "scan"
        try:
            if "scan" in post:
                request_scan(self.page, acting_user=self.user(), purpose=Scan.Purpose.DEMAND)
            else:
                names = ("reason", "finding", "rule", "severity")
                asked = Asked(post["judgement"], **{name: post.get(name, "") for name in names})
                judge(self.page, asked, acting_user=self.user())
                following = next_open(self.page, asked.finding)
                place = f"item-{following}" if following else "findings"
        except Refused as refusal:
            self.page = content_page(page_id)
            return self.refuse(refusal)
        return HttpResponseRedirect(f"{reverse('review_page', args=[page_id])}#{place}")

    def _decide(self, verdict: str, given: dict[str, Any]) -> Any:
        post = self.request.POST
        if verdict not in ("approve", "reject"):
            raise Refused(_t("请选择“通过”或“退回”。"))
        # The same locks as in the action: nothing can be resubmitted between the comparison and the decision.
        with holding(pages=[self.page.pk]) as held:
            page = held.page(self.page.pk)
            state = page.current_workflow_task_state
            if state is not None and str(state.revision_id) != post.get("revision", ""):
                raise Refused(_t("你打开页面之后，编辑撤回并重新送审了新的版本。下面是新的版本，请重新审查。"))
            return decide_review(
                page,
                acting_user=self.user(),
                approve=verdict == "approve",
                opinion=given["opinion"],
                checklist=dict.fromkeys(given["checked"], True),
                expected_step=post.get("step", ""),
            )

    def _next_address(self, done_id: int) -> str:
        tenant = current_tenant()
        for item in waiting_reviews(self.user()):
            if (item.tenant.pk, item.page_id) != (tenant.pk, done_id):
                return screen_url(item)
        return reverse("review_queue")


@opens_like(ReviewView)
@require_safe
def preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return the version under review (else the newest) in the site's own look, for a frame of the screen.

    ``?findings`` marks what its scan found.
    """
    page = content_page(page_id)
    revision = revision_to_scan(page)
    response = console_preview(revision.as_object() if revision else page, request)
    if "findings" in request.GET and revision is not None:
        scan = current_scan(page, revision)
        if scan is not None and scan.state == Scan.State.DONE:
            marked = marked_preview(response.content.decode(), scan, site_rule_pack())
            sheet = format_html('<link rel="stylesheet" href="{}"></head>', static("console/marks.css"))
            response.content = marked.replace("</head>", sheet, 1)
    return response


@opens_like(ReviewView)
@require_safe
def scan_state(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return ``{"state": ...}`` of the scan that the screen shows (``?scan=ID``), for the screen that waits."""
    page, number = content_page(page_id), request.GET.get("scan", "")
    scan = Scan.objects.filter(page_id=page.pk, pk=row_number(number)).first()
    return JsonResponse({"state": scan.state if scan is not None else "none"})


def with_links_to_findings(reason: str, numbers: dict[int, int]) -> SafeString:
    """Escape a reason and lead from each finding that it names to its line, by the number that the line has there.

    ``numbers``: number in the database -> number on the screen.
    """

    def link(match: re.Match[str]) -> str:
        known = numbers.get(int(match[1]))
        words = _t("第 %(n)d 处") % {"n": known} if known else match[0]
        return f'<a href="#item-{match[1]}">{escape(words)}</a>'

    # The text is escaped before anything is put into it.
    return mark_safe(_FINDING_NUMBER.sub(link, escape(reason)))


class _ConfirmedAct(PageScreen):
    """A screen that explains an act before it is done."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant = current_tenant()
        return super().get_context_data(
            page=self.page,
            column=self.page.get_parent(),
            address=public_url(tenant, site_path(self.page)),
            **kwargs,
        )


class TakeBackView(_ConfirmedAct):
    template_name = "review/take_back.html"
    page_title = _("撤回送审")
    header_icon = "rotate"
    act = SUBMIT

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        try:
            take_back(self.page, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(
            request, _t("“%(title)s”已撤回，可以继续编辑。") % {"title": self.page.get_admin_display_title()}
        )
        return redirect("wagtailadmin_pages:edit", page_id)


class EmergencyView(_ConfirmedAct):
    """The screen 紧急送审: it asks for the reason and the two reviewers, then submits."""

    template_name = "review/emergency.html"
    page_title = _("紧急送审")
    header_icon = "warning"
    act = SUBMIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant = current_tenant()
        return super().get_context_data(
            content_reviewers=holders_of(tenant, CONTENT_REVIEWER.code),
            confidentiality_reviewers=holders_of(tenant, CONFIDENTIALITY_REVIEWER.code),
            within=site_rule_pack().limit("emergency_after_review"),
            given={name: self.request.POST.get(name, "") for name in ("content", "confidentiality", "reason")},
            **kwargs,
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        try:
            if not request.POST.get("content") or not request.POST.get("confidentiality"):
                raise Refused(_t("请指定内容审核人和保密审查人。"))
            asked = Emergency(
                reason=request.POST.get("reason", ""),
                content_reviewer=self._named("content", CONTENT_REVIEWER),
                confidentiality_reviewer=self._named("confidentiality", CONFIDENTIALITY_REVIEWER),
            )
            submit_for_review(self.page, acting_user=self.user(), emergency=asked)
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(request, _t("“%(title)s”已紧急送审。") % {"title": self.page.get_admin_display_title()})
        return redirect("review_page", page_id)

    def _named(self, field: str, role: Role) -> User:
        # One of those that were offered: who sends another name learns nothing of whoever bears it.
        offered = {person.username: person for person in holders_of(current_tenant(), role.code)}
        if (chosen := offered.get(self.request.POST[field])) is None:
            raise Refused(_t("请从列表里选择审查人（%(role)s）。") % {"role": role.label})
        return chosen


class WithdrawView(_ConfirmedAct):
    template_name = "review/withdraw.html"
    page_title = _("撤回已发布的信息")
    header_icon = "download"
    act = WITHDRAW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revisions = self.page.revisions.count()
        return super().get_context_data(revisions=revisions, **kwargs)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        reason = request.POST.get("reason", "")
        try:
            withdraw_page(self.page, acting_user=self.user(), reason=reason)
        except Refused as refusal:
            return self.refuse(refusal, reason=reason)
        messages.success(
            request, _t("“%(title)s”已撤回，公众不再看到。") % {"title": self.page.get_admin_display_title()}
        )
        return redirect("review_page", page_id)
