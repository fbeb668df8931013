"""Who gets to the screens of the review, and what they are about."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.tenancy.current import current_tenant

from ..gate.requirements import is_structural
from ..permissions import VIEW_DRAFT, may_on_content, may_supervise


class ReviewMixin(WagtailAdminTemplateMixin):
    """``act``: what the person must be allowed to do with content of this site.

    ``supervision``: what opens the screen to supervisors as well, in the console tenant.
    """

    header_icon = "tasks"
    _show_breadcrumbs = True
    act = VIEW_DRAFT
    supervision = ""
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_open_to(request.user):
            # 404 and not 403: whoever sees no drafts does not learn which exist.
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def is_open_to(self, user: Any) -> bool:
        if self.act and may_on_content(user, self.act):
            return True
        return bool(self.supervision) and current_tenant().is_console and may_supervise(user, self.supervision)

    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


def content_page(page_id: int) -> Any:
    """The specific content page of this site. Raises Http404 for anything else."""
    page = Page.objects.filter(pk=page_id, depth__gt=2).first()
    if page is None or is_structural(page):
        raise Http404
    return page.specific
