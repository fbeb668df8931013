"""Counting of paths that nobody knows: bounded in memory, in statements and in rows, and without personal data."""

import logging
import re
import unicodedata
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from govplatform.gathered import Gathered
from govplatform.tenancy.models import Tenant

from .canonical import Form, key_of

logger = logging.getLogger("govplatform.public")

#: Rows of one site, and by how many they may be exceeded before the least are removed. The product's own numbers.
KEPT, _TOLERANCE = 1_000, 100
#: Paths that wait in memory; statements at once, and in a second after that.
_WAITING_AT_MOST, _BURST, _PER_SECOND = 500, 50, 5.0
_LONGEST = 300
#: What may name a person: addresses of mail, numbers of phones, identity cards and bank cards, in whatever letters and
#: groups they are written.
_PERSONAL = re.compile(
    r"@|(?<!\d)(?:(?:00)?86-?)?1[3-9]\d-?\d{4}-?\d{4}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?<!\d)\d{6}-?\d{8}-?\d{3}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)|(?<!\d)62\d{14}(?:\d{3})?(?!\d)",
    re.ASCII,
)
_GAPS = re.compile(r"[\s+()-]+")
#: Long numbers to the base of sixteen, beyond that of an MD5 or a UUID, and long names, of which ``_opens`` says more.
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{40,}")
_LONG_NAME = re.compile(r"[\w=:.~-]{24,}", re.ASCII)
_FIGURE, _NO_FIGURE = re.compile(r"[0-9]"), re.compile(r"[A-Za-z_-]")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}(?=/|\Z)")
#: Returns the sites that got a new row by it, each with the number of its rows, which is not counted to the end.
_ADD = f"""
WITH added AS (
INSERT INTO public.addresses_unknownpath AS u (tenant_id, host, path, key, count, first_on, last_on, state)
SELECT n.tenant, n.host, n.path, n.key, n.count, %(today)s, %(today)s, 'open'
FROM unnest(%(tenants)s::bigint[], %(hosts)s::text[], %(paths)s::text[], %(keys)s::uuid[], %(counts)s::bigint[])
     AS n(tenant, host, path, key, count)
WHERE EXISTS (SELECT 1 FROM public.tenancy_tenant t WHERE t.id = n.tenant)
ORDER BY n.tenant, n.host, n.key
ON CONFLICT (tenant_id, host, key) DO UPDATE SET count = u.count + excluded.count, last_on = excluded.last_on
RETURNING tenant_id, xmax = 0 AS is_new
)
SELECT a.tenant_id, (SELECT count(*) FROM (
 SELECT 1 FROM public.addresses_unknownpath k WHERE k.tenant_id = a.tenant_id LIMIT {KEPT + _TOLERANCE + 1}) counted)
FROM added a WHERE a.is_new GROUP BY a.tenant_id
"""
_TRIM = """
DELETE FROM public.addresses_unknownpath WHERE id IN (
 SELECT id FROM public.addresses_unknownpath WHERE tenant_id = %s AND path <> ''
 ORDER BY state = 'left' DESC, count DESC, last_on DESC, id OFFSET %s)
"""
_Named = tuple[int, str, str]


_waiting = Gathered[_Named](most=_WAITING_AT_MOST, burst=_BURST, per_second=_PER_SECOND)


def note_unknown(tenant: Tenant, host: str, forms: list[Form]) -> None:
    """Count that an address of ``host`` was asked for which nobody knows. Never raises.

    Of the address its path alone is kept, and not even that when it is long or may name a person.
    """
    path = min(forms, key=_oddness).path.partition("?")[0] if forms else ""
    if len(path) > _LONGEST or _may_be_personal(path):
        path = ""
    if taken := _waiting.add((tenant.pk, host if path else "", path), instead=(tenant.pk, "", "")):
        try:
            with transaction.atomic():
                _write(taken)
        except DatabaseError:
            logger.exception("unknown paths could not be counted")


def _may_be_personal(path: str) -> bool:
    plain = unicodedata.normalize("NFKC", path)
    if _PERSONAL.search(_GAPS.sub("-", plain)):
        return True
    without = _ENDING.sub("", plain)
    return bool(_HEXADECIMAL.search(without)) or any(_opens(found[0]) for found in _LONG_NAME.finditer(without))


def _opens(name: str) -> bool:
    """Whether a long name opens something for whoever has it: letters of both cases, between figures too.

    No file of an old site is named so: those are in one case.
    """
    figures = [found.start() for found in _FIGURE.finditer(name)]
    between = name[figures[0] : figures[-1]] if figures else ""
    return name != name.lower() and name != name.upper() and bool(_NO_FIGURE.search(between))


def _oddness(form: Form) -> int:
    """How many letters of a reading are neither ASCII nor Chinese: of two readings the other one was meant."""
    return sum(1 for sign in form.path if sign > "\x7f" and not "\u2e80" <= sign <= "\uffef")


def forget_waiting() -> None:
    """Drop what was counted and not written; for tests and for processes that begin anew."""
    _waiting.forget()


def _write(counts: dict[_Named, int]) -> None:
    rows = sorted(counts.items())
    values: dict[str, Any] = {
        "today": timezone.localdate(),
        "tenants": [tenant for (tenant, _host, _path), _count in rows],
        "hosts": [host for (_tenant, host, _path), _count in rows],
        "paths": [path for (_tenant, _host, path), _count in rows],
        "keys": [key_of(path) for (_tenant, _host, path), _count in rows],
        "counts": [count for _named, count in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values)
        for tenant, kept in cursor.fetchall():
            if kept >= KEPT + _TOLERANCE:
                cursor.execute(_TRIM, [tenant, KEPT])
