"""The statements that write the ledger: many addresses at a time, in the transaction of what made them public.

Rows of a site are written behind its audit chain, as its pages are (deploy/decisions/018-one-lock-order.md), in the
order of their keys.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .canonical import DEFAULT_RULES, Form, Rules, stored_form
from .known import Ending, Kind, KnownAddress
from .models import Address, HostRules

BATCH = 2_000
_RULES_SECONDS = 30
_LONGEST_TITLE, _LONGEST_VARIANT, _LONGEST_PARAMETER = 255, 255, 60

_ENTER = """
INSERT INTO public.addresses_address AS a
 (tenant_id, host, path, key, loose, kind, object_id, variant, title, state, ending, reason, to_kind, to_path, to_url,
  since, changed_at)
SELECT %(tenant)s, %(host)s, n.path, n.key, n.loose, n.kind, n.object_id, n.variant, n.title, %(state)s, n.ending, '',
 '', '', '', %(now)s, %(now)s
FROM unnest(%(paths)s::text[], %(keys)s::uuid[], %(looses)s::uuid[], %(kinds)s::text[], %(objects)s::bigint[],
            %(variants)s::text[], %(titles)s::text[], %(endings)s::text[])
     AS n(path, key, loose, kind, object_id, variant, title, ending)
ORDER BY n.key
ON CONFLICT (tenant_id, host, key) DO {conflict}
"""
#: Whatever the address was before, it leads to what is public there now.
_PUBLIC_AGAIN = """UPDATE SET
 path = excluded.path, kind = excluded.kind, object_id = excluded.object_id, variant = excluded.variant,
 title = excluded.title, state = excluded.state, ending = '', reason = '', to_tenant_id = NULL, to_kind = '',
 to_object = NULL, to_path = '', to_url = '', changed_at = excluded.changed_at
WHERE (a.kind, a.object_id, a.variant, a.title, a.state, a.to_tenant_id, a.to_path, a.to_url) IS DISTINCT FROM
 (excluded.kind, excluded.object_id, excluded.variant, excluded.title, excluded.state, NULL, '', '')"""
_END = """
UPDATE public.addresses_address SET state = 'past', ending = %(ending)s, changed_at = %(now)s
WHERE tenant_id = %(tenant)s AND host = '' AND state = 'public' AND kind = ANY(%(kinds)s)
 AND object_id = ANY(%(objects)s) AND NOT (key = ANY(%(but)s::uuid[]))
"""
_OLD = """
INSERT INTO public.addresses_address AS a
 (tenant_id, host, path, key, loose, kind, object_id, variant, title, state, ending, reason, to_tenant_id, to_kind,
  to_path, to_url, since, changed_at)
SELECT %(tenant)s, %(host)s, n.path, n.key, n.loose, n.kind, NULL, '', n.title, 'past', 'by_hand', n.reason, n.tenant,
 '', n.to_path, n.to_url, %(now)s, %(now)s
FROM unnest(%(paths)s::text[], %(keys)s::uuid[], %(looses)s::uuid[], %(kinds)s::text[], %(titles)s::text[],
            %(reasons)s::text[], %(tenants)s::bigint[], %(to_paths)s::text[], %(to_urls)s::text[])
     AS n(path, key, loose, kind, title, reason, tenant, to_path, to_url)
ORDER BY n.key
ON CONFLICT (tenant_id, host, key) DO UPDATE SET
 title = coalesce(nullif(excluded.title, ''), a.title),
 -- of what was withdrawn the title is not told, whatever else is said of it later
 ending = CASE a.ending WHEN 'withdrawn' THEN a.ending ELSE excluded.ending END, reason = excluded.reason,
 to_tenant_id = excluded.to_tenant_id, to_kind = '', to_object = NULL, to_path = excluded.to_path,
 to_url = excluded.to_url, changed_at = excluded.changed_at
-- what a closed site had public is not served there, and stays known as what its archive has to hold
WHERE a.state = 'past'
 OR EXISTS (SELECT 1 FROM public.tenancy_tenant t WHERE t.id = a.tenant_id AND t.status = 'retired')
"""
#: A key as ``canonical.key_of`` makes it, of the text that stands for ``{}``.
KEY = "encode(substring(sha256(convert_to({}, 'UTF8')) for 16), 'hex')::uuid"
_NEW_PATH = "%(after)s || substr(path, %(length)s)"
_MOVE = f"""
INSERT INTO public.addresses_address AS a
 (tenant_id, host, path, key, loose, kind, object_id, variant, title, state, ending, reason, to_kind, to_path, to_url,
  since, changed_at)
SELECT tenant_id, '', n.path, {KEY.format("n.path")}, {KEY.format("n.loose")}, kind, object_id, variant, title,
 'public', '', '', '', '', '', %(now)s, %(now)s
FROM (
 -- the loose form of an address of our own, whose names have neither endings nor capital letters beyond ASCII
 SELECT m.*, coalesce(nullif(rtrim(lower(split_part(m.path, '?', 1)), '/'), ''), '/')
   || coalesce(substring(lower(m.path) from '\\?.*'), '') AS loose
 FROM (
  SELECT tenant_id, kind, object_id, variant, title, {_NEW_PATH} AS path FROM public.addresses_address
  WHERE tenant_id = %(tenant)s AND host = '' AND state = 'public' AND kind = ANY(%(kinds)s)
   AND starts_with(path, %(before)s)
 ) m
) n
ORDER BY 4
ON CONFLICT (tenant_id, host, key) DO {_PUBLIC_AGAIN}
"""
_LEFT_BEHIND = """
UPDATE public.addresses_address SET state = 'past', ending = 'moved', changed_at = %(now)s
WHERE tenant_id = %(tenant)s AND host = '' AND state = 'public' AND kind = ANY(%(kinds)s)
 AND starts_with(path, %(before)s)
"""
#: What lies below a column in the tree of addresses; files and pictures have addresses of their own.
_IN_TREE = [Kind.PAGE.value, Kind.LIST.value, Kind.FEED.value]


@dataclass(frozen=True)
class OldRow:
    """An address that is not public, and what it answers: a path of ``to_tenant`` (id), a whole address, or 410."""

    form: Form
    kind: str = Kind.PAGE
    title: str = ""
    reason: str = ""
    to_tenant: int | None = None
    to_path: str = ""
    to_url: str = ""


def rules_of(tenant: Tenant, host: str = "") -> Rules:
    """How the addresses of ``host`` are read ('': the site's own hosts, whose rules hold where a host has none).

    The safe defaults where nobody chose.
    Other processes read new rules within ``_RULES_SECONDS``.
    """
    return cast(Rules, cache.get_or_set(_rules_key(tenant, host), lambda: _read_rules(tenant, host), _RULES_SECONDS))


def forget_rules(tenant: Tenant, host: str = "") -> None:
    """Have this process read the rules of ``host`` anew."""
    cache.delete(_rules_key(tenant, host))


def rules_with_parameters(tenant: Tenant, host: str, names: Iterable[str]) -> Rules:
    """Have these query parameters tell pages apart on ``host`` from now on, beside those that do already.

    For addresses that come in with the parameters; those of the host that are known have none of them.
    """
    missing = sorted(
        {name for name in names if len(name) <= _LONGEST_PARAMETER} - set(rules_of(tenant, host).significant)
    )
    if missing:
        chosen, _made = HostRules.objects.get_or_create(
            tenant=tenant,
            host=host,
            defaults={
                "default_documents": list(DEFAULT_RULES.default_documents),
                "legacy_extensions": list(DEFAULT_RULES.legacy_extensions),
            },
        )
        chosen.significant = sorted({*chosen.significant, *missing})
        chosen.save(update_fields=["significant"])
        forget_rules(tenant, host)
        transaction.on_commit(lambda: forget_rules(tenant, host))
    return rules_of(tenant, host)


def enter_public(tenant: Tenant, addresses: Iterable[KnownAddress], *, host: str = "") -> int:
    """Enter addresses as public on ``tenant``; return how many were new or led elsewhere before.

    Addresses that are known already become what they are now. What no address can be is left out.
    """
    return sum(
        _write(tenant, host, rows, Address.State.PUBLIC, _PUBLIC_AGAIN)
        for rows in _batches(((address, "") for address in addresses), rules_of(tenant, host))
    )


def enter_new(tenant: Tenant, addresses: Iterable[KnownAddress]) -> list[KnownAddress]:
    """Enter those of the addresses that nobody has entered before as public; return the others.

    Locks no row that is there, so that it needs no chain; for many addresses of things that are about to be public.
    """
    known: list[KnownAddress] = []
    for rows in _batches(((address, "") for address in addresses), rules_of(tenant)):
        values = _values_of(tenant, "", rows, Address.State.PUBLIC)
        with connection.cursor() as cursor:
            cursor.execute(_ENTER.format(conflict="NOTHING") + " RETURNING a.key", values)
            entered = {key for (key,) in cursor.fetchall()}
        known += [address for address, _ending, form in rows if form.key not in entered]
    return known


def enter_past(tenant: Tenant, addresses: Iterable[tuple[KnownAddress, str]], *, host: str = "") -> int:
    """Enter addresses that were public once, each with its ending; those that are known stay as they are."""
    return sum(
        _write(tenant, host, rows, Address.State.PAST, "NOTHING")
        for rows in _batches(addresses, rules_of(tenant, host))
    )


def enter_old(tenant: Tenant, host: str, rows: Iterable[OldRow]) -> int:
    """Enter addresses with what each answers, as people or an import say; those that are known are overwritten.

    ``host`` as in ``Address``. Targets have been checked by the caller. Returns the number of addresses.
    """
    entered, waiting = 0, iter(rows)
    while taken := list(islice(waiting, BATCH)):
        entered += execute(
            _OLD,
            {
                "tenant": tenant.pk,
                "host": host,
                "now": timezone.now(),
                "paths": [row.form.path for row in taken],
                "keys": [row.form.key for row in taken],
                "looses": [row.form.loose_key for row in taken],
                "kinds": [str(row.kind) for row in taken],
                "titles": [row.title.replace("\x00", "")[:_LONGEST_TITLE] for row in taken],
                "reasons": [row.reason for row in taken],
                "tenants": [row.to_tenant for row in taken],
                "to_paths": [row.to_path for row in taken],
                "to_urls": [row.to_url for row in taken],
            },
        )
    return entered


def renew_keys(tenant: Tenant, host: str, rules: Rules) -> tuple[str, str] | None:
    """Give the addresses of ``host`` the keys that ``rules`` make of them; return None.

    Two addresses that would be one are returned instead, and nothing is to be kept of the transaction then.
    """
    seen: dict[UUID, str] = {}
    rows = Address.objects.filter(tenant=tenant, host=host).only("pk", "path", "key", "loose").order_by("pk")
    waiting: list[Address] = []
    for row in rows.iterator(chunk_size=BATCH):
        form = stored_form(row.path, rules)
        if form is None:
            continue
        if form.key in seen:
            return seen[form.key], row.path
        seen[form.key] = row.path
        if (row.path, row.key, row.loose) != (form.path, form.key, form.loose_key):
            row.path, row.key, row.loose = form.path, form.key, form.loose_key
            waiting.append(row)
    Address.objects.bulk_update(waiting, ["path", "key", "loose"], batch_size=BATCH)
    return None


def end_objects(
    tenant: Tenant, kinds: Iterable[str], object_ids: Iterable[int], ending: Ending, *, but: Iterable[KnownAddress] = ()
) -> int:
    """Note that objects are not public any more, at any address but those of ``but``; return the number of addresses.

    Where the object is public at another address, the ended ones lead there.
    """
    kept = [form.key for address in but if (form := stored_form(address.path)) is not None]
    values = {"kinds": [str(kind) for kind in kinds], "objects": list(object_ids), "but": kept}
    return execute(_END, {**values, "tenant": tenant.pk, "ending": str(ending), "now": timezone.now()})


def end_others(tenant: Tenant, addresses: Iterable[KnownAddress], reason: str) -> int:
    """Note that nothing on the site's own hosts is public any more but ``addresses``; return the number of ended ones.

    ``reason``: what each of them says from now on.
    """
    rules = rules_of(tenant)
    kept = {form.key for one in addresses if (form := stored_form(one.path, rules)) is not None}
    public = Address.objects.filter(tenant=tenant, host="", state=Address.State.PUBLIC)
    ended = [pk for pk, key in public.order_by("pk").values_list("pk", "key") if key not in kept]
    for start in range(0, len(ended), BATCH):
        Address.objects.filter(pk__in=ended[start : start + BATCH]).update(
            state=Address.State.PAST, ending=Ending.WITHDRAWN, reason=reason, changed_at=timezone.now()
        )
    return len(ended)


def move_tree(tenant: Tenant, before: str, after: str) -> int:
    """Note that everything below the path ``before`` (``/news/``) is public below ``after`` now; return the number.

    The addresses below ``before`` lead to the new ones. Set-based: two statements for any number of pages.
    """
    if before == after:
        return 0
    if after.startswith(before):
        # A column is never its own column; the statements below would move what they have just moved.
        raise ValueError(f"{after} lies below {before}")
    values: dict[str, Any] = {"tenant": tenant.pk, "kinds": _IN_TREE, "now": timezone.now(), "before": before}
    moved = execute(_MOVE, {**values, "after": after, "length": len(before) + 1})
    execute(_LEFT_BEHIND, values)
    return moved


# --- inside ------------------------------------------------------------------------------


def _rules_key(tenant: Tenant, host: str) -> str:
    return f"addresses:rules:{tenant.pk}:{host}"


def _read_rules(tenant: Tenant, host: str) -> Rules:
    chosen = HostRules.objects.filter(tenant_id=tenant.pk, host__in={"", host}).order_by("-host").first()
    return chosen.as_rules() if chosen is not None else DEFAULT_RULES


def _batches(addresses: Iterable[tuple[KnownAddress, str]], rules: Rules) -> Iterator[list[Any]]:
    # One statement must not meet the same address twice: the last one counts.
    waiting = iter(addresses)
    while taken := list(islice(waiting, BATCH)):
        rows: dict[Any, tuple[KnownAddress, str, Form]] = {}
        for address, ending in taken:
            form = stored_form(address.path, rules)
            if form is not None:
                rows[form.key] = (address, ending, form)
        if rows:
            yield list(rows.values())


def _write(tenant: Tenant, host: str, rows: list[Any], state: str, conflict: str) -> int:
    return execute(_ENTER.format(conflict=conflict), _values_of(tenant, host, rows, state))


def _values_of(tenant: Tenant, host: str, rows: list[Any], state: str) -> dict[str, Any]:
    now: datetime = timezone.now()
    return {
        "tenant": tenant.pk,
        "host": host,
        "state": str(state),
        "now": now,
        "paths": [form.path for _address, _ending, form in rows],
        "keys": [form.key for _address, _ending, form in rows],
        "looses": [form.loose_key for _address, _ending, form in rows],
        "kinds": [str(address.kind) for address, _ending, _form in rows],
        "objects": [address.object_id for address, _ending, _form in rows],
        "variants": [address.variant[:_LONGEST_VARIANT] for address, _ending, _form in rows],
        "titles": [address.title.replace("\x00", "")[:_LONGEST_TITLE] for address, _ending, _form in rows],
        "endings": [str(ending) for _address, ending, _form in rows],
    }


def execute(statement: str, values: dict[str, Any]) -> int:
    """Send a statement over the ledger; return the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
