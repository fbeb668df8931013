"""How a batch stands for whoever looks at it: its files, how far they are, their cards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from .cards import with_cards
from .models import ImportBatch, ImportItem
from .queries import items_for, items_of, may_open, places_of

State = ImportItem.State


def batch_of(batch_id: int, user: Any) -> ImportBatch:
    """Return a batch that ``user``, an editor, may open. Raises Http404 for all others."""
    found = ImportBatch.objects.select_related("started_by", "column").filter(pk=batch_id).first()
    if found is None or not may_open(found, user):
        raise Http404
    return found


def item_of(batch_id: int, item_id: int, user: Any) -> ImportItem:
    """Return a file of a batch that ``user``, an editor, may see. Raises Http404 for all others."""
    batch = batch_of(batch_id, user)
    item = items_for(batch, user).filter(pk=item_id).first()
    if item is None:
        raise Http404
    item.batch = batch
    return item


def state_of_batch(
    batch: ImportBatch,
    user: Any,
    *,
    since: datetime | None = None,
    wrong: Mapping[int, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Return what the screen of a batch shows.

    ``items``: as ``items_of`` and ``with_cards`` make them, of those that changed since ``since``; ``total``, ``done``:
    how many there are and how many rest; ``finished``: whether nothing changes by itself any more; ``own``: whether
    ``user`` uploaded them; ``waits``: how many wait for them; ``unmade``: of how many there is no draft.
    """
    seen = items_for(batch, user)
    rows = list(seen.only("pk", "state", "changed_at"))
    states = [row.state for row in rows]
    items = items_of(seen if since is None else seen.filter(changed_at__gte=since))
    own = batch.started_by_id == user.pk
    with_cards(items if own else [], batch, wrong or {})
    resting = sum(row.rests for row in rows)
    told = {
        "total": len(rows),
        "waits": states.count(State.READ),
        "made": states.count(State.DONE),
        "failed": states.count(State.FAILED),
        "busy": len(rows) - resting,
    }
    latest = max((row.changed_at for row in rows), default=None)
    return {
        **told,
        "items": items,
        "own": own,
        "done": resting,
        "finished": resting == len(rows),
        "unmade": len(rows) - told["made"],
        "any_draft": any(item.may_submit for item in items),  # type: ignore[attr-defined]
        "places": places_of(rows),
        "since": latest.isoformat() if latest else "",
        "summary": _("共 %(total)d 个文件：处理中 %(busy)d，待确认 %(waits)d，已建稿 %(made)d，未导入 %(failed)d")
        % told,
    }
