"""The work of a merge in a process with the owner's login: freeze, carry, prove, and what follows the switch.

A merge is run by one process at a time, which holds an advisory lock of its connection: that goes with the process
however it ends, and whoever comes next begins where nothing is half done, for all rows move in one transaction.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import Error, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.faults import describe_error
from govplatform.tenancy.freezing import freeze_site, thaw_site

from ..models import Merge
from ..states.actions import announce_completion, reasons_against_merging
from .carrying.files import remove_files
from .carrying.ground import Ground
from .carrying.running import carry, take_back
from .carrying.taking_back import reasons_against_taking_back
from .following import end_completion, offer_roles, take_offers_back
from .permissions import reasons_against_passing_on, reasons_against_proving
from .planning import reasons_against_planning
from .proving import find_merge_faults

logger = logging.getLogger("govplatform.lifecycle")
State = Merge.State
#: ``(step, done, total)``: what is being done, in a code of ``showing.STEP_WORDS``.
Progress = Callable[[str, int, int], None]
#: First key of the advisory lock of whoever works on a merge; the second is the merge's.
WORK_LOCK = 45_045
#: Between two notes of how far a merge is, in seconds: the product's own number.
_NOTE_EVERY = 0.5


def run_merge(merge_id: int, *, progress: Progress | None = None) -> Merge:
    """Carry a merge out, or go on with one that was broken off; return it as it is then.

    A refusal ends it as REFUSED with the reasons, and the source is open again. Does nothing with one that has ended.
    ``progress(step, done, total)`` is called on the way. Raises Busy when another process works on it, or when the
    sites are held for too long, and whatever else goes wrong: the merge then stays to be run again.
    """
    with schema_context("public"), alone_at(merge_id):
        merge = _whole(merge_id)
        if merge.state in (State.QUEUED, State.MOVING):
            try:
                if _begin(merge):
                    carry(_whole(merge_id), progress=_noted(merge_id, progress))
            except Busy:
                raise
            except Refused as refusal:
                return _refuse(merge_id, refusal.reasons)
            except Exception as error:
                recover_connection()
                Merge.objects.filter(pk=merge_id).update(reasons=[describe_error(error)])
                raise
        merge = _whole(merge_id)
        if merge.state == State.MOVED and merge.verified_at is None:
            _follow(merge, progress)
        return _whole(merge_id)


def freeze_source(merge: Merge, *, acting_user: User | None) -> None:
    """Close the source for writing, and record that. Call with its chain held; a frozen one stays as it is."""
    if not merge.source.frozen:
        detail = {"merge": merge.pk, "into": merge.destination.code}
        record_act(
            "site.freeze", acting_user=acting_user, obj=merge.source, detail=detail, chain=merge.source.schema_name
        )
    freeze_site(merge.source, into=merge.destination)


def run_reversal(merge_id: int) -> Merge:
    """Take back a merge whose reversal was decided (``actions.ask_to_revert``); return it as it is then.

    One of which nothing was carried yet ends as REFUSED, with the reason of the reversal. May be killed and called
    again. Raises Refused when it cannot be taken back any more, and it is as before then; Busy when another process
    works on it.
    """
    with schema_context("public"), alone_at(merge_id):
        merge = _whole(merge_id)
        if merge.ended_by_id is None:
            return merge
        if merge.state in (State.QUEUED, State.MOVING):
            return _refuse(merge_id, [merge.end_reason])
        if merge.state in (State.MOVED, State.REVERTING):
            _keep_lost(merge)
            try:
                take_back(_whole(merge_id))
            except Busy:
                raise
            except Refused as refusal:
                _call_off(merge_id, refusal.reasons)
                raise
        merge = _whole(merge_id)
        if merge.is_half_reverted:
            # Whoever was killed may not have come to the files.
            remove_files(Ground.of(merge))
            take_offers_back(merge)
            Merge.objects.filter(pk=merge.pk).update(reasons=end_completion(merge))
            # Last: whoever comes back after a kill finds it not ended, and does all of this again.
            _reopen(merge)
        return _whole(merge_id)


def verify_merge(merge: Merge, *, progress: Progress | None = None) -> dict[str, Any]:
    """Prove that everything of the source is accounted for; return ``{"ok", "checked", "faults", "not_moved"}``.

    The faults are kept with the merge. Raises Refused for a merge that has not been carried out, for one of which a
    site was dropped since, and in a process without the owner's login.
    """
    with schema_context("public"):
        _require_content(merge)
        if reasons := reasons_against_proving(merge):
            raise Refused(reasons)
        at = timezone.now()
        checked, faults = find_merge_faults(merge, progress and partial(progress, "verify"))
        with holding(merge.destination.schema_name):
            # What was being taken back meanwhile is missing, and no fault of the merge.
            _require_content(locking(Merge.objects.filter(pk=merge.pk)).get())
            counts = {**Merge.objects.values_list("counts", flat=True).get(pk=merge.pk), "checked": checked}
            Merge.objects.filter(pk=merge.pk).update(faults=faults, verified_at=at, counts=counts)
            detail = {"merge": merge.pk, "checked": checked, "faults": len(faults)}
            record_act("merge.verify", acting_user=None, obj=merge, detail=detail, chain=merge.destination.schema_name)
        merge.refresh_from_db()
    return {"ok": not faults, "checked": checked, "faults": faults, "not_moved": merge.not_moved}


def lost_with(merge: Merge) -> list[dict[str, Any]]:
    """What a reversal would undo of the work of the destination's editors: ``[{"page", "title", "what"}]``."""
    if merge.state not in (State.MOVED, State.REVERTING):
        return []
    return reasons_against_taking_back(merge)


def is_at_work(merge: Merge) -> bool:
    """Whether a process works on the merge at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
            " AND classid = %s AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [WORK_LOCK, merge.pk],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def alone_at(merge_id: int) -> Iterator[None]:
    """Hold the lock that says that somebody works on the merge; it ends with the connection. Raises Busy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [WORK_LOCK, merge_id])
        if not cursor.fetchone()[0]:
            raise Busy(_("这次并入正由另一个进程办理，请等它结束。"))
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [WORK_LOCK, merge_id])


# --- inside ------------------------------------------------------------------------------


def _require_content(merge: Merge) -> None:
    if merge.state not in (State.MOVED, State.CONFIRMED):
        raise Refused(
            _("第 %(number)d 号并入%(state)s，没有可核对的内容。")
            % {"number": merge.pk, "state": merge.get_state_display()}
        )


def _whole(merge_id: int) -> Merge:
    found = Merge.objects.select_related(
        "source", "destination", "requested_by", "ended_by", "application__tenant", "application__into"
    )
    return found.get(pk=merge_id)


def _begin(merge: Merge) -> bool:
    """Look at everything once more; False when somebody has decided meanwhile to take the merge back.

    The source was frozen when the merge was asked for.
    """
    with holding(merge.source.schema_name, merge.destination.schema_name):
        locking(Merge.objects.filter(pk=merge.pk)).get()
        merge = _whole(merge.pk)
        if merge.ended_by_id is not None:
            return False
        reasons = reasons_against_planning(merge.source, merge.destination)
        reasons = reasons or reasons_against_merging(merge.source, merge.destination)
        if reasons := [*reasons, *reasons_against_passing_on(merge.source)]:
            raise Refused(reasons)
        # One that was asked for before a request froze its source.
        freeze_source(merge, acting_user=None)
        Merge.objects.filter(pk=merge.pk).update(step="", done=0, total=0, reasons=[])
    return True


def _refuse(merge_id: int, reasons: list[str]) -> Merge:
    merge = _whole(merge_id)
    with holding(merge.source.schema_name, merge.destination.schema_name):
        thaw_site(merge.source)
        Merge.objects.filter(pk=merge_id).update(state=State.REFUSED, reasons=reasons, ended_at=timezone.now())
        for tenant in (merge.source, merge.destination):
            detail = {"site": merge.source.code, "merge": merge.pk, "reason": "；".join(reasons)}
            record_act("merge.refuse", acting_user=None, obj=merge, detail=detail, chain=tenant.schema_name)
    return _whole(merge_id)


def _follow(merge: Merge, progress: Progress | None) -> None:
    """What follows the switch, each by itself: may be done again, and one that fails keeps none of the others back."""
    try:
        announce_completion(merge.application)
    except Refused as refusal:
        logger.warning("merge %s: no completion notice yet: %s", merge.pk, refusal)
    left = offer_roles(merge)
    if left:
        others = [one for one in merge.not_moved if one not in left]
        Merge.objects.filter(pk=merge.pk).update(not_moved=[*others, *left])
    merge.refresh_from_db()
    verify_merge(merge, progress=progress)


def _keep_lost(merge: Merge) -> None:
    """What the reversal undoes of the work of others stays on record with the merge."""
    if "lost" not in merge.counts:
        Merge.objects.filter(pk=merge.pk).update(counts={**merge.counts, "lost": lost_with(merge)})


def _call_off(merge_id: int, reasons: list[str]) -> None:
    """The merge cannot be taken back: it stands as before the decision, with the reasons."""
    merge = _whole(merge_id)
    counts = {name: count for name, count in merge.counts.items() if name != "lost"}
    with holding(merge.source.schema_name, merge.destination.schema_name):
        Merge.objects.filter(pk=merge_id).update(ended_by=None, end_reason="", counts=counts, reasons=reasons)
        for tenant in (merge.source, merge.destination):
            detail = {"merge": merge.pk, "reason": "；".join(reasons)}
            record_act("merge.stays", acting_user=None, obj=merge, detail=detail, chain=tenant.schema_name)


def _reopen(merge: Merge) -> None:
    with holding(merge.source.schema_name, merge.destination.schema_name):
        thaw_site(merge.source)
        Merge.objects.filter(pk=merge.pk).update(ended_at=timezone.now())
        detail = {"merge": merge.pk, "reason": merge.end_reason, "lost": len(merge.counts.get("lost", []))}
        record_act(
            "site.thaw", acting_user=merge.ended_by, obj=merge.source, detail=detail, chain=merge.source.schema_name
        )


def _noted(merge_id: int, progress: Progress | None) -> Progress:
    """Progress that is kept with the merge, for the screen that shows it.

    The rows move in one transaction, of which nobody sees anything before its end: what is told of it goes another way,
    on a connection of its own, and is left out when the row is held.
    """
    noted: tuple[float, str] = (0.0, "")

    def note(step: str, done: int, total: int) -> None:
        nonlocal noted
        if progress is not None:
            progress(step, done, total)
        now = time.monotonic()
        if step == noted[1] and now - noted[0] < _NOTE_EVERY and done < total:
            return
        noted = (now, step)
        _note(merge_id, step, done, total)

    return note


def _note(merge_id: int, step: str, done: int, total: int) -> None:
    other: Any = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
            cursor.execute(
                "UPDATE public.lifecycle_merge SET step = %s, done = %s, total = %s WHERE id = %s",
                [step[:40], max(0, done), max(0, total), merge_id],
            )
    except Error:
        logger.debug("merge %s: %s was not noted", merge_id, step)
    finally:
        other.close()
