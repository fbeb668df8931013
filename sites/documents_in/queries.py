"""Reading imports."""

from django.db.models import Count, Q, QuerySet

from govplatform.review.gate.status import DRAFT, LABELS, page_status
from sites.columns.models import Column

from .models import ImportBatch, ImportItem


def earlier_import(column: Column, sm3: str, *, besides: ImportItem) -> ImportItem | None:
    """The item through which the same bytes became a page that still stands on ``column``."""
    if not sm3:
        return None
    return (
        ImportItem.objects.filter(
            sm3=sm3, state=ImportItem.State.DONE, page__path__startswith=column.path, page__depth=column.depth + 1
        )
        .exclude(pk=besides.pk)
        .select_related("page")
        .first()
    )


def recent_batches() -> QuerySet[ImportBatch]:
    """Batches of the current site, newest first, with ``total``, ``done`` and ``failed``."""
    return (
        ImportBatch.objects.select_related("started_by")
        .annotate(
            total=Count("items"),
            done=Count("items", filter=Q(items__state=ImportItem.State.DONE)),
            failed=Count("items", filter=Q(items__state=ImportItem.State.FAILED)),
        )
        .filter(total__gt=0)
    )


def items_of(batch: ImportBatch) -> list[ImportItem]:
    """Items with ``status`` (word), ``status_label`` and ``may_submit`` of their page."""
    items = list(batch.items.select_related("page", "duplicate_of"))
    for item in items:
        word = page_status(item.page) if item.page else ""
        item.status_label = LABELS.get(word, "")  # type: ignore[attr-defined]
        item.is_draft = word == DRAFT  # type: ignore[attr-defined]
    return items


def columns_for_import() -> QuerySet[Column]:
    """Live columns in the order of the tree."""
    return Column.objects.filter(live=True).order_by("path")
