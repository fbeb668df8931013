"""Columns against their duty to be kept up to date."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from .models import Column, UpdateDuty

#: A daily column has one day, whatever limit is entered: that is what the word says, no regulation's number.
_DAILY_LIMIT = 1


@dataclass(frozen=True)
class ColumnState:
    """``newest``: last publication in the column or below it; ``days``: since then; ``limit``: allowed days."""

    column: Column
    newest: datetime | None
    items: int
    days: int | None
    limit: int | None

    @property
    def is_empty(self) -> bool:
        return self.items == 0

    @property
    def is_overdue(self) -> bool:
        return self.limit is not None and self.days is not None and self.days > self.limit


_NEWEST = """
SELECT c.id, max(p.first_published_at), count(p.id)
FROM wagtailcore_page c
JOIN columns_column k ON k.page_ptr_id = c.id
LEFT JOIN wagtailcore_page p ON p.path LIKE c.path || '_%%' AND p.live
  AND NOT EXISTS (SELECT 1 FROM columns_column x WHERE x.page_ptr_id = p.id)
GROUP BY c.id
"""


def column_states() -> list[ColumnState]:
    """Every live column of the current site in tree order; two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        found = {pk: (newest, count) for pk, newest, count in cursor.fetchall()}
    now = timezone.now()
    states = []
    for column in Column.objects.filter(live=True).order_by("path"):
        newest, count = found.get(column.pk, (None, 0))
        days = (now - newest).days if newest else None
        limit = _DAILY_LIMIT if column.update_duty == UpdateDuty.DAILY else column.update_limit_days
        states.append(ColumnState(column, newest, count, days, limit))
    return states
