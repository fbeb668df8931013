"""Closing the schema of a site for writing, and opening it again (deploy/decisions/045-merging-sites.md).

The right to write is taken from the application's role, so no view, job or forgotten signal gets past it. What is
written all the same is refused in words by the connection (``postgresql.frozen``).
"""

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from .database_roles import as_owner, grant_schema
from .models import Tenant
from .postgresql.frozen import SiteFrozen, frozen_words

__all__ = ["SiteFrozen", "freeze_site", "thaw_site", "words_of"]

_FIELDS = ["frozen", "frozen_since", "frozen_into"]


def freeze_site(tenant: Tenant, *, into: Tenant) -> None:
    """Close the schema of ``tenant`` for writing: its content goes into the site ``into``.

    Call in a transaction that holds the site's audit chain; any process may, for it only takes rights. Waits until
    whoever writes there without the chain has ended. Raises OperationalError when the wait takes too long. A frozen
    site stays as it is.
    """
    if not tenant.frozen:
        tenant.frozen_since = timezone.now()
    tenant.frozen, tenant.frozen_into = True, into.full_name
    with schema_context("public"):
        tenant.save(update_fields=_FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true) WHERE current_setting('lock_timeout') = '0'",
            [f"{settings.LOCK_WAIT_SECONDS}s"],
        )
        cursor.execute("SELECT public.gov_close_frozen(%s)", [tenant.schema_name])


def thaw_site(tenant: Tenant) -> None:
    """Open the schema of ``tenant`` again, with the rights as they were. Call as ``freeze_site``.

    Raises Refused in a process without the owner's login.
    """
    with as_owner():
        tenant.frozen, tenant.frozen_since, tenant.frozen_into = False, None, ""
        with schema_context("public"):
            tenant.save(update_fields=_FIELDS)
        grant_schema(tenant.schema_name)


def words_of(tenant: Tenant) -> str:
    """Why nothing can be changed on a frozen site, in one sentence; '' for any other."""
    if not tenant.frozen:
        return ""
    return frozen_words(tenant.frozen_into, moved=tenant.moved_into_id is not None)
