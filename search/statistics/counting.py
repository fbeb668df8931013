"""Counting questions while they are answered: bounded in memory, in statements and in rows, without personal data."""

import logging
from datetime import date

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from govplatform.gathered import Gathered
from govplatform.tenancy.models import Tenant

from ..results import Results
from .keepable import may_be_kept, places_that_asked, words_are_public

logger = logging.getLogger("govplatform.search")

#: Terms of one site and day, and by how many they may be exceeded before the least are removed. Our own numbers.
KEPT, _TOLERANCE = 200, 20
_DAYS = """
INSERT INTO public.search_askedday AS a (tenant_id, day, asked, without)
SELECT n.tenant, n.day, n.asked, n.without
FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::bigint[]) AS n(tenant, day, asked, without)
WHERE EXISTS (SELECT 1 FROM public.tenancy_tenant t WHERE t.id = n.tenant) ORDER BY n.tenant, n.day
ON CONFLICT (tenant_id, day) DO UPDATE SET asked = a.asked + excluded.asked, without = a.without + excluded.without
"""
_TERMS = """
INSERT INTO public.search_askedterm AS a (tenant_id, day, term, asked, without)
SELECT n.tenant, n.day, n.term, n.asked, n.without
FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::bigint[], %s::bigint[]) AS n(tenant, day, term, asked, without)
WHERE EXISTS (SELECT 1 FROM public.tenancy_tenant t WHERE t.id = n.tenant) ORDER BY n.tenant, n.day, n.term
ON CONFLICT (tenant_id, day, term)
DO UPDATE SET asked = a.asked + excluded.asked, without = a.without + excluded.without
"""
_COUNT = """
SELECT count(*) FROM (SELECT 1 FROM public.search_askedterm WHERE tenant_id = %s AND day = %s LIMIT %s) AS kept
"""
_TRIM = """
DELETE FROM public.search_askedterm WHERE id IN (
 SELECT id FROM public.search_askedterm WHERE tenant_id = %s AND day = %s ORDER BY asked DESC, id OFFSET %s)
"""
#: (site, day, term or '' for the question alone, whether something was found)
_Key = tuple[int, date, str, bool]
_waiting = Gathered[_Key]()


def note_question(tenant: Tenant, results: Results, client: str) -> None:
    """Count a question of a citizen, and its term if it may be kept. Never raises.

    ``client``: an address, which is kept nowhere.
    """
    if not results.words:
        return
    today, found = timezone.localdate(), results.total > 0
    question: _Key = (tenant.pk, today, "", found)
    taken = _waiting.add(question, instead=question)
    if count := _countable(tenant, results, client):
        taken = _added(taken, _waiting.add((tenant.pk, today, written(results.text), found), question, count))
    if taken:
        try:
            with transaction.atomic():
                _write(taken)
        except DatabaseError:
            logger.exception("questions could not be counted")


def written(text: str) -> str:
    """Return a question as the statistics write it: letters small, one blank between words."""
    return " ".join(text.lower().split())


def forget_waiting() -> None:
    """Drop what was counted and not written; for tests."""
    _waiting.forget()


def _countable(tenant: Tenant, results: Results, client: str) -> int:
    """Return how much is to be added to the term: nothing while few have asked, then all of them, then each."""
    term = written(results.text)
    in_title = any(segment.marked for hit in results.hits for segment in hit.title)
    if not may_be_kept(term, in_title=in_title):
        return 0
    least = settings.SEARCH_STATISTICS["places"]
    places = places_that_asked(tenant.pk, term, client)
    # The index is asked when enough places have, and of nothing that stands in a title as a whole.
    if places < least or not (in_title or words_are_public(term)):
        return 0
    return places if places == least else 1


def _added(one: dict[_Key, int], other: dict[_Key, int]) -> dict[_Key, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in one | other}


def _write(counts: dict[_Key, int]) -> None:
    days: dict[tuple[int, date], list[int]] = {}
    terms: dict[tuple[int, date, str], list[int]] = {}
    for (tenant, day, term, found), count in counts.items():
        row = terms.setdefault((tenant, day, term), [0, 0]) if term else days.setdefault((tenant, day), [0, 0])
        row[0] += count
        row[1] += 0 if found else count
    with connection.cursor() as cursor:
        for statement, rows in ((_DAYS, days), (_TERMS, terms)):
            if rows:
                # Column by column: the keys, then the two counts.
                columns = [(*key, *row) for key, row in rows.items()]
                cursor.execute(statement, [list(column) for column in zip(*columns, strict=True)])
        for tenant, day in sorted({(tenant, day) for tenant, day, _term in terms}):
            cursor.execute(_COUNT, [tenant, day, KEPT + _TOLERANCE + 1])
            if cursor.fetchone()[0] > KEPT + _TOLERANCE:
                cursor.execute(_TRIM, [tenant, day, KEPT])
