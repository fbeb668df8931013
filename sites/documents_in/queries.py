"""The queries about imports: earlier ones, recent batches, the items of a batch."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from wagtail.models import Page

from govplatform.refusals import Refused
from govplatform.review.gate.status import DRAFT, RETURNED, state_of
from govplatform.tenancy.queue_status import place_in_words, places_in_line
from govplatform.tenancy.queues import BULK
from sites.columns.models import Column
from sites.columns.writing_rights import columns_to_write
from sites.pages.content_page import ContentPage
from sites.policies.models import PolicyDocument

from .models import ImportBatch, ImportItem
from .repeats import RepeatedRun, repeated_runs

_KINDS = {"missing": _l("缺少"), "added": _l("多出"), "moved": _l("次序变动")}
_PLACES = {
    "paragraph": _l("原件第 %(number)s 段"),
    "note": _l("原件注释 %(number)s"),
    "page": _l("原件第 %(number)s 页"),
    "line": _l("原件第 %(number)s 行"),
}

#: What an import must have found, or a person given, before a policy is offered for review. Documents that name none of
#: it exist, and nobody may invent them: those are handed in on their own screen.
NEEDED_OF_POLICIES = ("document_number", "issued_by", "issued_on")
_COUNTS = MappingProxyType(
    {
        "total": Count("items"),
        "read": Count("items", filter=Q(items__state=ImportItem.State.READ)),
        "done": Count("items", filter=Q(items__state=ImportItem.State.DONE)),
        "failed": Count("items", filter=Q(items__state=ImportItem.State.FAILED)),
    }
)

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


def unlooked_import_of(page: Page) -> ImportItem | None:
    """Return the import of a page that differs from its file so much that somebody has to look, and nobody has."""
    return ImportItem.objects.filter(page_id=page.pk, looked_at=None, compared__must_look=True).first()


def reasons_against_unlooked(page: ContentPage) -> list[str]:
    """Return, as sentences, that the page differs from the file it was made of and nobody has looked at that yet."""
    item = unlooked_import_of(page)
    if item is None:
        return []
    return [
        _(
            "“%(title)s”与导入的原件“%(file)s”不一致（缺 %(missing)d 字，多 %(added)d 字），"
            "请先在“文档导入”的结果中对照并确认。"
        )
        % {
            "title": page.title,
            "file": item.filename,
            "missing": item.compared["missing"],
            "added": item.compared["added"],
        }
    ]


def differences_of(item: ImportItem) -> list[tuple[str, str, int, str]]:
    """Return (what, place, characters, words) of each difference between page and original, in the reader's words."""
    return [
        (
            str(_KINDS[one["kind"]]),
            str(_PLACES[one["place"]]) % {"number": one["number"]} if one["place"] else _("草稿中"),
            one["count"],
            one["text"],
        )
        for one in item.compared.get("differences", [])
    ]


def repeats_of(item: ImportItem) -> list[RepeatedRun]:
    """Return the runs of paragraphs that the draft of an import has twice; none of a page that is no draft."""
    if item.page is None or not item.recognised.get("repeats"):
        return []
    draft = item.page.get_latest_revision_as_object()
    return repeated_runs(draft.body.get_prep_value()) if hasattr(draft, "body") else []


def import_of(page_id: int) -> ImportItem:
    """Return the import that made a page. Raises Refused where none did."""
    item = ImportItem.objects.filter(page_id=page_id).first()
    if item is None:
        raise Refused(_("页面 %(id)d 不是由文档导入建立的。") % {"id": page_id})
    return item


def recent_batches(user: Any, most: int) -> list[ImportBatch]:
    """Return the newest batches that ``user`` may open, with numbers ``total``, ``read``, ``done``, ``failed``.

    Their own that hold a file, and those of others of which a page has come.
    """
    files = ImportItem.objects.filter(batch=OuterRef("pk"))
    # Counted in the batches that are shown, not in every one since the site was opened.
    newest = ImportBatch.objects.filter(
        Q(Exists(files), started_by=user.pk) | Q(Exists(files.filter(state=ImportItem.State.DONE)))
    )
    shown = list(newest.values_list("pk", flat=True)[:most])
    batches = ImportBatch.objects.filter(pk__in=shown).select_related("started_by")
    return list(batches.annotate(**_COUNTS))


def left_batches() -> list[ImportBatch]:
    """Return the batches with files without a draft, the oldest first, with ``unmade``, ``bytes`` and ``since``."""
    unmade = ~Q(items__state__in=(ImportItem.State.DONE, ImportItem.State.MAKING))
    batches = ImportBatch.objects.select_related("started_by").annotate(
        unmade=Count("items", filter=unmade), bytes=Sum("items__size", filter=unmade), since=Max("items__changed_at")
    )
    return list(batches.filter(unmade__gt=0).order_by("since", "pk"))


def may_open(batch: ImportBatch, user: Any) -> bool:
    """Tell whether ``user``, an editor, may open a batch: their own, or one of which a page has come."""
    return batch.started_by_id == user.pk or batch.items.filter(state=ImportItem.State.DONE).exists()


def items_for(batch: ImportBatch, user: Any) -> QuerySet[ImportItem]:
    """Return the files of a batch that ``user``, an editor, may see: all of their own, of others what became a page."""
    if batch.started_by_id == user.pk:
        return batch.items.all()
    return batch.items.filter(state=ImportItem.State.DONE)


def items_of(items: QuerySet[ImportItem]) -> list[ImportItem]:
    """Return the items, each with ``status_label`` ("" without a page) and ``is_draft`` of its page.

    ``differences`` and ``repeats``: see the queries of these names, ``differing``: how many differences there are;
    ``place``: where it stands in the line, in words, "" when it does not wait; ``lacking``: what a policy lacks to be
    offered for review, ``may_submit``: whether it is offered.
    """
    found = list(items.select_related("page", "duplicate_of", "looked_by", "enclosed_in__page"))
    places = places_of(found)
    for item in found:
        state = state_of(item.page.specific) if item.page else None
        word = state.status if state else ""
        draft = word in (DRAFT, RETURNED)
        item.differences = differences_of(item)  # type: ignore[attr-defined]
        item.differing = len(item.differences) + item.compared.get("more", 0)  # type: ignore[attr-defined]
        item.status_label = state.words if state else ""  # type: ignore[attr-defined]
        item.place = places.get(item.pk, "")  # type: ignore[attr-defined]
        item.is_draft = draft  # type: ignore[attr-defined]
        item.repeats = repeats_of(item) if draft else []  # type: ignore[attr-defined]
        item.lacking = lacking_of(item.page) if draft and item.page else []  # type: ignore[attr-defined]
        item.may_submit = draft and not item.must_be_looked_at and not item.lacking  # type: ignore[attr-defined]
    return found


def places_of(items: Iterable[ImportItem]) -> dict[int, str]:
    """Return {id: place in the line in words} of the items that wait for their job."""
    waiting = [item.pk for item in items if item.state in (ImportItem.State.WAITING, ImportItem.State.MAKING)]
    return {pk: place_in_words(place) for pk, place in places_in_line(IMPORT, BULK, "item_id", waiting).items()}


def lacking_of(page: Page) -> list[str]:
    """Return what the draft of a policy lacks of number, issuing body and date, in words; [] for all other pages."""
    draft = page.get_latest_revision_as_object()
    if not isinstance(draft, PolicyDocument):
        return []
    fields = [draft._meta.get_field(name) for name in NEEDED_OF_POLICIES if not getattr(draft, name)]
    return [str(field.verbose_name) for field in fields]  # type: ignore[union-attr]


def columns_for_import(user: Any = None) -> QuerySet[Column]:
    """Return the live columns of the current site in the order of the tree; of them those where ``user`` writes."""
    columns: QuerySet[Column] = Column.objects.order_by("path") if user is None else columns_to_write(user)
    return columns.filter(live=True)
