"""Counting of paths that nobody knows: bounded in memory, in statements and in rows, and without personal data."""

import logging
import re
import time
from dataclasses import dataclass, field
from threading import Lock

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .canonical import Form, key_of
from .models import UnknownPath

logger = logging.getLogger("govplatform.public")

#: Rows of one site, and by how many they may be exceeded before the least are removed. The product's own numbers.
KEPT, _TOLERANCE = 1_000, 100
#: Paths that wait in memory; statements at once, and in a second after that.
_WAITING_AT_MOST, _BURST, _PER_SECOND = 500, 50, 5.0
_LONGEST = 300
#: What may name a person: addresses of mail, numbers of phones and identity cards.
_PERSONAL = re.compile(r"@|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")
_ADD = """
INSERT INTO public.addresses_unknownpath AS u (tenant_id, host, path, key, count, first_on, last_on, state)
SELECT n.tenant, n.host, n.path, n.key, n.count, %(today)s, %(today)s, 'open'
FROM unnest(%(tenants)s::bigint[], %(hosts)s::text[], %(paths)s::text[], %(keys)s::uuid[], %(counts)s::bigint[])
     AS n(tenant, host, path, key, count)
WHERE EXISTS (SELECT 1 FROM public.tenancy_tenant t WHERE t.id = n.tenant)
ORDER BY n.tenant, n.host, n.key
ON CONFLICT (tenant_id, host, key) DO UPDATE SET count = u.count + excluded.count, last_on = excluded.last_on
"""
_TRIM = """
DELETE FROM public.addresses_unknownpath WHERE id IN (
 SELECT id FROM public.addresses_unknownpath WHERE tenant_id = %s AND path <> ''
 ORDER BY state = 'left' DESC, count DESC, last_on DESC, id OFFSET %s)
"""
_Named = tuple[int, str, str]


@dataclass
class _Waiting:
    """What this process has counted and not written yet, of all sites, and how many statements it may send."""

    counts: dict[_Named, int] = field(default_factory=dict)
    tokens: float = float(_BURST)
    refilled: float = field(default_factory=time.monotonic)
    lock: Lock = field(default_factory=Lock)

    def add(self, named: _Named) -> dict[_Named, int]:
        """Count once more; return what is to be written now, nothing while the statements are used up."""
        with self.lock:
            if named not in self.counts and len(self.counts) >= _WAITING_AT_MOST:
                named = (named[0], "", "")
            self.counts[named] = self.counts.get(named, 0) + 1
            now = time.monotonic()
            self.tokens = min(float(_BURST), self.tokens + (now - self.refilled) * _PER_SECOND)
            self.refilled = now
            if self.tokens < 1:
                return {}
            self.tokens -= 1
            taken, self.counts = self.counts, {}
            return taken


_waiting = _Waiting()


def note_unknown(tenant: Tenant, host: str, forms: list[Form]) -> None:
    """Count that an address of ``host`` was asked for which nobody knows. Never raises, never waits for a lock long.

    Of the address its path alone is kept, and not even that when it is long or may name a person.
    """
    path = forms[0].path.partition("?")[0] if forms else ""
    if len(path) > _LONGEST or _PERSONAL.search(path):
        path = ""
    if taken := _waiting.add((tenant.pk, host if path else "", path)):
        try:
            with transaction.atomic():
                _write(taken)
        except DatabaseError:
            logger.exception("unknown paths could not be counted")


def forget_waiting() -> None:
    """Drop what was counted and not written; for tests and for processes that begin anew."""
    global _waiting
    _waiting = _Waiting()


def _write(counts: dict[_Named, int]) -> None:
    rows = sorted(counts.items())
    values = {
        "today": timezone.localdate(),
        "tenants": [tenant for (tenant, _host, _path), _count in rows],
        "hosts": [host for (_tenant, host, _path), _count in rows],
        "paths": [path for (_tenant, _host, path), _count in rows],
        "keys": [key_of(path) for (_tenant, _host, path), _count in rows],
        "counts": [count for _named, count in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        cursor.execute(_ADD, values)
        for tenant in sorted({tenant for (tenant, _host, _path), _count in rows}):
            kept = UnknownPath.objects.filter(tenant_id=tenant)[: KEPT + _TOLERANCE + 1].count()
            if kept > KEPT + _TOLERANCE:
                cursor.execute(_TRIM, [tenant, KEPT])
