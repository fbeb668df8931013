"""索引号规则: the site's administrator sets the pattern and sees at once what it would write."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from content_library.resources.numbering import DEFAULT_PATTERN, set_pattern
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from ..forms import PatternForm
from ..numbers import example_numbers, last_serial, pattern_of
from ..permissions import may_set_pattern


def _require_administrator(request: HttpRequest) -> Tenant:
    tenant = current_tenant()
    if not may_set_pattern(request.user, tenant):
        raise PermissionDenied
    return tenant


class PatternView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "library_console/pattern.html"
    page_title = _l("索引号规则")
    header_icon = "list-ol"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.tenant = _require_administrator(request)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        current = pattern_of(self.tenant)
        form = kwargs.setdefault("form", PatternForm(initial={"pattern": current}))
        examples, _faults = example_numbers(self.tenant, form["pattern"].value() or "")
        return super().get_context_data(
            current=current,
            default=DEFAULT_PATTERN,
            examples=examples,
            last=last_serial(self.tenant),
            identity=self.tenant.identity_code or self.tenant.code,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PatternForm(request.POST)
        if form.is_valid():
            user: Any = request.user
            try:
                row = set_pattern(self.tenant, form.cleaned_data["pattern"].strip(), acting_user=user)
            except ValidationError as problem:
                form.add_error("pattern", problem)
            else:
                messages.success(
                    request, _("编号规则已改为 %(pattern)s，下一次发布起使用。") % {"pattern": row.pattern}
                )
                return HttpResponseRedirect(reverse("library_pattern"))
        return self.render_to_response(self.get_context_data(form=form), status=400)


@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """``{"examples": [...], "faults": [...]}`` for ``?pattern=``."""
    tenant = _require_administrator(request)
    examples, faults = example_numbers(tenant, request.GET.get("pattern", "")[:200])
    return JsonResponse({"examples": examples, "faults": faults})
