"""What follows from events for what can be found: the arguments of the acts on the sheet of consequences."""

from typing import Any

from wagtail.models import Page

from content_library.models import Repost, Resource
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.models import Tenant

from ..registry import sources


def resource_to_index(resource: Resource) -> dict[str, Any]:
    """The arguments of ``index_resource``."""
    return {"resource_id": resource.pk}


def foreign_to_index(resource: Resource) -> dict[str, Any] | None:
    """The same for what came from another platform; None for a page's resource, which follows the page."""
    return None if resource.tenant_id is not None else resource_to_index(resource)


def reclassified_to_index(resource_ids: tuple[int, ...]) -> dict[str, Any]:
    """The arguments of ``index_resources``."""
    return {"resource_ids": list(resource_ids)}


def page_to_index(page: Page) -> dict[str, Any] | None:
    """The arguments of ``index_resource`` for what a page publishes or shows; None when it is neither."""
    tenant = current_tenant_or_none()
    if tenant is None:
        return None
    found = _published_by(tenant, page)
    if found is None:
        found = Repost.objects.filter(tenant=tenant, page_id=page.pk).values_list("resource_id", flat=True).first()
    return None if found is None else {"resource_id": found}


def page_down_to_index(page: Page, with_source: bool) -> dict[str, Any] | None:
    """The same for a page that came down; None for a repost that came down with its source.

    The document of a withdrawn resource went with that, and names no place where else it stands.
    """
    if not with_source:
        return page_to_index(page)
    tenant = current_tenant_or_none()
    found = _published_by(tenant, page) if tenant is not None else None
    return None if found is None else {"resource_id": found}


def _published_by(tenant: Tenant, page: Page) -> int | None:
    return Resource.objects.filter(tenant=tenant, page_id=page.pk).values_list("pk", flat=True).first()


def frame_to_index(page: Page, before: str) -> dict[str, Any] | None:
    """The arguments of ``index_below`` for a column that is called or placed otherwise; None for a home page."""
    tenant = current_tenant_or_none()
    if tenant is None or page.depth <= 2 or not sources():
        return None
    return {"tenant_id": tenant.pk, "path": "/" + page.url_path.split("/", 2)[2], "page": page.pk}


def site_to_index(tenant: Tenant) -> dict[str, Any]:
    """The arguments of ``index_site``."""
    return {"tenant_id": tenant.pk}
