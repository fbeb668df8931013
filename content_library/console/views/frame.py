"""What the screens share: who may see them, which resource, and the way back."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from content_library.resources.permissions import may_read_library, may_see
from content_library.resources.queries import get_resource
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from ...models import Resource


def require_reader(request: HttpRequest) -> Tenant:
    """The console's tenant. Raises PermissionDenied for those who do not work with content here."""
    tenant = current_tenant()
    if not may_read_library(request.user, tenant):
        raise PermissionDenied
    return tenant


def find_visible(uuid: UUID, tenant: Tenant) -> Resource:
    """404 for what there is not and for what this console may not see: both look the same."""
    try:
        resource = get_resource(uuid)
    except Refused:
        raise Http404 from None
    if not may_see(resource, tenant):
        raise Http404
    return resource


class LibraryMixin(WagtailAdminTemplateMixin):
    """A screen of the library; with ``resource_uuid`` in the address, of that resource."""

    header_icon = "folder-open-inverse"
    _show_breadcrumbs = True
    request: HttpRequest
    tenant: Tenant
    resource: Resource | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.tenant = require_reader(request)
        if "resource_uuid" in kwargs:
            self.resource = find_visible(kwargs["resource_uuid"], self.tenant)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        # a copy: Wagtail hands out the one list that all screens of the process share
        items: list[dict[str, Any]] = list(super().get_breadcrumbs_items())
        items.append({"url": reverse("library_browse"), "label": _("信息资源库")})
        if self.resource is not None:
            items.append({"url": reverse("library_resource", args=[self.resource.uuid]), "label": self.resource.title})
        return items
