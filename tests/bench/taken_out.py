"""How long files of many sites take to go that came down on all of them: copies of one site's rows, and folders."""

import copy
import time
from typing import Any


def taken_out(code: str, address: str, sites: int) -> dict[str, Any]:
    """Seconds of wall and of this process until the file of ``address`` is gone from so many copies of a site.

    Of each copy there are all rows of ledger and files, and a folder with that one file and its signed release. The
    address has ended in the ledger of all.
    """
    from django.db import transaction

    from govplatform.addresses.models import Address
    from govplatform.delivery.changes import note_changes
    from govplatform.delivery.models import DeliveredFile, SiteDelivery
    from govplatform.delivery.taking_out import take_out
    from govplatform.rendering.reads import ReadOf
    from govplatform.tenancy.models import Domain, Tenant
    from govplatform.tenancy.queries import get_tenant

    original = get_tenant(code)
    copies = [
        _copied(
            original, schema_name=f"copy_{number}", code=f"copy-{number}", identity_code=f"{9_000_000_000 + number}"
        )
        for number in range(sites)
    ]
    with transaction.atomic():
        Tenant.objects.bulk_create(copies)
        hosts = {tenant.pk: f"{tenant.code}.localhost" for tenant in copies}
        Domain.objects.bulk_create(
            [Domain(tenant=one, domain=hosts[one.pk], kind="public", is_primary=True) for one in copies]
        )
        known = list(Address.objects.filter(tenant=original, host="").exclude(path=address))
        files = list(DeliveredFile.objects.filter(tenant=original, until__isnull=True))
        for tenant in copies:
            Address.objects.bulk_create([_copied(row, tenant=tenant) for row in known])
            DeliveredFile.objects.bulk_create([_copied(row, tenant=tenant, since=1) for row in files])
        SiteDelivery.objects.bulk_create(
            [SiteDelivery(tenant=one, host=hosts[one.pk], sequence=1, whole=False) for one in copies]
        )
    shown = next(row for row in files if row.address == address)
    places = [_folder(tenant.code, hosts[tenant.pk], shown) for tenant in copies]
    note_changes({tenant.pk: [(ReadOf.AT, address)] for tenant in copies}, down=True)
    wall, own = time.perf_counter(), time.process_time()
    took = take_out()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    assert took == sites and not any(place.exists() for place in places)
    return {"sites": sites, "seconds": round(wall, 2), "own_processor_ms_a_site": round(own / sites * 1000, 2)}


def _copied(row: Any, **facts: Any) -> Any:
    made = copy.copy(row)
    made.pk, made._state = None, copy.copy(row._state)
    made._state.adding = True
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def _folder(code: str, host: str, row: Any) -> Any:
    from govplatform.delivery.answers import entry_of, store_at
    from govplatform.delivery.keys import publishers_key, sign_release
    from govplatform.delivery.release.signed import Release
    from govplatform.delivery.release.trees import Site
    from govplatform.delivery.releasing import root

    signed = Release(code, host, 1, "2026-11-30T00:00:00+00:00", 1, row.size, 0)
    site = Site(root(), host)
    site.switch(sign_release(signed, publishers_key()), [entry_of(row)], store_at(root()), 1)
    return site.current / row.place
