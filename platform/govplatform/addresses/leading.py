"""Leading addresses to where their things are now, when a site goes into another or ends, and leading them back.

Many addresses in one statement, as in ``entering.py``.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .canonical import location_of
from .entering import BATCH, execute
from .models import Address

_LEAD_OWN = """
UPDATE public.addresses_address a
SET to_tenant_id = %(to)s, to_kind = m.to_kind, to_object = m.new, changed_at = %(now)s
FROM unnest(%(kinds)s::text[], %(olds)s::bigint[], %(to_kinds)s::text[], %(news)s::bigint[])
     AS m(kind, old, to_kind, new)
WHERE a.tenant_id = %(tenant)s AND a.to_tenant_id IS NULL AND a.to_path = '' AND a.to_url = ''
 AND a.kind = m.kind AND a.object_id = m.old
"""
_LEAD_OTHERS = """
UPDATE public.addresses_address a
SET to_tenant_id = %(to)s, to_kind = m.to_kind, to_object = m.new, changed_at = %(now)s
FROM unnest(%(kinds)s::text[], %(olds)s::bigint[], %(to_kinds)s::text[], %(news)s::bigint[])
     AS m(kind, old, to_kind, new)
WHERE a.to_tenant_id = %(tenant)s AND a.to_kind = m.kind AND a.to_object = m.old AND a.to_path = ''
 AND {whose}
"""
_GIVE_BACK_OWN = """
UPDATE public.addresses_address a SET to_tenant_id = NULL, to_kind = '', to_object = NULL, changed_at = %(now)s
FROM unnest(%(kinds)s::text[], %(olds)s::bigint[], %(to_kinds)s::text[], %(news)s::bigint[])
     AS m(kind, old, to_kind, new)
WHERE a.tenant_id = %(to)s AND a.to_tenant_id = %(tenant)s AND a.kind = m.kind AND a.object_id = m.old
 AND a.to_kind = m.to_kind AND a.to_object = m.new
"""
_GIVE_BACK_OTHERS = """
UPDATE public.addresses_address a
SET to_tenant_id = %(to)s, to_kind = n.kind, to_object = n.old, changed_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(objects)s::bigint[]) AS n(id, kind, old)
WHERE a.id = n.id AND a.to_tenant_id = %(tenant)s AND a.to_path = ''
"""
_LEAD_REST = """
UPDATE public.addresses_address a SET to_url = n.url, changed_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(urls)s::text[]) AS n(id, url) WHERE a.id = n.id
"""
#: (kind, number on one site, number on the other) of what was there and is here now, with its kind there if that is
#: another: a home page may become a column.
Pair = tuple[str, int, int] | tuple[str, int, int, str]


def lead_objects(tenant: Tenant, to_tenant: Tenant, pairs: Iterable[Pair]) -> int:
    """Note that objects of ``tenant`` are objects of ``to_tenant`` now; return the number of addresses.

    What led to the object from a third site leads to the new place at once, and what the object's own addresses answer
    changes as soon as ``tenant`` is retired. The rows of ``to_tenant`` itself stay: ``lead_objects_of``.
    """
    values = {"tenant": tenant.pk, "to": to_tenant.pk, "now": timezone.now(), **_columns(pairs)}
    others = _LEAD_OTHERS.format(whose="a.tenant_id <> %(to)s")
    return execute(_LEAD_OWN, values) + execute(others, values)


def lead_objects_of(to_tenant: Tenant, tenant: Tenant, pairs: Iterable[Pair]) -> int:
    """Lead the addresses that ``to_tenant`` itself has of objects of ``tenant`` to what they are there now.

    It has some after a merge that was taken back. Returns the number of addresses.
    """
    values = {"tenant": tenant.pk, "to": to_tenant.pk, "now": timezone.now(), **_columns(pairs)}
    return execute(_LEAD_OTHERS.format(whose="a.tenant_id = %(to)s"), values)


def lead_rest(tenant: Tenant, place: Callable[[str], str]) -> int:
    """Have what is public on ``tenant`` and leads nowhere else lead to ``place(path)``; return the number of addresses.

    For a site that is closed: ``place`` makes a whole address of a path (``location_of``), as in an archive. What was
    withdrawn is not public and leads nowhere.
    """
    led = 0
    rows = Address.objects.filter(
        tenant=tenant, host="", state=Address.State.PUBLIC, to_tenant=None, to_path="", to_url=""
    )
    waiting = iter(rows.order_by("key").values_list("pk", "path").iterator(chunk_size=BATCH))
    while taken := list(islice(waiting, BATCH)):
        values = {
            "ids": [pk for pk, _path in taken],
            "urls": [place(location_of(path)) for _pk, path in taken],
            "now": timezone.now(),
        }
        led += execute(_LEAD_REST, values)
    return led


def led_to(
    tenant: Tenant, objects: Iterable[tuple[str, int]], *, of: Tenant | None = None, but: Tenant | None = None
) -> list[tuple[int, str, int]]:
    """The addresses of other sites that lead to objects of ``tenant``: ``[(id of the row, kind, number)]``.

    ``objects``: (kind, number). ``of``: those of this site alone; ``but``: without those of this one. Ask before
    ``lead_objects`` and ``lead_objects_of``, which lead these on as well, and tell it to ``give_back_objects``: several
    objects may have become one.
    """
    rows = Address.objects.filter(to_tenant=tenant, to_path="").order_by("pk")
    rows = rows.filter(tenant=of) if of is not None else rows
    rows = rows.exclude(tenant=but) if but is not None else rows
    found = list(rows.values_list("pk", "to_kind", "to_object").iterator(chunk_size=BATCH))
    asked = set(objects) if found else set()
    return [(pk, kind, number) for pk, kind, number in found if number is not None and (kind, number) in asked]


def give_back_objects(
    tenant: Tenant,
    to_tenant: Tenant,
    pairs: Iterable[Pair],
    *,
    brought: Iterable[Pair],
    others: Iterable[tuple[int, str, int]],
) -> int:
    """Undo ``lead_objects(to_tenant, tenant, pairs)``; return the number of addresses.

    ``pairs`` as they were given to it: the addresses that ``to_tenant`` itself has are its own again. ``others``: what
    ``led_to`` said then, which lead to ``to_tenant`` again. ``brought``: those of ``pairs`` that ``tenant`` has from
    ``to_tenant``, with the kind on ``to_tenant`` where that is another; the addresses that these had on ``tenant`` lead
    to ``to_tenant``. What ``tenant`` had before stays.
    """
    own, new, given = list(pairs), list(brought), list(others)
    values = {"tenant": tenant.pk, "to": to_tenant.pk, "now": timezone.now()}
    back = execute(_GIVE_BACK_OWN, {**values, **_columns(own)})
    led = {
        "ids": [pk for pk, _kind, _old in given],
        "kinds": [str(kind) for _pk, kind, _old in given],
        "objects": [old for _pk, _kind, old in given],
    }
    back += execute(_GIVE_BACK_OTHERS, {**values, **led})
    # The addresses that the objects had on ``tenant`` in between are known by now, and go on leading somewhere.
    turned = [(pair[0], pair[2], pair[1], pair[3] if len(pair) > 3 else pair[0]) for pair in new]
    return back + execute(_LEAD_OWN, {**values, **_columns(turned)})


# --- inside ------------------------------------------------------------------------------


def _columns(pairs: Iterable[Pair]) -> dict[str, list[Any]]:
    moved = list(pairs)
    return {
        "kinds": [str(pair[0]) for pair in moved],
        "olds": [pair[1] for pair in moved],
        "to_kinds": [str(pair[-1] if len(pair) > 3 else pair[0]) for pair in moved],
        "news": [pair[2] for pair in moved],
    }
