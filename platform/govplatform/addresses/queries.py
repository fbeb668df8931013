"""What is known of addresses."""

from collections.abc import Iterator

from django.db.models import QuerySet

from govplatform.tenancy.models import Tenant

from .known import KnownAddress
from .models import Address

_CHUNK = 2_000


def known_addresses(tenant: Tenant) -> Iterator[KnownAddress]:
    """Every address that is public on the own hosts of ``tenant`` now, in the order of kinds and paths.

    The order is the same for the same ledger, whatever the order of entry. Works outside the site's schema.
    """
    rows = (
        public_addresses(tenant).order_by("kind", "path").values_list("path", "kind", "title", "object_id", "variant")
    )
    for path, kind, title, object_id, variant in rows.iterator(chunk_size=_CHUNK):
        yield KnownAddress(path, kind, title, object_id, variant)


def public_addresses(tenant: Tenant) -> QuerySet[Address]:
    """The rows of what is public on the own hosts of ``tenant``."""
    return Address.objects.filter(tenant=tenant, host="", state=Address.State.PUBLIC)
