"""A site that is frozen, as a merge freezes it."""

from typing import Any

from django.db import connection, transaction

from govplatform.locks.holding import hold_chain
from govplatform.tenancy.freezing import freeze_site, thaw_site
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

WORDS = "本站内容正在并入“云江省澄州市人民政府”，暂停编辑，只能查看。"


def freeze(code: str = "beta", into: str = "alpha") -> Tenant:
    tenant = get_tenant(code)
    with transaction.atomic():
        hold_chain(tenant.schema_name)
        freeze_site(tenant, into=get_tenant(into))
    return tenant


def thaw(code: str = "beta") -> Tenant:
    tenant = get_tenant(code)
    with transaction.atomic():
        hold_chain(tenant.schema_name)
        thaw_site(tenant)
    return tenant


def rights_in(schema: str) -> dict[str, Any]:
    """Name of each table and sequence -> its access rights as PostgreSQL writes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = to_regnamespace(%s)"
            " AND relkind IN ('r', 'p', 'S')",
            [schema],
        )
        return dict(cursor.fetchall())
