"""Schemas that a dump or a restoring works in, beside those of the sites; and what a kill leaves of them."""

from typing import Any

from django.conf import settings
from django.db import connection, transaction

#: What the names of such schemas begin with, before that of the site's own: no site's does.
SCRATCH, RESTORING = "scratch_", "restoring_"
#: Second key of the advisory lock of whoever dumps, drops or restores a site; the first is of ``lock_name``.
LOCK = 11


def lock_name(schema: str) -> str:
    """Return the name of the lock of whoever dumps, drops or restores the site with that schema."""
    return f"dump:{schema}"


def site_schema_of(working: str) -> str:
    """Return the schema of the site for which a schema of that name was made."""
    return working.removeprefix(SCRATCH).removeprefix(RESTORING)


def left_schemas() -> list[str]:
    """Return the names of working schemas at which nobody works: a process that was killed has left them."""
    patterns = [f"{prefix}{settings.SITE_SCHEMA_PREFIX}".replace("_", r"\_") + "%" for prefix in (SCRATCH, RESTORING)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE ANY(%s) ORDER BY nspname", [patterns])
        names = [str(name) for (name,) in cursor.fetchall()]
        return [name for name in names if _nobody_at(cursor, site_schema_of(name))]


def _nobody_at(cursor: Any, schema: str) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", [lock_name(schema), LOCK])
    return bool(cursor.fetchone()[0])
