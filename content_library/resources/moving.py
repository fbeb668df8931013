"""What the library knows of addresses, when a column takes everything below it to another one."""

from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.hosts import public_url

#: The old address and the new one begin differently; what follows stays.
_RESOURCES = """
UPDATE public.content_library_resource SET url = %(after)s || substr(url, length(%(before)s) + 1)
WHERE tenant_id = %(tenant)s AND starts_with(url, %(before)s)
"""
_REPOSTS = """
UPDATE public.content_library_repost SET path = %(after)s || substr(path, length(%(before)s) + 1), updated_at = %(now)s
WHERE tenant_id = %(tenant)s AND starts_with(path, %(before)s)
"""


def move_library_addresses(page: Page, before: str) -> None:
    """Write down where resources and reposts below the column ``page`` are now, which stood below ``before``.

    ``before``: its ``url_path`` until now, '' when it was not shown. Whoever has an older address is sent on by the
    ledger; what is public of a resource does not change, so nobody is told.
    """
    tenant = current_tenant_or_none()
    if tenant is None or not before or before == page.url_path:
        return
    old, new = "/" + before.split("/", 2)[2], site_path(page)
    with connection.cursor() as cursor:
        full = {"before": public_url(tenant, old), "after": public_url(tenant, new), "tenant": tenant.pk}
        cursor.execute(_RESOURCES, full)
        cursor.execute(_REPOSTS, {"before": old, "after": new, "tenant": tenant.pk, "now": timezone.now()})
