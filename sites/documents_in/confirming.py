"""What a person does with a batch that was read: sets the fields of its cards, has drafts made, or keeps none of it."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.tenancy.current import current_schema
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.queues import BULK, require_room
from sites.columns.models import Column

from .actions import queue_file
from .card_fields import LABELS, kept_as_typed, read_typed, shown_values
from .enclosing import OPEN, require_may_go_with
from .models import KEPT_UNMADE, MOST_FILES, ImportBatch, ImportItem
from .originals import forget_originals
from .permissions import require_cleaner, require_editor, require_own
from .queries import IMPORT

State = ImportItem.State


@dataclass
class Asked:
    """What came of asking for drafts.

    ``queued``: files whose drafts are being made; ``wrong``: of each file that is not, {field: sentence}, "" for what
    is about none.
    """

    queued: list[ImportItem] = field(default_factory=list)
    wrong: dict[int, dict[str, str]] = field(default_factory=dict)


def add_file(batch: ImportBatch, file: File, *, acting_user: User) -> ImportItem:
    """Keep one more uploaded file in a batch and queue its reading; the item of one not accepted has failed at once.

    Raises Refused, before anything is kept, for anyone but whoever started the batch, and where there is no room.
    """
    with acting(acting_user, pages=[batch.column_id] if batch.column_id else []):
        require_own(batch, acting_user)
        require_editor(acting_user, *_columns(batch))
        if batch.items.count() >= MOST_FILES:
            raise Refused(_("一批最多 %(most)d 个文件，其余的请另起一批。") % {"most": MOST_FILES})
        require_room(BULK, current_schema())
        return queue_file(batch, file, str(file.name))


def seen_of(item: ImportItem) -> str:
    """Return a mark of what was set in a card: another one once it was changed, in whichever window."""
    told = json.dumps([item.given, item.enclosed_in_id], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def keep_typed(item: ImportItem, typed: Mapping[str, str], *, acting_user: User) -> None:
    """Keep what was typed in a card, as typed, so that it is there when one comes back.

    ``typed``: {field: text}, and ``enclosed_in``: the id of the file it goes along with, "" for none. Raises Refused
    for anyone but whoever uploaded it, and for a file that no longer waits for them.
    """
    with acting(acting_user, pages=[item.batch.column_id] if item.batch.column_id else []):
        require_own(item.batch, acting_user)
        require_editor(acting_user, *_columns(item.batch))
        item.refresh_from_db()
        if item.state not in OPEN:
            raise Refused(_("“%(file)s”已经不在待确认的文件里，请刷新页面。") % {"file": item.filename})
        _keep(item, typed)


def make_drafts(
    batch: ImportBatch,
    item_ids: Collection[int],
    *,
    acting_user: User,
    typed: Mapping[int, Mapping[str, str]] | None = None,
    seen: Mapping[int, str] | None = None,
    again: Collection[int] = (),
) -> Asked:
    """Queue the drafts of the named files that were read; what goes along with one of them comes with it.

    ``typed``: what stands in their cards, by id; ``seen``: the marks of the cards as they were shown, a changed one is
    refused; ``again``: those to be made though the column has a page of the same bytes. A file with a field that cannot
    be taken stays, with what was typed, and holds up no other. Raises Refused for anyone but whoever uploaded them.
    """
    asked = Asked()
    with acting(acting_user, pages=[batch.column_id] if batch.column_id else []):
        require_own(batch, acting_user)
        require_editor(acting_user, *_columns(batch))
        column = batch.column
        if column is None:
            raise Refused(_("栏目“%(title)s”已不存在，请另选栏目后重新上传。") % {"title": batch.column_title})
        ready: list[ImportItem] = []
        for item in batch.items.filter(pk__in=list(item_ids)).order_by("pk"):
            written = (typed or {}).get(item.pk)
            wrong = _reasons_against_making(item, column, written, (seen or {}).get(item.pk))
            if wrong:
                asked.wrong[item.pk] = wrong
            elif item.enclosed_in_id is None:
                ready.append(item)
        require_room(BULK, current_schema(), len(ready))
        for item in ready:
            item.note(
                state=State.MAKING, progress=_("已排队"), reason="", again=item.again or item.pk in again,
                duplicate_of=None,
            )  # fmt: skip
            enqueue(IMPORT, item_id=item.pk)
    asked.queued = ready
    return asked


def drop_files(batch: ImportBatch, item_ids: Collection[int] | None, *, acting_user: User) -> int:
    """Keep nothing of the named files (None: of all) of which no draft was made; return how many. Drafts stay.

    Raises Refused for anyone but whoever uploaded them.
    """
    with acting(acting_user):
        require_own(batch, acting_user)
        require_editor(acting_user)
        return _drop(batch, item_ids, acting_user)


def clear_batch(batch: ImportBatch, *, acting_user: User) -> int:
    """Keep nothing of what somebody uploaded and made no draft of; return how many files. Drafts stay.

    Raises Refused for anyone but an administrator of the site.
    """
    with acting(acting_user):
        require_cleaner(acting_user)
        return _drop(batch, None, acting_user)


def forget_trial(batch: ImportBatch) -> None:
    """Keep nothing of files that were read to see what is recognised in them: nobody brought anything in."""
    with holding():
        names = [str(item.original.name) for item in batch.items.all() if item.original]
        batch.delete()
        forget_originals(names)


def sweep_unmade() -> int:
    """Keep nothing of what nobody has touched for longer than ``KEPT_UNMADE``; return how many files."""
    before = timezone.now() - KEPT_UNMADE
    dropped = 0
    with holding():
        old = ImportItem.objects.filter(state__in=OPEN, changed_at__lt=before)
        # As long as one of a batch is worked on, the others are kept with it.
        fresh = ImportItem.objects.filter(changed_at__gte=before).values("batch")
        for batch in ImportBatch.objects.filter(pk__in=old.exclude(batch__in=fresh).values("batch")).order_by("pk"):
            dropped += _drop(batch, None, None)
        ImportBatch.objects.filter(items=None, created_at__lt=before).delete()
    return dropped


# --- inside ------------------------------------------------------------------------------


def _columns(batch: ImportBatch) -> list[Column]:
    return [batch.column] if batch.column is not None else []


def _keep(item: ImportItem, typed: Mapping[str, str]) -> None:
    given = {**item.given, **kept_as_typed(typed)}
    changed: dict[str, object] = {}
    if "enclosed_in" in typed:
        document = item.batch.items.filter(pk=row_number(typed["enclosed_in"])).first()
        if typed["enclosed_in"]:
            require_may_go_with(item, document)
        if (document.pk if document else None) != item.enclosed_in_id:
            changed = {"enclosed_in": document, "enclosed_as": ""}
        given["enclosed_in"] = str(document.pk) if document else ""
    if given != item.given or changed:
        item.note(given=given, **changed)


def _reasons_against_making(
    item: ImportItem, column: Column, typed: Mapping[str, str] | None, seen: str | None
) -> dict[str, str]:
    """Say what keeps the draft of ``item`` from being made. What was typed is kept all the same, unless outdated."""
    if item.state == State.DONE:
        return {"": _("“%(file)s”已经建稿。") % {"file": item.filename}}
    if item.state == State.MAKING:
        return {"": _("“%(file)s”正在建稿，不会建第二份。") % {"file": item.filename}}
    if item.state != State.READ:
        return {"": _("“%(file)s”还没有识别出来，不能建稿。") % {"file": item.filename}}
    if typed is not None:
        differs = any(text != shown_values(item, column)[name] for name, text in kept_as_typed(typed).items())
        if seen is not None and seen != seen_of(item) and differs:
            here = "；".join(f"{LABELS[name]}：{text or '—'}" for name, text in kept_as_typed(typed).items())
            told = _("这张卡片在另一个窗口里改过，下面是那边保存的内容。这个窗口里填的是：%(here)s。请核对后再建稿。")
            return {"": told % {"here": here}}
        try:
            _keep(item, typed)
        except Refused as refusal:
            return {"enclosed_in": "".join(refusal.reasons)}
    if item.enclosed_in_id is not None:
        return {}
    if item.only_file:
        return {
            "enclosed_in": _("“%(file)s”不是能读成文稿的格式，只能作为附件：请选择它附在哪份文稿后面，或取消它。")
            % {"file": item.filename}
        }
    _values, wrong = read_typed(shown_values(item, column), column)
    return wrong


def _drop(batch: ImportBatch, item_ids: Collection[int] | None, acting_user: User | None) -> int:
    items = batch.items.exclude(state__in=(State.DONE, State.MAKING))
    rows = list(items if item_ids is None else items.filter(pk__in=list(item_ids)))
    if not rows:
        return 0
    names = [str(item.original.name) for item in rows if item.original]
    ImportItem.objects.filter(pk__in=[item.pk for item in rows]).delete()
    forget_originals(names)
    detail = {"column": batch.column_title, "uploaded_by": batch.started_by.full_name, "files": len(rows)}
    record_act("document.drop_import", acting_user=acting_user, detail=detail)
    if not batch.items.exists():
        batch.delete()
    return len(rows)
