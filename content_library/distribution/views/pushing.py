"""推送: what is pushed, how far each site is, and a new one."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from content_library.models import Resource
from content_library.resources.queries import get_resource
from govplatform.refusals import Refused
from govplatform.review.permissions import current_roles
from govplatform.tenancy.models import Tenant

from ..models import Push
from ..permissions import may_push
from ..pushes.actions import push_resource
from ..pushes.selectors import describe_selectors
from ..queries import duties, open_duties, push_progress
from .frame import PUSHERS, PushMixin

_ROWS = 50
_SHOWN = ("late", "rejected", "open", "done")


def visible_pushes(tenant: Tenant) -> QuerySet[Push]:
    """The supervisor sees all, a site what was pushed of its own resources."""
    found = Push.objects.select_related("resource__tenant", "requested_by").order_by("-pk")
    if tenant.is_console:
        return found
    return found.filter(Q(resource__tenant=tenant) | Q(resource__holder=tenant))


class PushesView(PushMixin, TemplateView):
    """What this site has to do, and what was pushed from here."""

    template_name = "pushes/pushes.html"
    page_title = _("推送")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant = self.tenant()
        rows = []
        pushes = list(visible_pushes(tenant)[:_ROWS])
        scopes = describe_selectors(push.selector for push in pushes)
        for push in pushes:
            found = duties(push.targets.select_related("tenant"))
            rows.append(
                {
                    "push": push,
                    "scope": scopes[push.selector],
                    "done": sum(duty.done for duty in found),
                    "late": sum(duty.late and not duty.done for duty in found),
                    "rejected": sum(duty.state == "rejected" for duty in found),
                }
            )
        return super().get_context_data(
            rows=rows,
            duties=[] if tenant.is_console else open_duties(tenant),
            is_console=tenant.is_console,
            **kwargs,
        )


class PushView(PushMixin, TemplateView):
    """One push, site by site; as JSON while the drafts come into being."""

    template_name = "pushes/push.html"

    def get_page_title(self) -> str:
        return _t("推送“%(title)s”") % {"title": self.push.resource.title}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = None
        if current_roles(request.user):
            found = visible_pushes(self.tenant()).filter(pk=kwargs["number"]).first()
        if found is None:
            raise Http404
        self.push = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(push_progress(self.push))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = duties(self.push.targets.select_related("tenant").order_by("due_at", "tenant__code"))
        counted = {
            "late": [duty for duty in found if duty.late and not duty.done],
            "rejected": [duty for duty in found if duty.state == "rejected"],
            "open": [duty for duty in found if not duty.done],
            "done": [duty for duty in found if duty.done],
        }
        shown = self.request.GET.get("show", "")
        labels = {"late": _t("逾期"), "rejected": _t("被退回"), "open": _t("未完成"), "done": _t("已完成")}
        return super().get_context_data(
            push=self.push,
            scope=describe_selectors([self.push.selector])[self.push.selector],
            progress=push_progress(self.push),
            rows=counted.get(shown, found),
            shown=shown,
            filters=[{"code": code, "label": labels[code], "count": len(counted[code])} for code in _SHOWN],
            total=len(found),
            **kwargs,
        )


class NewPushView(PushMixin, TemplateView):
    """Which resource, to whom. GET shows the form, POST pushes."""

    template_name = "pushes/new_push.html"
    page_title = _("推送资源")
    roles = PUSHERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = self.request.POST or self.request.GET
        asked = {name: fields.get(name, "").strip() for name in ("resource", "level", "parent", "kind", "site")}
        reasons = kwargs.pop("reasons", [])
        try:
            resource = find_own(self.user(), asked["resource"]) if asked["resource"] else None
        except Refused as refusal:
            resource, reasons = None, [*reasons, *(r for r in refusal.reasons if r not in reasons)]
        return super().get_context_data(
            asked=asked,
            resource=resource,
            reasons=reasons,
            levels=Tenant.Level.choices,
            kinds=[choice for choice in Tenant.Kind.choices if choice[0] != Tenant.Kind.CONSOLE],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        given = {name: request.POST.get(name, "").strip() for name in ("level", "parent", "kind", "site")}
        selector = ";".join(f"{name}={value}" for name, value in given.items() if value)
        try:
            resource = find_own(self.user(), request.POST.get("resource", "").strip())
            push = push_resource(resource, selector=selector, acting_user=self.user())
        except Refused as refusal:
            return self.render_to_response(self.get_context_data(reasons=refusal.reasons), status=400)
        messages.success(request, _t("已推送到 %(total)s 个站点，正在生成草稿。") % {"total": push.total})
        return HttpResponseRedirect(reverse("pushes_push", args=[push.pk]))


def find_own(user: Any, uuid: str) -> Resource:
    """The resource, if ``user`` may push and recall it. Raises Refused as if it were not there."""
    resource = get_resource(uuid)
    if not may_push(user, resource):
        raise Refused(_t("信息资源库里没有您可以推送或收回的这一资源。"))
    return resource
