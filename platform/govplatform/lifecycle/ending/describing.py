"""The record of a site as its dump holds it, and as verbs print what was done."""

from typing import Any

from govplatform.tenancy.models import Tenant

from ..models import SiteDump
from ..site_record import SITE_RECORD

_FACTS = ("code", "schema_name", "kind", "level", "theme", "rule_pack", "status")


def record_of(tenant: Tenant) -> dict[str, Any]:
    """The site's record, JSON-able; its hosts and superior site by name."""
    return {
        **{name: getattr(tenant, name) for name in _FACTS},
        **{name: getattr(tenant, name) or "" for name in SITE_RECORD.texts},
        "parent": tenant.parent.code if tenant.parent else "",
        "host": tenant.public_host,
        "console_host": tenant.console_host,
    }


def describe_dump(work: SiteDump) -> dict[str, Any]:
    """What ``drop_site`` and ``dump_site`` print."""
    return {"dump": work.path, "tables": work.tables, "rows": work.rows, "bytes": work.bytes}


def describe_restored(tenant: Tenant, work: SiteDump) -> dict[str, Any]:
    """What ``restore_site`` prints."""
    return {"code": tenant.code, "schema": tenant.schema_name, "tables": work.tables, "rows": work.rows}
