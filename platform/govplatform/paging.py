"""Pages of lists that grow for years: what is counted and what can be turned to is bounded."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

#: Counted so far, and no further: who looks for something behind it narrows the list down.
COUNTED_UP_TO = 10_000


class BoundedPaginator(Paginator):
    """Django's paginator that counts at most ``most`` rows and offers no page behind them.

    So a list that grows for years is never read as a whole. ``count``: number of rows, or ``most`` where there are
    more; ``is_cut``: whether there are more. ``in_order``: counted in the order of the list, for one with an index of
    its order and few rows that are wanted at the beginning of the table.
    """

    def __init__(
        self, object_list: Any, per_page: int, *, most: int = COUNTED_UP_TO, in_order: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(object_list, per_page, **kwargs)
        self.most, self.in_order = most, in_order

    @cached_property
    def _counted(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        if not self.in_order:
            rows = rows.order_by()
        return rows[: self.most + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.most)

    @property
    def is_cut(self) -> bool:
        return self._counted > self.most
