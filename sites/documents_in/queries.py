"""The queries about imports: earlier ones, recent batches, the items of a batch."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from govplatform.review.gate.status import DRAFT, LABELS, page_status
from govplatform.tenancy.queue_status import place_in_words, places_in_line
from govplatform.tenancy.queues import BULK
from sites.columns.models import Column

from .models import ImportBatch, ImportItem

#: The job that imports one file.
IMPORT = "sites.documents_in.tasks.import_item"


def earlier_import(column: Column, sm3: str, *, besides: ImportItem) -> ImportItem | None:
    """Return an item whose file has the same bytes and whose page still stands on ``column``, or None.

    ``sm3``: digest of the file, "" finds nothing; ``besides``: the item to leave out.
    """
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


def recent_batches(most: int) -> list[ImportBatch]:
    """Return the newest batches of the current site that hold a file, with numbers ``total``, ``done``, ``failed``."""
    # Counted in the batches that are shown, not in every one since the site was opened.
    newest = ImportBatch.objects.filter(Exists(ImportItem.objects.filter(batch=OuterRef("pk"))))
    shown = list(newest.values_list("pk", flat=True)[:most])
    batches = ImportBatch.objects.filter(pk__in=shown).select_related("started_by")
    return list(
        batches.annotate(
            total=Count("items"),
            done=Count("items", filter=Q(items__state=ImportItem.State.DONE)),
            failed=Count("items", filter=Q(items__state=ImportItem.State.FAILED)),
        )
    )


def items_of(batch: ImportBatch) -> list[ImportItem]:
    """Return the items of a batch, each with ``status_label`` ("" without a page) and ``is_draft`` of its page.

    ``place``: where it stands in the line, in words; "" when it does not wait.
    """
    items = list(batch.items.select_related("page", "duplicate_of"))
    waiting = [item.pk for item in items if item.state == ImportItem.State.WAITING]
    places = places_in_line(IMPORT, BULK, "item_id", waiting)
    for item in items:
        word = page_status(item.page) if item.page else ""
        item.status_label = LABELS.get(word, "")  # type: ignore[attr-defined]
        item.place = place_in_words(places.get(item.pk))  # type: ignore[attr-defined]
        item.is_draft = word == DRAFT  # type: ignore[attr-defined]
    return items


def columns_for_import() -> QuerySet[Column]:
    """Return the live columns of the current site in the order of the tree."""
    return Column.objects.filter(live=True).order_by("path")
