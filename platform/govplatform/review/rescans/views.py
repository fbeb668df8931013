"""The screens of rescans: what runs, the work list of a site or of all, and one item with its ways out."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from govplatform.accounts.models import User
from govplatform.confidentiality.place_words import rule_words, where_words
from govplatform.days import parse_day
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.hosts import console_url, public_url
from govplatform.tenancy.models import Tenant

from ..models import RescanFinding
from ..permissions import SUBMIT, WITHDRAW, WITHDRAW_AT_ONCE, may_on_content, may_supervise
from ..queries import site_path
from ..screens.access import ReviewScreen
from .actions import (
    ask_to_correct,
    handle_rescan_findings,
    judge_rescan_finding,
    reasons_against_judging_item,
    request_rescan,
    stop_rescan,
)
from .comparing import comparisons_of
from .queries import (
    ItemFilter,
    RescanItem,
    SiteItems,
    SiteRun,
    asked_corrections,
    find_item,
    newest_run,
    newest_runs,
    number_of_items,
    open_counts,
    open_items,
    reason_of,
    rules_of_items,
    tenants_for,
)

ROWS = 50
#: Seconds after which a screen that shows a run at work reloads.
LOOK_AGAIN = 5


def item_row(item: RescanItem, *, watching: bool) -> dict[str, Any]:
    """Return the item with its addresses for the template.

    ``watching``: for a supervisor, who judges nothing but may withdraw at once.
    """
    here = f"{reverse('review_rescan_item')}?number={item.number}"
    named = urlencode({"site": item.tenant.code, "page": item.page_id})
    return {
        "item": item,
        "url": "" if watching else console_url(item.tenant, here),
        "withdraw": f"{reverse('review_withdraw_at_once')}?{named}" if watching else "",
    }


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class RescansView(ReviewScreen):
    """The screen of runs and the work list. POST ``act`` start or stop, ``site``: its code, '' for all.

    Each site is a transaction of its own: in one, every site would wait for the last.
    """

    template_name = "review/rescans/list.html"
    page_title = _("回溯扫描")
    header_icon = "history"
    act = WITHDRAW
    supervised = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        response = self.render_to_response(context)
        if context["working"]:
            response.headers["Refresh"] = str(LOOK_AGAIN)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        watching = current_tenant().is_console
        tenants = self.tenants()
        counts = {line.tenant.pk: line for line in open_counts(tenants)}
        asked = self.asked("site", "rule", "words", "show")
        wanted, kept = asked["site"], _item_filter(asked)
        chosen = [tenant for tenant in tenants if tenant.code == wanted] or tenants
        total = number_of_items(chosen, kept)
        page = self.page_of(range(total), ROWS)
        newest = newest_runs(tenants)
        runs = [_site_line(t, counts.get(t.pk), newest.get(t.pk), watching) for t in tenants]
        return super().get_context_data(
            watching=watching,
            sites=sorted(runs, key=_by_urgency) if watching else runs,
            rows=[
                item_row(item, watching=watching)
                for item in open_items(chosen, first=page.start_index() - 1 if total else 0, most=ROWS, wanted=kept)
            ],
            total=total,
            asked=asked,
            done=kept.done,
            filtered=bool(kept.rule or kept.words),
            rules=rules_of_items(chosen, done=kept.done),
            handles=not watching and not kept.done and may_on_content(self.request.user, WITHDRAW),
            words=self.request.POST.get("words", ""),
            ticked=frozenset(self.request.POST.getlist("item")),
            late=sum(counts[tenant.pk].late for tenant in chosen if tenant.pk in counts),
            wanted=wanted if len(chosen) == 1 else "",
            page=page,
            query=self.other_filters(),
            working=any(line["run"] is not None and line["run"].working for line in runs),
            **kwargs,
        )

    def tenants(self) -> list[Tenant]:
        """Return the site whose console is open; on the supervisors' console, every site."""
        tenant = current_tenant()
        return tenants_for(self.user()) if tenant.is_console else [tenant]

    def post(self, request: HttpRequest) -> HttpResponse:
        if "handle" in request.POST:
            return self._handle(request)
        code = request.POST.get("site", "")
        chosen = [tenant for tenant in self.tenants() if code in ("", tenant.code)]
        try:
            since = _day(request.POST.get("since", ""))
            report = each_site(lambda _run: self._carry_out(since), job="rescan_request", tenants=chosen, again=False)
        except Refused as refusal:
            return self.refuse(refusal)
        refused = [reason for _tenant, reasons in report.done for reason in reasons]
        refused += [
            _t("“%(site)s”未能办理：%(error)s") % {"site": failure.tenant.full_name, "error": failure.error}
            for failure in report.failed
        ]
        for reason in refused:
            messages.error(request, reason)
        if len(refused) < len(chosen):
            stopped = request.POST.get("act") == "stop"
            messages.success(
                request,
                _t("已要求停止，扫描完当前页面后结束。")
                if stopped
                else _t("已安排回溯扫描，可以离开本页，稍后回来查看。"),
            )
        return HttpResponseRedirect(reverse("review_rescans"))

    def _handle(self, request: HttpRequest) -> HttpResponse:
        """Handle the ticked findings of this site alike; what was refused stays, with the words that were typed."""
        if current_tenant().is_console:
            raise Http404
        numbers = {number for text in request.POST.getlist("item") if (number := row_number(text))}
        given = {"act": request.POST["handle"], "words": request.POST.get("words", "")}
        try:
            handled = handle_rescan_findings(numbers, acting_user=self.user(), **given)
            if not handled.done:
                raise Refused(handled.reasons or _t("勾选的发现都已经不在，请刷新。"))
        except Refused as refusal:
            return self.refuse(refusal)
        for reason in handled.reasons:
            messages.warning(request, reason)
        messages.success(request, _t("已处理 %(n)d 处。") % {"n": handled.done})
        return HttpResponseRedirect(f"{request.get_full_path()}#items")

    def _carry_out(self, since: Any) -> list[str]:
        """Start or stop the rescan inside the current site; return the reasons why it was refused there."""
        try:
            with transaction.atomic():
                run = newest_run()
                if self.request.POST.get("act") != "stop":
                    request_rescan(acting_user=self.user(), since=since)
                elif run is not None:
                    stop_rescan(run, acting_user=self.user())
        except Refused as refusal:
            return refusal.reasons
        return []


class RescanItemView(ReviewScreen):
    """The screen of one finding in a public page. POST ``act`` false_alarm, ignored or correct, with its words."""

    template_name = "review/rescans/item.html"
    page_title = _("回溯发现")
    header_icon = "history"
    act = WITHDRAW

    def find(self, **named: Any) -> None:
        number = (self.request.POST or self.request.GET).get("number", "")
        found = find_item(row_number(number))
        if found is None:
            raise Http404
        self.item: RescanFinding = found

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("review_rescans"), str(RescansView.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item, finding = self.item, self.item.finding
        parent = item.page.get_parent()
        where = where_words(finding.where)
        return super().get_context_data(
            item=item,
            finding=finding,
            rule=rule_words(finding.rule),
            place=f"{finding.attachment_name}：{where}" if finding.attachment_name else where,
            column=parent.title if parent else "",
            address=public_url(current_tenant(), site_path(item.page)) if item.page.live else "",
            against_judging=reasons_against_judging_item(item, self.user()),
            comparisons=comparisons_of(finding.scan),
            judged_because=reason_of(item),
            words=self.request.POST.get("words", ""),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        act, words = request.POST.get("act", ""), request.POST.get("words", "")
        title = self.item.page.title
        try:
            if act == "correct":
                ask_to_correct(self.item, acting_user=self.user(), note=words)
                said = _t("已通知编辑改正“%(title)s”；新版本通过审查后自动办结。")
            else:
                judge_rescan_finding(self.item, acting_user=self.user(), verdict=act, reason=words)
                said = _t("“%(title)s”的这一处已办结。")
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(request, said % {"title": title})
        return HttpResponseRedirect(reverse("review_rescans"))


class RescanPanel(Component):
    """The panel of what newer rules found in public pages, on the start page of reviewers and supervisors."""

    name = "rescans"
    order = 107
    template_name = "review/rescans/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        counts = open_counts(tenants_for(parent_context["request"].user))
        watching = current_tenant().is_console
        address = reverse("review_rescans")
        return {
            "rows": [
                {
                    "line": line,
                    "url": f"{address}?site={line.tenant.code}" if watching else console_url(line.tenant, address),
                }
                for line in counts
            ],
            "total": sum(line.open for line in counts),
            "late": sum(line.late for line in counts),
        }


class CorrectionPanel(Component):
    """The panel of what a reviewer wants corrected in public pages, on the start page of editors."""

    name = "corrections"
    order = 108
    template_name = "review/rescans/corrections.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        rows = []
        for item in asked_corrections()[:ROWS]:
            finding, where = item.finding, where_words(item.finding.where)
            rows.append(
                {
                    "item": item,
                    "rule": rule_words(finding.rule),
                    "place": f"{finding.attachment_name}：{where}" if finding.attachment_name else where,
                }
            )
        return {"rows": rows}


def rescan_panels(user: User) -> list[Component]:
    """Return the panels of rescans for the start page of ``user`` on the current site."""
    panels: list[Component] = []
    if may_on_content(user, WITHDRAW) or (current_tenant().is_console and may_supervise(user, WITHDRAW_AT_ONCE)):
        panels.append(RescanPanel())
    if may_on_content(user, SUBMIT):
        panels.append(CorrectionPanel())
    return panels


# --- inside ------------------------------------------------------------------------------


def _site_line(tenant: Tenant, count: SiteItems | None, run: SiteRun | None, watching: bool) -> dict[str, Any]:
    console = "" if not watching else f"{reverse('review_rescans')}?site={tenant.code}"
    return {"tenant": tenant, "count": count, "run": run, "url": console}


def _by_urgency(line: dict[str, Any]) -> tuple[Any, ...]:
    count: SiteItems | None = line["count"]
    return (count is None, -count.late if count else 0, count.oldest.timestamp() if count else 0, line["tenant"].code)


def _item_filter(asked: dict[str, str]) -> ItemFilter:
    return ItemFilter(rule=asked["rule"], words=asked["words"], done=asked["show"] == "done")


def _day(text: str) -> Any:
    if not text.strip():
        return None
    day = parse_day(text)
    if day is None:
        raise Refused(_t("“起始发布日期”不是有效的日期，请写成 2026-11-22 的样子，或留空。"))
    return day
