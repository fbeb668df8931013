"""The screens of pushes (推送): all of them, one with how far each site is, and a new one."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from content_library.resources.queries import get_resource
from govplatform.days import parse_day
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import Push, PushTarget
from ..permissions import may_push
from ..pushes.actions import push_resource
from ..pushes.choosing import own_resources, sites_to_choose
from ..pushes.extending import extend_duties
from ..pushes.reminding import remind_late, remind_sites
from ..pushes.selectors import describe_selectors
from ..queries import duties, duty_counts, open_duties, push_counts, push_progress, targets_shown
from .frame import PUSHERS, DistributionScreen

_ROWS, _SITES = 50, 100


def visible_pushes(tenant: Tenant) -> QuerySet[Push]:
    """Return the pushes that ``tenant`` may see, newest first: the supervisor all, a site those of its resources."""
    found = Push.objects.select_related("resource__tenant", "requested_by").order_by("-pk")
    if tenant.is_console:
        return found
    return found.filter(Q(resource__tenant=tenant) | Q(resource__holder=tenant))


class PushesView(DistributionScreen):
    """The list of pushes: what this site has to do, and what was pushed from here."""

    template_name = "pushes/pushes.html"
    page_title = _("推送")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant = self.tenant
        page = self.page_of(visible_pushes(tenant))
        pushes = list(page)
        scopes, counts = describe_selectors(push.selector for push in pushes), push_counts(pushes)
        waiting = PushTarget.objects.none() if tenant.is_console else open_duties(tenant)
        return super().get_context_data(
            rows=[{"push": push, "scope": scopes[push.selector], **counts[push.pk]} for push in pushes],
            page=page,
            duties=duties(waiting[:_ROWS]),
            duty_counts=duty_counts(waiting),
            is_console=tenant.is_console,
            **kwargs,
        )


class PushView(DistributionScreen):
    """The screen of one push, site by site; its progress as JSON for a request that accepts it."""

    template_name = "pushes/push.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remind the sites that are ticked, or all that are late; or give the ticked ones a later day."""
        note, act = request.POST.get("note", ""), request.POST.get("act")
        ticked = [int(number) for number in request.POST.getlist("target") if number.isdecimal()][:_SITES]
        said = _t("已向 %(count)s 个站点催办，提醒已在其审查人和站点管理员的首页。")
        try:
            if act == "late":
                count = remind_late(self.push, note=note, acting_user=self.user())
            elif act == "extend":
                until = parse_day(request.POST.get("until", ""))
                count = extend_duties(self.push, ticked, until=until, reason=note, acting_user=self.user())
                said = _t("已为 %(count)s 个站点延期，新的期限已在其审查人和站点管理员的首页。")
            else:
                count = remind_sites(self.push, ticked, note=note, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        messages.success(request, said % {"count": count})
        return HttpResponseRedirect(request.get_full_path())

    def get_page_title(self) -> str:
        return _t("推送“%(title)s”") % {"title": self.push.resource.title}

    def find(self, **named: Any) -> None:
        self.push = get_object_or_404(visible_pushes(self.tenant), pk=named["number"])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("pushes"), _t("推送"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(push_progress(self.push))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = push_counts([self.push])[self.push.pk]
        numbers = {**counts, "open": counts["undone"]}
        labels = {"late": _t("逾期"), "rejected": _t("被退回"), "open": _t("未完成"), "done": _t("已完成")}
        asked = self.asked("show")["show"]
        shown = asked if asked in labels else ""
        page = self.page_of(targets_shown(self.push, shown), _SITES)
        return super().get_context_data(
            push=self.push,
            scope=describe_selectors([self.push.selector])[self.push.selector],
            progress=push_progress(self.push),
            rows=duties(list(page)),
            page=page,
            query=self.other_filters(),
            shown=shown,
            filters=[{"code": code, "label": labels[code], "count": numbers[code]} for code in labels],
            total=self.push.total,
            may_remind=may_push(self.user(), self.push.resource) and numbers["open"] > 0,
            note=self.request.POST.get("note", ""),
            until=self.request.POST.get("until", ""),
            ticked=frozenset(self.request.POST.getlist("target")),
            **kwargs,
        )


class NewPushView(DistributionScreen):
    """The form of a new push: which resource, to whom. GET shows it, POST pushes."""

    template_name = "pushes/new_push.html"
    page_title = _("推送资源")
    roles = PUSHERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = self.request.POST or self.request.GET
        asked = {name: fields.get(name, "").strip() for name in ("level", "parent", "kind")}
        return super().get_context_data(
            asked=asked,
            ticked=frozenset(fields.getlist("site")),
            sites=sites_to_choose(self.tenant, self.user()),
            **chosen_resource(self, kwargs.pop("reasons", [])),
            levels=Tenant.Level.choices,
            kinds=[choice for choice in Tenant.Kind.choices if choice[0] != Tenant.Kind.CONSOLE],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        given = {name: request.POST.get(name, "").strip() for name in ("level", "parent", "kind")}
        given["site"] = ",".join(code.strip() for code in request.POST.getlist("site") if code.strip())
        selector = ";".join(f"{name}={value}" for name, value in given.items() if value)
        try:
            resource = find_own(self.user(), request.POST.get("resource", "").strip())
            push = push_resource(resource, selector=selector, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        messages.success(request, _t("已推送到 %(total)s 个站点，正在生成草稿。") % {"total": push.total})
        return HttpResponseRedirect(reverse("pushes_push", args=[push.pk]))


def chosen_resource(screen: DistributionScreen, reasons: list[str]) -> dict[str, Any]:
    """Context of ``pushes/resource_field.html``: the resource that is asked for, or those to choose from.

    ``{"resource", "find", "offered", "reasons"}``.
    """
    fields = screen.request.POST or screen.request.GET
    uuid, find = (fields.get(name, "").replace("\x00", "").strip() for name in ("resource", "find"))
    resource = None
    try:
        resource = find_own(screen.user(), uuid) if uuid else None
    except Refused as refusal:
        reasons = [*reasons, *(r for r in refusal.reasons if r not in reasons)]
    offered = [] if resource else own_resources(screen.tenant, screen.user(), find)
    return {"resource": resource, "find": find, "offered": offered, "reasons": reasons}


def find_own(user: Any, uuid: str) -> Resource:
    """Return the resource, if ``user`` may push and recall it. Raises Refused as if it were not there."""
    resource = get_resource(uuid)
    if not may_push(user, resource):
        raise Refused(_t("信息资源库里没有你可以推送或收回的这一资源。"))
    return resource
