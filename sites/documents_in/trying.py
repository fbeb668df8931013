"""Files read by the verb before anything is made of them: to say what is recognised, and which encloses which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.files.base import File

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.refusals import Refused
from sites.columns.models import Column

from .actions import start_batch
from .card_fields import LABELS, kept_as_typed, read_typed
from .cards import with_cards
from .confirming import forget_trial
from .drafting import read_item
from .enclosing import match_enclosures
from .models import ImportBatch, ImportItem
from .originals import keep_original, open_regular
from .permissions import require_editor, require_own
from .queries import items_of


@dataclass(frozen=True)
class AskedFile:
    """A file that was named to the verb. ``shown``: as it was named; ``typed``: what was set for it, by field.

    ``item``: its row, once its original is kept.
    """

    shown: str
    path: Path
    typed: Mapping[str, str]
    item: ImportItem | None = None


def try_files(
    asked: Sequence[AskedFile],
    column: Column,
    *,
    acting_user: User,
    progress: Callable[..., None] = lambda *_told: None,
) -> list[dict[str, Any]]:
    """Say of each file what is recognised in it, as JSON, and keep nothing.

    ``{"file", "values": {field: text}, "wrong": {field: sentence}, "recognised", "enclosures", "attachment_of",
    "alike", "lacking", "warnings"}``, or ``{"file", "reason"}`` of one that cannot be read. Raises Refused for anyone
    but an editor.
    """
    batch = start_batch(column, acting_user=acting_user)
    told: list[dict[str, Any]] = []
    try:
        kept: dict[int, AskedFile] = {}
        for number, one in enumerate(asked):
            progress(number, len(asked), one.shown)
            try:
                item = _read(batch, one)
            except Refused as refusal:
                told.append({"file": one.shown, "reason": "".join(refusal.reasons)})
            else:
                kept[item.pk] = one
        progress(len(asked), len(asked))
        match_enclosures(batch)
        items = items_of(batch.items.filter(pk__in=kept))
        with_cards(items, batch)
        told += [_described(item, kept[item.pk]) for item in items]
    finally:
        forget_trial(batch)
    order = {one.shown: number for number, one in enumerate(asked)}
    return sorted(told, key=lambda one: order[one["file"]])


def lay_enclosed(batch: ImportBatch, asked: Sequence[AskedFile], *, acting_user: User) -> list[AskedFile]:
    """Read the files, have those go along that others name under 附件：, and return the others, with their rows.

    Raises Refused for anyone but whoever started the batch.
    """
    with acting(acting_user, pages=[batch.column_id] if batch.column_id else []):
        require_own(batch, acting_user)
        require_editor(acting_user)
    laid: list[AskedFile] = []
    for one in asked:
        try:
            laid.append(replace(one, item=_read(batch, one, failing=False)))
        except Refused:
            # Said when its draft is to be made.
            laid.append(one)
    match_enclosures(batch)
    for one in laid:
        if one.item is not None:
            one.item.refresh_from_db()
    return [one for one in laid if one.item is None or one.item.enclosed_in_id is None]


def _read(batch: ImportBatch, one: AskedFile, *, failing: bool = True) -> ImportItem:
    """Keep and read one file. Raises Refused for one that cannot be; with ``failing`` False only for a missing one."""
    with open_regular(one.path) as stream:
        item = keep_original(batch, File(stream), one.path.name, as_attachment=True)
    item.note(given=kept_as_typed(one.typed))
    if item.state == ImportItem.State.WAITING:
        try:
            read_item(item)
        except Refused:
            if failing:
                raise
    if item.state == ImportItem.State.FAILED and failing:
        raise Refused(item.reason)
    return item


def _described(item: ImportItem, one: AskedFile) -> dict[str, Any]:
    card = item.card  # type: ignore[attr-defined]
    assert item.batch.column is not None
    values = {field.name: field.value for field in card.fields} if card else {}
    _read_values, wrong = read_typed(one.typed, item.batch.column)
    return {
        "file": one.shown,
        "values": {name: values.get(name, "") for name in LABELS},
        "wrong": wrong,
        "recognised": item.recognised,
        "enclosures": item.recognised.get("enclosures", []),
        "attachment_of": item.enclosed_in.filename if item.enclosed_in else None,
        "alike": [like.words for like in card.alike] if card else [],
        "lacking": card.lacking if card else [],
        "warnings": item.warnings,
    }
