"""What the screens share: who sees them, what they say when something is refused."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from govplatform.accounts.models import User
from govplatform.accounts.roles import (
    CONFIDENTIALITY_REVIEWER,
    CONTENT_REVIEWER,
    EDITOR,
    OPERATOR,
    SITE_ADMIN,
    SUPERVISOR,
)
from govplatform.review.permissions import current_roles
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

#: Who follows what was pushed and recalled: on a site its reviewers and administrator, in the console the oversight.
READERS = frozenset(
    {CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code, SITE_ADMIN.code, SUPERVISOR.code, OPERATOR.code}
)
PUSHERS = frozenset({CONTENT_REVIEWER.code, SUPERVISOR.code})
#: Who has a say in what a site takes in; each in what is theirs.
RECEIVERS = frozenset({EDITOR.code, CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code, SITE_ADMIN.code})


class PushMixin(WagtailAdminTemplateMixin):
    """404 for everybody without one of ``roles`` on this site."""

    header_icon = "upload"
    _show_breadcrumbs = True
    roles = READERS
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not current_roles(request.user) & self.roles:
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def tenant(self) -> Tenant:
        return current_tenant()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]
