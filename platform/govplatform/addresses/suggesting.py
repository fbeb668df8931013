"""What an address that nobody knows may have meant."""

import re
from collections import Counter
from difflib import SequenceMatcher

from django.db.models import QuerySet

from govplatform.tenancy.models import Tenant

from .known import Kind
from .models import Address, UnknownPath
from .queries import public_addresses, scope_of

#: So many addresses are compared with one that nobody knows.
_LOOKED_AT = 50
#: Names that a folder has for itself, a numbered page of its list among them.
_OF_A_FOLDER = re.compile(r"(?:index|default|list|more|main)?(?:[_-]?\d)*", re.IGNORECASE)


def suggestions(unknown: UnknownPath, most: int = 3) -> list[Address]:
    """Public addresses that an unknown path may have meant, the likeliest first.

    Those that end in the same name come first, then those whose names have most in common with it; of a list, the
    column first in which what lay below it is now. Where nothing is like it, an old host, or that of a site whose
    content is elsewhere, leads to the home page. Addresses of that other site then.
    """
    names = [name for name in unknown.path.rstrip("/").split("/") if name]
    place = _present_site(unknown.tenant)
    served = public_addresses(place)
    elsewhere = bool(scope_of(unknown.tenant, unknown.host)) or place != unknown.tenant
    if not names:
        return _home(served) if elsewhere else []
    last = names[-1].rpartition(".")[0] or names[-1]
    shown = served.filter(kind__in=[Kind.PAGE, Kind.LIST, Kind.FILE], variant="")
    is_list = unknown.path.endswith("/") or bool(_OF_A_FOLDER.fullmatch(last))
    near = [] if is_list and not unknown.path.endswith("/") else _holding(shown, last)
    if len(names) > 1 and len(near) < most:
        near += _holding(shown, f"/{names[0]}/")
    unique = {row.pk: row for row in near}.values()
    like = sorted(unique, key=lambda row: -_likeness(unknown.path, row.path))
    columns = _columns_beside(unknown, place, shown)
    found = [*columns, *like] if is_list else [*like, *columns]
    if not found and elsewhere:
        found = _home(served)
    return list({row.pk: row for row in found}.values())[:most]


def _present_site(tenant: Tenant) -> Tenant:
    """Where the content of a site is by now."""
    seen = {tenant.pk}
    while tenant.moved_into is not None and tenant.moved_into.pk not in seen:
        tenant = tenant.moved_into
        seen.add(tenant.pk)
    return tenant


def _columns_beside(unknown: UnknownPath, place: Tenant, shown: QuerySet[Address]) -> list[Address]:
    """The columns in which things are now that had their addresses below that of ``unknown``, or else beside it."""
    host = scope_of(unknown.tenant, unknown.host)
    beside = unknown.path.rpartition("/")[0] + "/"
    for folder in dict.fromkeys([unknown.path.rstrip("/") + "/", beside]):
        if folder == "/":
            continue
        below = Address.objects.filter(tenant=unknown.tenant, host=host, kind=Kind.PAGE, path__startswith=folder)
        if place == unknown.tenant:
            things = below.filter(to_tenant=None).exclude(object_id=None).values_list("object_id", flat=True)
        else:
            things = below.filter(to_tenant=place).exclude(to_object=None).values_list("to_object", flat=True)
        things = things[:_LOOKED_AT]
        places = shown.filter(kind=Kind.PAGE, object_id__in=list(things)).values_list("path", flat=True)
        above = Counter(path.rstrip("/").rpartition("/")[0] + "/" for path in places)
        if columns := list(shown.filter(kind=Kind.LIST, path__in=list(above))):
            return sorted(columns, key=lambda row: (-above[row.path], row.path))
    return []


def _holding(shown: QuerySet[Address], name: str) -> list[Address]:
    return list(shown.filter(path__icontains=name[:60]).order_by("path")[:_LOOKED_AT])


def _home(served: QuerySet[Address]) -> list[Address]:
    return list(served.filter(path="/")[:1])


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()
