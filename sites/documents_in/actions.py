"""The import of documents: a file is kept, read in a guarded process, and becomes a draft."""

import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Busy, Refused
from govplatform.review.gate.status import page_status
from govplatform.review.submission.actions import submit_for_review
from govplatform.sentences import translated
from govplatform.tenancy.current import current_schema
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.queues import BULK, require_room
from sites.columns.models import Column
from sites.media.models import SiteImage
from sites.pages.content_page import ContentPage

from .extraction import ExtractedDocument, ExtractionRefused, extract_guarded
from .models import ImportBatch, ImportItem
from .original_compared import compare_with_original
from .originals import keep_original, open_regular, original_on_disk
from .page_building import address_for, build_page, describe_recognised
from .permissions import require_editor
from .pictures import store_image
from .queries import IMPORT, earlier_import, unlooked_import_of
from .repeats import repeated_runs, without_runs

logger = logging.getLogger("sites.documents_in")


@dataclass(frozen=True)
class ImportedPage:
    """A draft made from a file.

    ``status``: a word of ``page_status``; ``recognised``: see ``describe_recognised``; ``reasons``: why the draft was
    not submitted, where that was asked; ``warnings``: sentences on what is doubtful.
    """

    item: ImportItem
    page: ContentPage
    status: str
    recognised: dict[str, Any]
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def start_batch(column: Column, *, acting_user: User, submit: bool = False) -> ImportBatch:
    """An empty batch for files on ``column``. Raises Refused for anyone but an editor."""
    with acting(acting_user):
        require_editor(acting_user, column)
        return ImportBatch.objects.create(
            column=column, column_title=column.title, started_by=acting_user, submit=submit
        )


def queue_files(column: Column, files: Sequence[File], *, acting_user: User, submit: bool = False) -> ImportBatch:
    """Keep uploaded files in a new batch for ``column`` and queue the import of each.

    Raises Refused, before anything is kept, for anyone but an editor and when the site has too many waiting already.
    """
    require_editor(acting_user)
    require_room(BULK, current_schema(), len(files))
    batch = start_batch(column, acting_user=acting_user, submit=submit)
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
) -> ImportedPage:
    """Import the file at ``path`` at once, without a job; its item and original stay in ``batch``.

    ``filename``: the name that the person gave it; ``batch`` None: a new one is started. Raises Refused when the person
    is no editor or the file cannot be read, is not accepted or was imported before (unless ``again``).
    """
    require_editor(acting_user)
    batch = batch or start_batch(column, acting_user=acting_user, submit=submit)
    with open_regular(path) as stream:
        item = keep_original(batch, File(stream), filename)
    if item.state == ImportItem.State.FAILED:
        raise Refused(item.reason)
    item.note(again=again)
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
        page = _create_draft(item, document, column, acting_user, complete, told)
        status = page_status(Page.objects.get(pk=page.pk))
    return ImportedPage(item, page, status, item.recognised, [], item.warnings)


def queue_file(batch: ImportBatch, stream: File, filename: str) -> ImportItem:
    """Keep an uploaded file and queue its import; the item of a file that is not accepted has failed at once."""
    with transaction.atomic():
        item = keep_original(batch, stream, filename, progress=_("已排队"))
        if not item.finished:
            enqueue(IMPORT, item_id=item.pk)
    return item


def retry_import(item: ImportItem, *, acting_user: User, again: bool = False) -> None:
    """Queue a file that failed, or whose job was lost, once more. Raises Refused where that leads nowhere."""
    column = item.batch.column_id
    with acting(acting_user, pages=[column] if column else []):
        require_editor(acting_user)
        if item.state == ImportItem.State.DONE:
            raise Refused(_("“%(file)s”已经导入。") % {"file": item.filename})
        if not item.original:
            raise Refused(_("“%(file)s”没有保存原件，请重新上传。") % {"file": item.filename})
        if not item.finished and not item.lost:
            raise Refused(_("“%(file)s”正在处理，请稍候。") % {"file": item.filename})
        require_room(BULK, current_schema())
        item.note(
            state=ImportItem.State.WAITING,
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


def run_import(item: ImportItem) -> ImportedPage:
    """Extract the original of ``item`` and create its draft, in the name of who started the batch.

    May be called again after an interruption. Raises Refused, and the item then holds the reason; raises Busy,
    DatabaseError or OSError for what the queue may try again, and the item then waits.
    """
    try:
        return _run_import(item)
    except Busy:
        # Nothing is wrong with the file.
        item.note(state=ImportItem.State.WAITING, progress=_("暂时无法处理，稍后自动重试"))
        raise
    except Refused as refusal:
        item.note(state=ImportItem.State.FAILED, progress="", reason="".join(refusal.reasons))
        raise
    except ExtractionRefused as refusal:
        reason = translated(refusal.reason)
        item.note(state=ImportItem.State.FAILED, progress="", reason=reason)
        raise Refused(reason) from refusal
    except FileNotFoundError as error:
        reason = _("原件已不在存储中，请重新上传。")
        item.note(state=ImportItem.State.FAILED, progress="", reason=reason)
        raise Refused(reason) from error
    except (DatabaseError, OSError):
        # The queue tries again; meanwhile nobody is told that the file was at fault.
        item.note(state=ImportItem.State.WAITING, progress=_("暂时无法处理，稍后自动重试"))
        raise
    except Exception as error:
        logger.exception("import of item %s failed", item.pk)
        reason = _("处理时出现意外，已记录。请另存一份后重试；仍然不行时请联系平台运维人员。")
        item.note(state=ImportItem.State.FAILED, progress="", reason=reason)
        raise Refused(reason) from error


def _run_import(item: ImportItem) -> ImportedPage:
    batch = item.batch
    acting_user: User = batch.started_by
    require_editor(acting_user)
    column = batch.column
    if column is None:
        raise Refused(_("栏目“%(title)s”已不存在，请另选栏目后重新上传。") % {"title": batch.column_title})
    _refuse_duplicate(item, column)
    item.note(state=ImportItem.State.RUNNING, progress=_("正在提取文字、表格和图片"), reason="")
    with original_on_disk(item) as local, tempfile.TemporaryDirectory(prefix="import-images-") as folder:
        document = extract_guarded(local, item.filename, image_folder=Path(folder))
        document.warnings = [translated(warning) for warning in document.warnings]
        item.note(progress=_("正在建立草稿"), recognised=describe_recognised(document), warnings=document.warnings)
        page = _create_draft(item, document, column, acting_user)
    reasons: list[str] = []
    if batch.submit:
        try:
            submit_for_review(page, acting_user=acting_user)
        except Refused as refusal:
            reasons = refusal.reasons
            item.note(reason=_("未能送审：%(reasons)s") % {"reasons": "".join(reasons)})
    status = page_status(Page.objects.get(pk=page.pk))
    return ImportedPage(item, page, status, item.recognised, reasons, item.warnings)


def _create_draft(
    item: ImportItem,
    document: ExtractedDocument,
    column: Column,
    acting_user: User,
    complete: Callable[[ContentPage], None] = lambda page: None,
    told: Callable[[ContentPage, Revision], dict[str, Any]] = lambda page, revision: {},
) -> ContentPage:
    """Write page, pictures, first revision, audit record and the item's result, all or none; return the page."""
    stored: list[SiteImage] = []
    try:
        with transaction.atomic():
            for number, extracted in enumerate(document.images):
                stored.append(store_image(document, number, Path(extracted.path), acting_user))
            # Building and comparing take their time too, and hold up nobody.
            page, notes = build_page(document, stored, column=column, slug="", filename=item.filename)
            complete(page)
            found = {
                "compared": compare_with_original(document, page).to_json(),
                "recognised": {**item.recognised, "repeats": len(repeated_runs(page.body.get_prep_value()))},
                "warnings": [*document.warnings, *notes],
            }
            # Imports queue here: places in the tree and addresses are given one by one, and the same file
            # brought in twice at once is seen. The pictures, which take their time, held up nobody.
            with acting(acting_user, pages=[column.pk]):
                # Asked before the file was read, and again now: that took its time.
                require_editor(acting_user)
                page.slug = address_for(page, column, document)
                _place_draft(item, page, column, found, acting_user, told)
    except BaseException:
        # The rows are gone with the transaction; their files are not.
        for image in stored:
            image.file.storage.delete(image.file.name)
        raise
    return type(page).objects.get(pk=page.pk)


def _place_draft(
    item: ImportItem,
    page: ContentPage,
    column: Column,
    found: dict[str, Any],
    acting_user: User,
    told: Callable[[ContentPage, Revision], dict[str, Any]],
) -> None:
    """Put the page into the tree with its first revision; ``found``: fields of the item that tell what was found."""
    _refuse_duplicate(item, column)
    if column.get_children().filter(title=page.title).exists():
        found["warnings"].append(_("本栏目已有同名的页面，请核对是否重复。"))
    page.owner = acting_user
    column.add_child(instance=page)
    # What the document does not say is missing in the draft; submitting asks for it.
    revision = page.save_revision(user=acting_user, clean=False)
    # For the page's own history, where the first version can be compared with later ones.
    log(instance=page, action="wagtail.create", user=acting_user, revision=revision, content_changed=True)
    detail = {"file": item.filename, "sm3": item.sm3, "column": column.slug, "revision": revision.pk}
    record_act("document.import", acting_user=acting_user, obj=page, detail={**detail, **told(page, revision)})
    item.note(
        state=ImportItem.State.DONE,
        progress="",
        page=page,
        duplicate_of=None,
        looked_by=None,
        looked_at=None,
        **found,
    )


def _refuse_duplicate(item: ImportItem, column: Column) -> None:
    if item.again or (earlier := earlier_import(column, item.sm3, besides=item)) is None:
        return
    assert earlier.page is not None
    item.note(duplicate_of=earlier.page)
    raise Refused(
        _(
            "这个文件已经导入过本栏目：页面 %(id)s“%(title)s”。请直接编辑该页面；"
            "确实需要再导入一份时，用“仍然导入”（命令行加 --again）。"
        )
        % {"id": earlier.page_id, "title": earlier.page.title}
    )
