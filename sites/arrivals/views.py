"""The screens of 外来网站接收: upload a crawl, read its report, make drafts of it, decide on its historical content."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from wagtail.admin import messages

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR
from govplatform.accounts.screens.screen import Screen
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.review.models import Decision
from govplatform.review.permissions import VIEW_DRAFT, may_on_content
from govplatform.rule_packs.packs import site_rule_pack

from .actions import change_arrival, discard_crawl, start_import, stop_arrival, upload_crawl
from .clearing import (
    approve_historical_clearance,
    is_open,
    propose_historical_clearance,
    revoke_historical_clearance,
)
from .forms import SettingsForm, UploadForm
from .kept_report import DOUBTFUL_BELOW, FILTERS, counts_of, outcomes_of, report_lines, stored_report_table
from .models import Arrival, HistoricalClearance, OldAddress
from .permissions import READERS, may_prepare, reasons_against_deciding
from .queries import arrivals, columns_in_report, figures_of

_LINES = 50


class ArrivalScreen(Screen):
    """A screen of arrivals, for those who prepare them and those who decide on them."""

    header_icon = "download"
    roles = READERS

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("arrivals"), _("外来网站接收"))]


class ArrivalsView(ArrivalScreen):
    """All arrivals of the site, and the form that uploads a crawl."""

    template_name = "arrivals/arrivals.html"
    page_title = _l("外来网站接收")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = may_prepare(self.request.user)
        if may:
            kwargs.setdefault("form", UploadForm())
        page = self.page_of(arrivals())
        return super().get_context_data(page=page, arrivals=list(page), query=self.other_filters(), may=may, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not may_prepare(request.user):
            return self.closed()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        given = form.cleaned_data
        try:
            arrival = upload_crawl(
                given["crawl"],
                name=given["crawl"].name,
                host=given["host"],
                column=given["column"],
                limit=given["limit"],
                acting_user=self.user(),
            )
        except ValidationError as error:
            form.add_error("host", error)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            return HttpResponseRedirect(reverse("arrival", args=[arrival.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=400)


class OneArrivalScreen(ArrivalScreen):
    """A screen on the arrival that the address names."""

    arrival: Arrival

    def find(self, **named: Any) -> None:
        rows = Arrival.objects.select_related("started_by", "uploaded_by", "column")
        self.arrival = get_object_or_404(rows, pk=named["arrival_id"])


class ArrivalView(OneArrivalScreen):
    """One arrival: its progress, report, results, and the decision on it; asked for as JSON, its progress alone."""

    template_name = "arrivals/arrival.html"

    def get_page_title(self) -> str:
        return _("接收 %(host)s") % {"host": self.arrival.host}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(news_of(self.arrival))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        arrival, user, given = self.arrival, self.user(), self.request.POST
        report = report_context(self, arrival)
        decision = report["decision"]
        kwargs.setdefault("form", SettingsForm(initial={"column": arrival.column_id, "limit": arrival.limit}))
        return super().get_context_data(
            **report,
            news=news_of(arrival),
            report_url=reverse("arrival_report", args=[arrival.pk]),
            may_prepare=may_prepare(user),
            is_editor=EDITOR.code in current_roles(user),
            # Why a draft was held back may quote it: not for an administrator.
            reads_drafts=may_on_content(user, VIEW_DRAFT),
            may_act=bool(arrival.crawl) and not arrival.working,
            waiting=decision is not None and decision.approved_at is None,
            publishes=decision is not None and decision.approved_at is not None and not _is_done(arrival, decision),
            may_propose=not reasons_against_deciding(user, arrival, CONTENT_REVIEWER.code),
            may_approve=not reasons_against_deciding(user, arrival, CONFIDENTIALITY_REVIEWER.code),
            is_own=decision is not None and decision.proposed_by_id == user.pk,
            checks=[
                {"item": item, "checked": item.code in given.getlist("checked")}
                for item in site_rule_pack().checklists[Decision.Step.CONFIDENTIALITY]
            ],
            least=given.get("least_confidence", f"{DOUBTFUL_BELOW:.2f}"),
            given=given,
            **kwargs,
        )

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        acts: dict[str, Callable[[], str]] = {
            "survey": self._survey,
            "import": self._import,
            "stop": self._stop,
            "discard": self._discard,
            "propose": self._propose,
            "approve": self._approve,
            "revoke": self._revoke,
        }
        act = acts.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise Refused(_("请选择一项操作。"))
            messages.success(request, act())
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        return HttpResponseRedirect(reverse("arrival", args=[self.arrival.pk]))

    def _survey(self) -> str:
        form = SettingsForm(self.request.POST)
        if not form.is_valid():
            raise Refused([str(message) for errors in form.errors.values() for message in errors])
        given = form.cleaned_data
        change_arrival(
            self.arrival,
            acting_user=self.user(),
            rules=self.arrival.rules,
            column=given["column"],
            limit=given["limit"],
        )
        return _("已排队，正在重新预检。")

    def _import(self) -> str:
        start_import(self.arrival, acting_user=self.user())
        return _("已排队，开始导入。")

    def _stop(self) -> str:
        stop_arrival(self.arrival, acting_user=self.user())
        return _("正在停止，已经生成的草稿都保留。")

    def _discard(self) -> str:
        discard_crawl(self.arrival, acting_user=self.user())
        return _("抓取文件已删除，报告和草稿都保留。")

    def _propose(self) -> str:
        given = self.request.POST
        try:
            least = float(given.get("least_confidence", ""))
        except ValueError:
            raise Refused(_("“最低把握”要写 0 到 1 之间的数，例如 0.80。")) from None
        propose_historical_clearance(
            self.arrival, acting_user=self.user(), reason=self._words("reason"), least_confidence=least
        )
        return _("已提出，等待保密审查人批准。")

    def _approve(self) -> str:
        given = self.request.POST
        approve_historical_clearance(
            self._decision(),
            acting_user=self.user(),
            opinion=self._words("opinion"),
            checklist=dict.fromkeys(given.getlist("checked"), True),
        )
        return _("决定已生效。编辑导入之后，扫描没有发现的网页会自动发布。")

    def _revoke(self) -> str:
        revoke_historical_clearance(self._decision(), acting_user=self.user(), reason=self._words("reason"))
        return _("决定已终止，立即生效。")

    def _words(self, name: str) -> str:
        return self.request.POST.get(name, "").replace("\x00", "")

    def _decision(self) -> HistoricalClearance:
        found = next((one for one in self.arrival.decisions.all() if is_open(one)), None)
        if found is None:
            raise Refused(_("这次接收没有待批准或有效的决定。"))
        return found


def _is_done(arrival: Arrival, decision: HistoricalClearance) -> bool:
    """Whether the pages were brought in since the decision took effect."""
    if arrival.state != Arrival.State.DONE or arrival.began_at is None or decision.approved_at is None:
        return False
    return arrival.began_at > decision.approved_at


class ReportView(OneArrivalScreen):
    """The report as a CSV file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.arrival.surveyed_at is None and not OldAddress.objects.filter(arrival=self.arrival).exists():
            raise Http404
        return report_file(self.arrival)


def report_context(screen: Screen, arrival: Arrival) -> dict[str, Any]:
    """What the templates of a report need to show it, on the site that has the arrival: all of it read by now.

    The filters and the page are those that the address of ``screen`` asks for.
    """
    asked = screen.asked("show", "q")
    show = asked["show"] if asked["show"] in FILTERS else ""
    page = screen.page_of(report_lines(arrival, show, asked["q"]), _LINES)
    lines = list(page)
    made = outcomes_of(arrival, lines)
    for line in lines:
        line.made = made.get(line.key)  # type: ignore[attr-defined]
    counts = counts_of(arrival)
    decisions = list(arrival.decisions.select_related("proposed_by", "approved_by", "revoked_by"))
    return {
        "arrival": arrival,
        "show": show,
        "words": asked["q"],
        "filters": [(key, label, getattr(counts, key)) for key, label in FILTERS.items()],
        "counts": counts,
        "columns": columns_in_report(arrival),
        "page": page,
        "lines": lines,
        "query": screen.other_filters(),
        "figures": figures_of(arrival),
        "decisions": decisions,
        "decision": next((one for one in decisions if is_open(one)), None),
        "every": site_rule_pack().limit("standing_sample").count,
    }


def report_file(arrival: Arrival) -> HttpResponse:
    """The report of an arrival of the current site as a CSV file."""
    name = _("接收报告") + f"-{arrival.host}-{arrival.pk}.csv"
    return as_download(HttpResponse(stored_report_table(arrival), content_type="text/csv; charset=utf-8"), name)


def news_of(arrival: Arrival) -> dict[str, Any]:
    """How far an arrival is, for ``console/batch.js``: ``{"running", "label", "done", "total", "pace"}``."""
    return {
        "running": arrival.working,
        "label": _("正在停止") if arrival.stopping else arrival.get_state_display(),
        "done": arrival.done,
        "total": max(arrival.total, 1),
        "pace": _pace(arrival),
    }


def _pace(arrival: Arrival) -> str:
    if arrival.state == Arrival.State.WAITING or arrival.began_at is None or not arrival.done:
        return ""
    seconds = max((timezone.now() - arrival.began_at).total_seconds(), 0.1)
    left = max(arrival.total - arrival.done, 0) * seconds / arrival.done
    return _("每秒 %(rate).1f 页，约需 %(left)d 秒") % {"rate": arrival.done / seconds, "left": left}
