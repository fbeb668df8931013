"""Which columns are overdue: how long each has been without anything new, and how long it may be."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from .models import Column, UpdateDuty

#: Days allowed to a daily column, whatever limit is entered: the meaning of "daily", not a regulation's number.
_DAILY_LIMIT = 1


@dataclass(frozen=True)
class ColumnState:
    """How up to date a column is.

    ``newest``: last first publication of a page in the column or below it, None when it is empty; ``items``: number of
    those pages; ``days``: whole days since ``newest``; ``limit``: days allowed, None when there is no limit.
    """

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


#: Newest publication and number of live content pages by the tree path of their parent, in one pass over all pages.
_NEWEST = """
SELECT left(p.path, length(p.path) - %s), max(p.first_published_at), count(*)
FROM wagtailcore_page p
WHERE p.live AND p.depth > 2 AND NOT EXISTS (SELECT 1 FROM columns_column x WHERE x.page_ptr_id = p.id)
GROUP BY 1
"""


def column_states() -> list[ColumnState]:
    """Return the state of every live column of the current site in tree order, with two database queries."""
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
