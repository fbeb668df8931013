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


#: By the place right above it: what is live, in one pass over the site's pages, however many columns there are.
_NEWEST = """
SELECT left(p.path, length(p.path) - %s), max(p.first_published_at), count(*)
FROM wagtailcore_page p
WHERE p.live AND p.depth > 2 AND NOT EXISTS (SELECT 1 FROM columns_column x WHERE x.page_ptr_id = p.id)
GROUP BY 1
"""


def column_states() -> list[ColumnState]:
    """Every live column of the current site in tree order; two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [Column.steplen])
        places = cursor.fetchall()
    now = timezone.now()
    states = []
    for column in Column.objects.filter(live=True).order_by("path"):
        below = [(newest, count) for path, newest, count in places if path.startswith(column.path)]
        newest = max((moment for moment, _count in below if moment), default=None)
        days = (now - newest).days if newest else None
        limit = _DAILY_LIMIT if column.update_duty == UpdateDuty.DAILY else column.update_limit_days
        states.append(ColumnState(column, newest, sum(count for _moment, count in below), days, limit))
    return states
