"""The import of documents: a file is kept, read in a guarded process, and becomes a draft."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status
from govplatform.review.submission.actions import submit_for_review
from govplatform.sentences import translated
from govplatform.tenancy.current import current_schema
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.queues import BULK, require_room
from sites.columns.models import Column
from sites.pages.content_page import ContentPage

from .card_fields import kept_as_typed, read_typed
from .drafting import ImportedPage, create_draft, require_offered, run_import
from .enclosing import match_enclosures
from .extraction import ExtractedDocument
from .models import ImportBatch, ImportItem
from .originals import keep_original, open_regular
from .page_building import describe_recognised
from .permissions import require_editor, require_own
from .queries import IMPORT, unlooked_import_of
from .repeats import repeated_runs, without_runs

NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})


def start_batch(column: Column, *, acting_user: User, submit: bool = False) -> ImportBatch:
    """An empty batch for files on ``column``. Raises Refused for anyone but an editor."""
    with acting(acting_user):
        require_editor(acting_user, column)
        return ImportBatch.objects.create(
            column=column, column_title=column.title, started_by=acting_user, submit=submit
        )


def queue_files(column: Column, files: Sequence[File], *, acting_user: User) -> ImportBatch:
    """Keep uploaded files in a new batch for ``column`` and queue the reading of each.

    Raises Refused, before anything is kept, for anyone but an editor and when the site has too many waiting already.
    """
    require_editor(acting_user)
    require_room(BULK, current_schema(), len(files))
    batch = start_batch(column, acting_user=acting_user)
    for file in files:
        queue_file(batch, file, str(file.name))
    return batch


def import_document(
    path: Path,
    *,
    filename: str,
    column: Column,
    acting_user: User,
    submit: bool = False,
    again: bool = False,
    batch: ImportBatch | None = None,
    typed: Mapping[str, str] = NOTHING_TYPED,
    item: ImportItem | None = None,
) -> ImportedPage:
    """Import the file at ``path`` at once, without a job; its item and original stay in ``batch``.

    ``filename``: the name that the person gave it; ``batch`` None: a new one is started; ``typed``: what takes the
    place of what is recognised, as in a card; ``item``: of the batch, where its original is kept already. Raises
    Refused when the person is no editor or the file cannot be read, is not accepted or was imported before (unless
    ``again``), and for what was typed and cannot be taken.
    """
    require_editor(acting_user)
    batch = batch or start_batch(column, acting_user=acting_user, submit=submit)
    require_own(batch, acting_user)
    _values, wrong = read_typed(typed, column)
    if wrong:
        raise Refused(list(wrong.values()))
    if item is None:
        with open_regular(path) as stream:
            item = keep_original(batch, File(stream), filename)
    if item.state == ImportItem.State.FAILED:
        raise Refused(item.reason)
    item.note(again=again, given=kept_as_typed(typed))
    return run_import(item)


def import_read_document(
    batch: ImportBatch,
    document: ExtractedDocument,
    original: Path,
    *,
    filename: str,
    acting_user: User,
    complete: Callable[[ContentPage], None],
    told: Callable[[ContentPage, Revision], dict[str, Any]] = lambda page, revision: {},
) -> ImportedPage:
    """Make a draft of a document that was read from ``original`` already; its item and original stay in ``batch``.

    ``complete``: fills what only the caller knows into the page before it is stored; ``told``: what the record is to
    say of its first version besides. The same bytes may come again, the caller knows why. Raises Refused for anyone but
    an editor, when the column is gone or the file is not accepted.
    """
    require_editor(acting_user)
    column = batch.column
    if column is None:
        raise Refused(_("栏目“%(title)s”已不存在，请另选栏目后重新上传。") % {"title": batch.column_title})
    # The item and its page come together or not at all, so the column is held before either is written.
    with acting(acting_user, pages=[column.pk]):
        require_editor(acting_user)
        with open_regular(original) as stream:
            item = keep_original(batch, File(stream), filename)
        if item.state == ImportItem.State.FAILED:
            raise Refused(item.reason)
        document.warnings = [translated(warning) for warning in document.warnings]
        item.note(again=True, recognised=describe_recognised(document), warnings=document.warnings)
        page = create_draft(item, document, column, acting_user, complete, told)
        status = page_status(Page.objects.get(pk=page.pk))
    return ImportedPage(item, page, status, item.recognised, [], item.warnings)


def queue_file(batch: ImportBatch, stream: File, filename: str) -> ImportItem:
    """Keep an uploaded file and queue its reading; the item of a file that is not accepted has failed at once."""
    with transaction.atomic():
        item = keep_original(batch, stream, filename, progress=_("已排队"), as_attachment=True)
        if not item.rests:
            enqueue(IMPORT, item_id=item.pk)
        elif item.only_file:
            match_enclosures(batch)
    return item


def retry_import(item: ImportItem, *, acting_user: User, again: bool = False) -> None:
    """Queue a file that failed, or whose job was lost, once more. Raises Refused where that leads nowhere.

    It is read again and waits for a person; with ``again``, one that was read goes on to its draft.
    """
    column = item.batch.column_id
    with acting(acting_user, pages=[column] if column else []):
        require_own(item.batch, acting_user)
        require_editor(acting_user)
        item.refresh_from_db()
        if item.state == ImportItem.State.DONE:
            raise Refused(_("“%(file)s”已经导入。") % {"file": item.filename})
        if not item.original:
            raise Refused(_("“%(file)s”没有保存原件，请重新上传。") % {"file": item.filename})
        if item.state == ImportItem.State.READ:
            raise Refused(_("“%(file)s”已经识别，等待确认，不用重试。") % {"file": item.filename})
        if not item.finished and not item.lost:
            raise Refused(_("“%(file)s”正在处理，请稍候。") % {"file": item.filename})
        require_room(BULK, current_schema())
        was_read = bool(item.recognised) and (again or item.state == ImportItem.State.MAKING)
        item.note(
            state=ImportItem.State.MAKING if was_read else ImportItem.State.WAITING,
            progress=_("已排队"),
            reason="",
            duplicate_of=None,
            again=item.again or again,
        )
        enqueue(IMPORT, item_id=item.pk)


def submit_drafts(
    batch: ImportBatch, item_ids: list[int], *, acting_user: User
) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Submit the drafts of the items in ``batch``; return (titles submitted, [(title, reasons)] of those refused).

    Items without a page are passed over. Raises Refused when the person is no editor.
    """
    require_editor(acting_user)
    submitted: list[str] = []
    refused: list[tuple[str, list[str]]] = []
    for item in batch.items.filter(pk__in=item_ids, page__isnull=False).select_related("page"):
        assert item.page is not None
        try:
            require_offered(item.page)
            submit_for_review(item.page, acting_user=acting_user)
        except Refused as refusal:
            refused.append((item.page.title, refusal.reasons))
        else:
            submitted.append(item.page.title)
            item.note(reason="")
    return submitted, refused


def confirm_comparison(item: ImportItem, *, acting_user: User) -> None:
    """Note that ``acting_user`` has looked at what page and original have unlike, so that the page may be handed in.

    Raises Refused for anyone but an editor, and where there is nothing to look at.
    """
    if item.page_id is None:
        raise Refused(_("“%(file)s”没有草稿，无需对照。") % {"file": item.filename})
    with acting(acting_user, pages=[item.page_id]) as held:
        require_editor(acting_user)
        page = held.page(item.page_id)
        item.refresh_from_db()
        if not item.must_be_looked_at:
            raise Refused(_("“%(title)s”没有待确认的对照结果。") % {"title": page.title})
        item.note(looked_by=acting_user, looked_at=timezone.now())
        told = {name: item.compared[name] for name in ("missing", "added", "moved")}
        record_act("document.compare", acting_user=acting_user, obj=page, detail={"file": item.filename, **told})


def carry_comparison(page: Page, copy: Page) -> None:
    """Let a copy of a page that has to be compared with its original be compared as well."""
    item = unlooked_import_of(page)
    if item is not None:
        ImportItem.objects.create(
            batch=item.batch,
            filename=item.filename,
            original=item.original.name,
            size=item.size,
            state=ImportItem.State.DONE,
            recognised=item.recognised,
            warnings=item.warnings,
            compared=item.compared,
            page=copy,
        )


def remove_repeats(item: ImportItem, keys: list[str], *, acting_user: User) -> int:
    """Save a version of the draft of ``item`` without the second copies named by ``keys``; return their paragraphs.

    Raises Refused for anyone but an editor, for a page in review, and where the draft has no such copy (any more).
    """
    if item.page_id is None:
        raise Refused(_("“%(file)s”没有草稿。") % {"file": item.filename})
    with acting(acting_user, pages=[item.page_id]) as held:
        require_editor(acting_user)
        page = held.page(item.page_id)
        if page.live or page.workflow_in_progress:
            raise Refused(_("“%(title)s”已送审或已发布，不能在这里删除重复段落。") % {"title": page.title})
        draft: Any = page.get_latest_revision_as_object()
        stream = draft.body.get_prep_value()
        chosen = [run for run in repeated_runs(stream) if run.key in keys]
        if not keys or len(chosen) < len(set(keys)):
            raise Refused(_("没有选中重复段落，或草稿已经改动，请刷新后重新选择。"))
        draft.body = without_runs(stream, chosen)
        revision = draft.save_revision(user=acting_user, clean=False)
        count = sum(len(run.texts) for run in chosen)
        told = [{"again": run.again, "paragraphs": len(run.texts)} for run in chosen]
        record_act(
            "document.remove_repeats", acting_user=acting_user, obj=page, detail={"revision": revision.pk, "runs": told}
        )
        return count
