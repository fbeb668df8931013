"""Closing the schema of a site for writing, and opening it again (deploy/decisions/045-merging-sites.md).

The right to write is taken from the application's role, so no view, job or forgotten signal gets past it. What is
written all the same is refused in words by the connection (``postgresql.frozen``).
"""

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context
from psycopg import sql

from .database_roles import as_owner, grant_schema, tables_of
from .models import Tenant
from .postgresql.frozen import SiteFrozen, frozen_words

__all__ = ["SiteFrozen", "freeze_site", "thaw_site", "words_of"]


def freeze_site(tenant: Tenant, *, into: Tenant) -> None:
    """Close the schema of ``tenant`` for writing: its content goes into the site ``into``.

    Call in a transaction that holds the site's audit chain. Waits until whoever writes there without it has ended.
    Raises Refused in a process without the owner's login, OperationalError when the wait takes too long. A frozen site
    stays as it is.
    """
    with as_owner():
        _wait_for_writers(tenant.schema_name)
        if not tenant.frozen:
            tenant.frozen_since = timezone.now()
        tenant.frozen, tenant.frozen_into = True, into.full_name
        _keep(tenant)


def thaw_site(tenant: Tenant) -> None:
    """Open the schema of ``tenant`` again, with the rights as they were. Call as ``freeze_site``."""
    with as_owner():
        tenant.frozen, tenant.frozen_since, tenant.frozen_into = False, None, ""
        _keep(tenant)


def words_of(tenant: Tenant) -> str:
    """Why nothing can be changed on a frozen site, in one sentence; '' for any other."""
    if not tenant.frozen:
        return ""
    return frozen_words(tenant.frozen_into, moved=tenant.moved_into_id is not None)


def _keep(tenant: Tenant) -> None:
    with schema_context("public"):
        tenant.save(update_fields=["frozen", "frozen_since", "frozen_into"])
    grant_schema(tenant.schema_name)


def _wait_for_writers(schema: str) -> None:
    """Whoever begins to write from now on waits for the commit, and is refused then."""
    with connection.cursor() as cursor:
        tables = [sql.Identifier(schema, table) for table in tables_of(cursor, schema)]
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true) WHERE current_setting('lock_timeout') = '0'",
            [f"{settings.LOCK_WAIT_SECONDS}s"],
        )
        if tables:
            cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(tables)))
