"""A site that opens brings what it published while preparing: those who asked "since" are told then."""

from typing import Any

from django.db import connection
from django.db.models.signals import post_save, pre_save

from govplatform.tenancy.models import Tenant

_TELL = """
INSERT INTO public.content_library_change (xact, resource_id, act, version, status, reason, at)
SELECT pg_current_xact_id()::text::bigint, r.id, 'entered', v.number, r.status, '', now()
FROM public.content_library_resource r JOIN public.content_library_resourceversion v ON v.id = r.current_id
WHERE r.tenant_id = %s
"""


def connect() -> None:
    pre_save.connect(note_opening, sender=Tenant, dispatch_uid="outward-note-opening")
    post_save.connect(tell_of_opening, sender=Tenant, dispatch_uid="outward-tell-opening")


def note_opening(*, instance: Tenant, **_kwargs: Any) -> None:
    if instance.pk and instance.status != Tenant.Status.PREPARING:
        instance.opens_now = Tenant.objects.filter(  # type: ignore[attr-defined]
            pk=instance.pk, status=Tenant.Status.PREPARING
        ).exists()


def tell_of_opening(*, instance: Tenant, **_kwargs: Any) -> None:
    if getattr(instance, "opens_now", False):
        instance.opens_now = False  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(_TELL, [instance.pk])
