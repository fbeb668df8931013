"""A site that opens brings what it published while preparing: those who asked "since" are told then."""

from django.db import connection

from govplatform.tenancy.models import Tenant

_TELL = """
INSERT INTO public.content_library_change (xact, resource_id, act, version, status, reason, at)
SELECT pg_current_xact_id()::text::bigint, r.id, 'entered', v.number, r.status, '', now()
FROM public.content_library_resource r JOIN public.content_library_resourceversion v ON v.id = r.current_id
WHERE r.tenant_id = %s
"""


def tell_of_opening(tenant: Tenant) -> None:
    """Write down for the API's readers that every resource of ``tenant`` is public from now on."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [tenant.pk])
