"""The screen 索引号规则: the site's administrator sets the pattern and sees at once what it would write."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET
from wagtail.admin import messages

from content_library.resources.numbering import DEFAULT_PATTERN, set_pattern
from govplatform.accounts.roles import SITE_ADMIN
from govplatform.accounts.screens.screen import Screen, opens_like
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant

from ..forms import PatternForm
from ..numbers import example_numbers, last_serial, pattern_of
from ..permissions import may_set_pattern


class PatternView(Screen):
    template_name = "library_console/pattern.html"
    page_title = _l("索引号规则")
    header_icon = "list-ol"
    roles = frozenset({SITE_ADMIN.code})

    def may_open(self) -> bool:
        return may_set_pattern(self.request.user, self.tenant)

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
            except Refused as refusal:
                form.add_error("pattern", refusal.reasons)
            else:
                messages.success(
                    request, _("编号规则已改为 %(pattern)s，下一次发布起使用。") % {"pattern": row.pattern}
                )
                return HttpResponseRedirect(reverse("library_pattern"))
        return self.render_to_response(self.get_context_data(form=form), status=400)


@opens_like(PatternView)
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """Return ``{"examples": [...], "faults": [...]}`` for the pattern in ``?pattern=``."""
    examples, faults = example_numbers(current_tenant(), request.GET.get("pattern", "")[:200])
    return JsonResponse({"examples": examples, "faults": faults})
