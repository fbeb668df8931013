"""What an address that nobody knows may have meant."""

import re
from collections import Counter
from difflib import SequenceMatcher

from django.db.models import QuerySet

from .known import Kind
from .models import Address, UnknownPath
from .queries import public_addresses, scope_of

#: So many addresses are compared with one that nobody knows.
_LOOKED_AT = 50
#: Names that a folder has for itself, a numbered page of its list among them.
_OF_A_FOLDER = re.compile(r"(?:index|default|list|more|main)?(?:[_-]?\d{1,4})*", re.IGNORECASE)


def suggestions(unknown: UnknownPath, most: int = 3) -> list[Address]:
    """Public addresses that an unknown path may have meant, the likeliest first.

    Those that end in the same name come first, then those whose names have most in common with it; of a list, the
    column first in which what lay below it is now. Where nothing is like it, an old host leads to the home page.
    """
    names = [name for name in unknown.path.rstrip("/").split("/") if name]
    served = public_addresses(unknown.tenant)
    if not names:
        return _home(served) if scope_of(unknown.tenant, unknown.host) else []
    last = names[-1].rpartition(".")[0] or names[-1]
    shown = served.filter(kind__in=[Kind.PAGE, Kind.LIST, Kind.FILE], variant="")
    is_list = unknown.path.endswith("/") or bool(_OF_A_FOLDER.fullmatch(last))
    near = [] if is_list and not unknown.path.endswith("/") else _holding(shown, last)
    if len(names) > 1 and len(near) < most:
        near += _holding(shown, f"/{names[0]}/")
    unique = {row.pk: row for row in near}.values()
    like = sorted(unique, key=lambda row: -_likeness(unknown.path, row.path))
    columns = _columns_beside(unknown, shown)
    found = [*columns, *like] if is_list else [*like, *columns]
    if not found and scope_of(unknown.tenant, unknown.host):
        found = _home(served)
    return list({row.pk: row for row in found}.values())[:most]


def _columns_beside(unknown: UnknownPath, shown: QuerySet[Address]) -> list[Address]:
    """The columns in which things are now that had their addresses below that of ``unknown``, or else beside it."""
    host = scope_of(unknown.tenant, unknown.host)
    beside = unknown.path.rpartition("/")[0] + "/"
    for folder in dict.fromkeys([unknown.path.rstrip("/") + "/", beside]):
        if folder == "/":
            continue
        below = Address.objects.filter(tenant=unknown.tenant, host=host, kind=Kind.PAGE, path__startswith=folder)
        things = below.filter(to_tenant=None).exclude(object_id=None).values_list("object_id", flat=True)[:_LOOKED_AT]
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
