"""What the guides of a site lack."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.models import Page

from sites.columns.models import Column, ColumnType

from .completeness import PLAIN, gaps_of
from .models import ServiceItem


@dataclass(frozen=True)
class Judged:
    """A page of services. ``gaps``: labels of what it does not say; ``is_guide``: False for a page of another kind."""

    page: Page
    column: str
    gaps: tuple[str, ...]
    is_guide: bool

    @property
    def complete(self) -> bool:
        return self.is_guide and not self.gaps


def judge_services(*, drafts: bool = False) -> Iterator[Judged]:
    """Yield each page that stands in a column of services of the current site, guides first, as it is live.

    ``drafts``: those that were never public as well, as they are stored.
    """
    columns = list(Column.objects.filter(column_type=ColumnType.SERVICES).order_by("path"))
    seen: set[int] = set()
    for column in columns:
        guides = ServiceItem.objects.descendant_of(column).exclude(pk__in=seen).order_by("path")
        for item in guides if drafts else guides.filter(live=True):
            seen.add(item.pk)
            yield Judged(item, column.title, tuple(gaps_of(item)), True)
        others = Page.objects.descendant_of(column).filter(live=True).exclude(pk__in=seen).not_type(Column, ServiceItem)
        for page in others.order_by("path"):
            seen.add(page.pk)
            yield Judged(page, column.title, (), False)


def incomplete_guides() -> QuerySet[ServiceItem]:
    """Return the live guides of the current site that lack something, by one statement.

    It agrees with ``gaps_of`` but for a rich text that has marks and no words.
    """
    listed = ServiceItem.objects.filter(live=True).annotate(
        materials_kept=Cast("materials", TextField()), steps_kept=Cast("steps", TextField())
    )
    empty = Q(steps_kept="[]") | Q(materials_kept="[]", without_materials=False)
    for name in PLAIN:
        empty |= Q(**{name: ""})
    person = Q(for_whom__in=("person", "both"), life_event="")
    enterprise = Q(for_whom__in=("enterprise", "both"), enterprise_event="")
    return listed.filter(empty | person | enterprise)
