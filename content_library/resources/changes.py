"""Changes since a cursor, for a feed, an API or another platform, page by page, missing nothing.

A cursor is (transaction, row). Only what lies below the oldest transaction still open is given
out: a transaction that began earlier and commits later would otherwise appear behind the reader.
"""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from ..models import Change

BEGINNING = "0-0"


@dataclass(frozen=True)
class ChangePage:
    """A page of changes in order, the ``cursor`` to ask with next, and whether to ask again at once (``more``)."""

    changes: list[Change]
    cursor: str
    more: bool


def changes_since(cursor: str = BEGINNING, *, limit: int = 500) -> ChangePage:
    """Return the changes after ``cursor`` (``""``: all of them), with resource and current version.

    Raises Refused for what is no cursor. After a dump was restored into a new cluster, transaction
    numbers begin anew; a cursor from before is then read by its row alone.
    """
    xact, row = _read(cursor)
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        settled = sql.fetchone()[0]
        after = "id > %s" if xact >= settled else "(xact, id) > (%s, %s)"
        sql.execute(
            f"SELECT id FROM public.content_library_change WHERE {after} AND xact < %s ORDER BY xact, id LIMIT %s",
            [*([row] if xact >= settled else [xact, row]), settled, limit + 1],
        )
        ids = [found[0] for found in sql.fetchall()]
    rows = Change.objects.select_related("resource", "resource__current", "resource__tenant").defer(
        "resource__terms",
        "resource__folded",
        "resource__current__html",
        "resource__current__text",
        "resource__current__link_marks",
    )
    by_id = {change.pk: change for change in rows.filter(pk__in=ids[:limit])}
    changes = [by_id[pk] for pk in ids[:limit]]
    reached = f"{changes[-1].xact}-{changes[-1].pk}" if changes else f"{xact}-{row}"
    return ChangePage(changes, reached, len(ids) > limit)


def begin_order_anew() -> None:
    """The rows lie in a cluster that counts transactions from its beginning: order is by row from now on.

    Cursors that others kept still work. Nothing is done where the count goes on. Call as owner.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.content_library_change SET xact = 3 WHERE (SELECT max(xact) FROM"
            " public.content_library_change) >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )


def _read(cursor: str) -> tuple[int, int]:
    xact, _dash, row = (cursor or BEGINNING).partition("-")
    if not (xact.isdecimal() and row.isdecimal() and len(cursor) <= 40):
        raise Refused(_("变更位置“%(cursor)s”无效，请留空以从头开始。") % {"cursor": cursor[:60]})
    return int(xact), int(row)
