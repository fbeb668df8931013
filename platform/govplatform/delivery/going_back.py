"""Going back to an earlier release: a theme or a menu went wrong, and the files of before are to be there at once.

What was withdrawn or recalled since is not brought back, nor is a file that leads to it or shows it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from govplatform.addresses.canonical import location_of
from govplatform.addresses.known import Ending
from govplatform.addresses.models import Address
from govplatform.addresses.queries import public_addresses
from govplatform.digests import Digest
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.traditional.addresses import is_variant, plain_of

from .answers import Baked, store_at
from .models import DeliveredFile, SiteRelease
from .releasing import delivery_of, release, root

_AT_ONCE = 500
#: Of these nothing is brought back: what they list is a matter of today.
_OF_TODAY = ("application/xml", "application/rss+xml")


@dataclass(frozen=True)
class Plan:
    """``baked``: what is brought back; ``withheld``: addresses that stay as they are, for what they would show."""

    baked: list[Baked]
    withheld: list[str]


def reasons_against_going_back(tenant: Tenant, sequence: int) -> list[str]:
    """Say why the site cannot go back to that release; empty when it can."""
    newest = delivery_of(tenant).sequence
    told = {"site": tenant.full_name, "release": sequence, "newest": newest}
    if not SiteRelease.objects.filter(tenant=tenant, sequence=sequence).exists():
        return [_("“%(site)s”没有第 %(release)s 号静态版本。") % told]
    if sequence == newest:
        return [_("第 %(release)s 号就是“%(site)s”现在的静态版本。") % told]
    return []


def go_back(tenant: Tenant, sequence: int, reason: str) -> SiteRelease | None:
    """Put the files of that release in place again; None when none would differ. Raises Refused."""
    if reasons := reasons_against_going_back(tenant, sequence):
        raise Refused(reasons)
    state = delivery_of(tenant)
    plan = _planned(tenant, sequence)
    return release(
        tenant,
        plan.baked,
        SiteRelease.Cause.ROLLED_BACK,
        seen=state.number,
        reason=reason,
        whole=True,
        withheld=len(plan.withheld),
    )


def _planned(tenant: Tenant, sequence: int) -> Plan:
    files = DeliveredFile.objects.filter(tenant=tenant)
    # What stands still today needs not be brought back.
    differing = list(files.filter(since__lte=sequence, until__gt=sequence, status=200).exclude(place=""))
    public = set(public_addresses(tenant).values_list("path", flat=True))
    taken_out = set(files.filter(since__gt=sequence).exclude(status=200).values_list("address", flat=True))
    leads_there = _pattern(_ended(tenant, sequence))
    plan = Plan([], [])
    for row in differing:
        if row.type in _OF_TODAY:
            continue
        is_public = plain_of(row.address) in public and (tenant.traditional or not is_variant(row.address))
        if not is_public or row.address in taken_out or _leads(row, leads_there):
            plan.withheld.append(row.address)
        else:
            plan.baked.append(_as_baked(row))
    return plan


def _ended(tenant: Tenant, sequence: int) -> Iterator[str]:
    """Addresses that were taken down since that release: of pages, and of the files that they showed."""
    since = SiteRelease.objects.get(tenant=tenant, sequence=sequence).signed_at
    ended = Address.objects.filter(
        tenant=tenant, host="", changed_at__gte=since, ending__in=(Ending.WITHDRAWN, Ending.EXPIRED)
    )
    yield from ended.values_list("path", flat=True)
    # What was taken down and is public again had other words meanwhile.
    again = DeliveredFile.objects.filter(tenant=tenant, since__gt=sequence, status=410)
    yield from again.values_list("address", flat=True)


def _pattern(addresses: Iterable[str]) -> "re.Pattern[bytes] | None":
    """Finds a link to one of ``addresses``, or to its traditional page, as it stands in a page."""
    ways = {way for address in addresses for way in (address.encode(), location_of(address).encode())}
    if not ways:
        return None
    return re.compile(b"|".join(re.escape(way) + rb"(?=[\"'?#\s<])" for way in sorted(ways)))


def _leads(row: DeliveredFile, pattern: "re.Pattern[bytes] | None") -> bool:
    return pattern is not None and row.type == "text/html" and bool(pattern.search(store_at(root()).read(row.sha256)))


def _as_baked(row: DeliveredFile) -> Baked:
    digest = Digest(row.size, row.sha256, row.sm3)
    return Baked(
        row.address,
        row.place,
        row.status,
        digest,
        row.type,
        row.gzip,
        row.gzip_size,
        row.brotli,
        row.brotli_size,
        tuple(row.reads),
        row.good_until,
    )
