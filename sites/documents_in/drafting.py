"""The two steps of a file's way: it is read, so that a person sees what was recognised; a draft is made of it.

A file is read again for its draft: nothing of its text lies anywhere in between but in the original.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
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
from sites.columns.models import Column
from sites.media.models import SiteDocument, SiteImage
from sites.pages.content_page import ContentPage

from .card_fields import correct, values_given
from .enclosing import link_enclosed, match_enclosures, store_enclosed
from .extraction import ExtractedDocument, ExtractionRefused, extract_guarded
from .models import ImportItem
from .original_compared import compare_with_original
from .originals import original_on_disk
from .page_building import address_for, build_page, describe_recognised
from .permissions import require_editor
from .pictures import store_image
from .queries import earlier_import, lacking_of
from .repeats import repeated_runs

logger = logging.getLogger("sites.documents_in")
State = ImportItem.State


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


def read_item(item: ImportItem) -> None:
    """Read the original of ``item`` and keep what was recognised, for whoever uploaded it to look at.

    May be called again after an interruption. Raises as ``run_import`` does.
    """
    try:
        _read(item)
    finally:
        # One that cannot be read may still be somebody's attachment.
        if item.rests:
            match_enclosures(item.batch)


def _read(item: ImportItem) -> None:
    with _told_of(item, waiting=State.WAITING):
        column = _column_of(item)
        item.note(state=State.RUNNING, progress=_("正在识别"), reason="")
        with original_on_disk(item) as local:
            document = extract_guarded(local, item.filename)
        document.warnings = [translated(warning) for warning in document.warnings]
        earlier = None if item.again else earlier_import(column, item.sm3, besides=item)
        item.note(
            state=State.READ,
            progress="",
            recognised=describe_recognised(document),
            warnings=document.warnings,
            duplicate_of=earlier.page if earlier is not None else None,
        )


def run_import(item: ImportItem) -> ImportedPage:
    """Extract the original of ``item`` and create its draft, in the name of who started the batch.

    What they set in its card takes the place of what was recognised; the files enclosed in it become attachments. May
    be called again after an interruption. Raises Refused, and the item then holds the reason; raises Busy,
    DatabaseError or OSError for what the queue may try again, and the item then waits.
    """
    waiting = State.MAKING if item.state == State.MAKING else State.WAITING
    with _told_of(item, waiting=waiting):
        return _run_import(item, State.MAKING if waiting == State.MAKING else State.RUNNING)


def require_offered(page: Page) -> None:
    """Raise Refused for a policy that lacks what its import is to have found, or a person to have given."""
    if lacking := lacking_of(page):
        told = {"title": page.get_admin_display_title(), "names": "、".join(lacking)}
        raise Refused(_("“%(title)s”缺%(names)s，没有从导入送审。请补上；文件确实没有的，在编辑页里送审。") % told)


@contextmanager
def _told_of(item: ImportItem, *, waiting: str) -> Iterator[None]:
    """Have the item say how what is done inside ended; ``waiting``: its state where the queue tries again."""
    try:
        yield
    except Busy:
        # Nothing is wrong with the file.
        item.note(state=waiting, progress=_("暂时无法处理，稍后自动重试"))
        raise
    except Refused as refusal:
        item.note(state=State.FAILED, progress="", reason="".join(refusal.reasons))
        raise
    except ExtractionRefused as refusal:
        reason = translated(refusal.reason)
        item.note(state=State.FAILED, progress="", reason=reason)
        raise Refused(reason) from refusal
    except FileNotFoundError as error:
        reason = _("原件已不在存储中，请重新上传。")
        item.note(state=State.FAILED, progress="", reason=reason)
        raise Refused(reason) from error
    except (DatabaseError, OSError):
        # The queue tries again; meanwhile nobody is told that the file was at fault.
        item.note(state=waiting, progress=_("暂时无法处理，稍后自动重试"))
        raise
    except Exception as error:
        logger.exception("import of item %s failed", item.pk)
        reason = _("处理时出现意外，已记录。请另存一份后重试；仍然不行时请联系平台运维人员。")
        item.note(state=State.FAILED, progress="", reason=reason)
        raise Refused(reason) from error


def _column_of(item: ImportItem) -> Column:
    """Return the column of a batch. Raises Refused when it is gone or whoever uploaded may not write there any more."""
    batch = item.batch
    if batch.column is None:
        require_editor(batch.started_by)
        raise Refused(_("栏目“%(title)s”已不存在，请另选栏目后重新上传。") % {"title": batch.column_title})
    require_editor(batch.started_by, batch.column)
    return batch.column


def _run_import(item: ImportItem, running: str) -> ImportedPage:
    batch = item.batch
    acting_user: User = batch.started_by
    column = _column_of(item)
    _refuse_duplicate(item, column)
    item.note(state=running, progress=_("正在提取文字、表格和图片"), reason="")
    with original_on_disk(item) as local, tempfile.TemporaryDirectory(prefix="import-images-") as folder:
        document = extract_guarded(local, item.filename, image_folder=Path(folder))
        document.warnings = [translated(warning) for warning in document.warnings]
        item.note(progress=_("正在建立草稿"), recognised=describe_recognised(document), warnings=document.warnings)
        correct(document, values_given(item, column))
        page = create_draft(item, document, column, acting_user)
    reasons: list[str] = []
    if batch.submit:
        try:
            require_offered(page)
            submit_for_review(page, acting_user=acting_user)
        except Refused as refusal:
            reasons = refusal.reasons
            item.note(reason=_("未能送审：%(reasons)s") % {"reasons": "".join(reasons)})
    status = page_status(Page.objects.get(pk=page.pk))
    return ImportedPage(item, page, status, item.recognised, reasons, item.warnings)


def create_draft(
    item: ImportItem,
    document: ExtractedDocument,
    column: Column,
    acting_user: User,
    complete: Callable[[ContentPage], None] = lambda page: None,
    told: Callable[[ContentPage, Revision], dict[str, Any]] = lambda page, revision: {},
) -> ContentPage:
    """Write page, pictures, first revision, audit record and the item's result, all or none; return the page."""
    stored: list[SiteImage | SiteDocument] = []
    try:
        with transaction.atomic():
            images: list[SiteImage] = []
            for number, extracted in enumerate(document.images):
                images.append(store_image(document, number, Path(extracted.path), acting_user))
                stored.append(images[-1])
            attached = store_enclosed(item, acting_user)
            stored += [file for _part, file in attached]
            # Building and comparing take their time too, and hold up nobody.
            page, notes = build_page(document, images, column=column, slug="", filename=item.filename)
            link_enclosed(page, [(part.enclosed_as, file) for part, file in attached])
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
                require_editor(acting_user, column)
                page.slug = address_for(page, column, document)
                _place_draft(item, page, column, found, acting_user, told)
                _end_enclosed([part for part, _file in attached])
    except BaseException:
        # The rows are gone with the transaction; their files are not.
        for file in stored:
            file.file.storage.delete(file.file.name)
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
    done = {"state": State.DONE, "progress": "", "page": page, "duplicate_of": None, "looked_by": None}
    if not item.note(**done, looked_at=None, **found):
        raise Refused(_("“%(file)s”已经取消导入，没有建稿。") % {"file": item.filename})


def _end_enclosed(parts: Sequence[ImportItem]) -> None:
    for part in parts:
        part.note(state=State.DONE, progress="", reason="")


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
