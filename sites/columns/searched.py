"""Columns as they can be found: by name and description, which are what stands on them."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.review.queries import site_path
from search.registry import OtherDocument

from .models import Column


class ColumnSource:
    """Every column that citizens can open."""

    kind = "column"
    label = _("栏目")

    def documents(self) -> Iterator[OtherDocument]:
        """Yield the columns of the current site by their key."""
        for column in Column.objects.filter(live=True).order_by("pk").iterator():
            yield _described(column)

    def document(self, page: int) -> OtherDocument | None:
        """Return a column; None when it is not shown."""
        column = Column.objects.filter(pk=page, live=True).first()
        return None if column is None else _described(column)


def _described(column: Column) -> OtherDocument:
    path = site_path(column)
    return OtherDocument(
        page=column.pk,
        path=path,
        column=path,
        title=column.title,
        summary=column.description,
        text=column.description,
        published=column.first_published_at or timezone.now(),
    )
