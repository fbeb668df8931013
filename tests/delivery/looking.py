"""What lies as files, compared with what the application answers at the same moment."""

from pathlib import Path

from django.conf import settings
from django.test import Client

from govplatform.addresses.canonical import location_of
from govplatform.addresses.queries import known_addresses
from govplatform.delivery.release.layout import gone_place_of, place_of
from govplatform.delivery.release.trees import Site
from govplatform.tenancy.models import Tenant
from govplatform.traditional.addresses import has_variant, variant_of


def folder_of(tenant: Tenant) -> Path:
    return Site(Path(settings.DELIVERY_ROOT), tenant.public_host).current.resolve()


def delivered(tenant: Tenant, address: str) -> bytes | None:
    """The bytes that lie there for ``address``; None when there are none."""
    path = folder_of(tenant) / place_of(location_of(address))
    return path.read_bytes() if path.is_file() else None


def is_gone(tenant: Tenant, address: str) -> bool:
    """Whether the file says that ``address`` is gone, and nothing else lies there."""
    return delivered(tenant, address) is None and (folder_of(tenant) / gone_place_of(location_of(address))).is_file()


def out_of_date(tenant: Tenant) -> list[str]:
    """Addresses of which the file says something else than the application, and files without an address."""
    client = Client(HTTP_HOST=f"{tenant.public_host}:8000")
    found, expected = [], set()
    for address in _public(tenant):
        answer = client.get(location_of(address))
        body = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code == 200 and (place := place_of(location_of(address))):
            expected.add(place)
            if delivered(tenant, address) != body:
                found.append(address)
    tree = folder_of(tenant)
    lying = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}
    besides = {place for place in lying if not place.endswith((".gz", ".br")) and not place.startswith(".")} - expected
    return [*found, *sorted(f"file {place}" for place in besides)]


def _public(tenant: Tenant) -> list[str]:
    plain = [known.path for known in known_addresses(tenant)]
    return [*plain, *(variant_of(path) for path in plain if tenant.traditional and has_variant(path))]
