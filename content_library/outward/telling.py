"""The announcement of a newly opened site's resources to the API's readers, who follow changes."""

from django.db import connection

from govplatform.tenancy.models import Tenant

_TELL = """
INSERT INTO public.content_library_change (xact, resource_id, act, version, status, reason, at)
SELECT pg_current_xact_id()::text::bigint, r.id, 'entered', v.number, r.status, '', now()
FROM public.content_library_resource r JOIN public.content_library_resourceversion v ON v.id = r.current_id
WHERE r.tenant_id = %s
"""


def tell_of_opening(tenant: Tenant) -> None:
    """Enter a change for every resource of ``tenant``, which the API's readers see from now on."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [tenant.pk])
