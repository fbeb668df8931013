"""A merge from its first row to the switch, and back: all rows in one transaction, the files beside it."""

import json
import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.addresses.models import Address
from govplatform.audit.actions import record_act
from govplatform.locks.holding import hold_chain
from govplatform.refusals import Busy, Refused
from govplatform.review.models import TransferredClearance
from govplatform.review.transfers.waiting import begun_reviews, waiting_pages
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.pending import count_pending

from ...models import Merge
from ..mapping import Move
from ..parts import NewColumn, all_stand_ins, columns, parts
from ..planning import plan_merge
from ..staying import decided_again
from .contents import Carrier, make_tables
from .files import Copying, copying
from .ground import (
    Ground,
    check_constraints,
    copy_rows,
    make_table,
    model_of,
    new_numbers,
    prepare_names,
    quoted,
    reserve_numbers,
)
from .places import Places, carry_collections, find_places, paths_of, write_places
from .removing import remove_rows
from .rows import carry_rows, prepare_things
from .sheet import SHEET, Left, carried
from .switching import carry_out_switch, hand_over, hold_record, prepare_switch, switch_of_memory
from .targets import MergeTargets

logger = logging.getLogger(__name__)

#: ``(step, done, total)``: what is being done, in a code of ``showing.STEP_WORDS``.
Progress = Callable[[str, int, int], None]

_TRANSFERS = """
INSERT INTO {destination}.review_transferredclearance
 (id, clearance_id, merge_id, source_schema, source_clearance_id, source_page_id, source_parent_id, source_digest,
  trail, made_at)
SELECT t.id, t.clearance + {offset:review.Clearance}, %s, %s, t.clearance, t.page, t.parent, t.digest, t.trail::jsonb,
 now()
FROM pg_temp.m_transferred t ORDER BY t.clearance
"""


def carry(merge: Merge, *, progress: Progress) -> None:
    """Carry the content of ``merge.source`` into ``merge.destination``, up to and with the switch.

    The source is frozen. Killed at any point it is called again: nothing of it was kept then but copied files. Raises
    Refused with the reasons when the plan does not hold any more, Busy when the destination does not let go in time.
    """
    began = time.perf_counter()
    progress("plan", 0, 1)
    if reasons := _reasons_against(merge.source, merge.destination):
        raise Refused(reasons)
    plan = plan_merge(merge.source, merge.destination, merge.wishes, drafts=merge.drafts, scheduled=merge.scheduled)
    if plan.faults:
        raise Refused([fault.reason for fault in plan.faults])
    with as_owner(), transaction.atomic():
        _claim(merge)
        merge.state, merge.began_at = Merge.State.QUEUED, timezone.now()
        merge.save(update_fields=["state", "began_at"])
        ground = Ground.of(merge)
        merge.ranges = reserve_numbers(ground)
        merge.state = Merge.State.MOVING
        merge.save(update_fields=["state", "ranges"])
    ground = Ground.of(merge)
    with copying(ground) as files, as_owner(), transaction.atomic():
        _claim(merge)
        _wait_for_others(ground)
        _close_source(ground)
        with tenant_context(merge.destination):
            counts, places, carrier = _carry_rows(ground, plan.moves, files, progress)
            files.wait(lambda done, total: progress("files", done, total))
            progress("checks", 0, 1)
            check_constraints()
            merge.counts = dict(counts)
            merge.not_moved = _not_moved(ground, places)
            switch = prepare_switch(ground, places)
            progress("switch", 0, 1)
            switching = hand_over(ground, switch)
            carry_out_switch(ground, places, len(carrier.transfers), switch)
        merge.state, merge.switched_at = Merge.State.MOVED, timezone.now()
        merge.seconds = round(time.perf_counter() - began, 2)
        merge.switch_seconds = round(time.perf_counter() - switching, 3)
        merge.save(
            update_fields=[
                "counts", "not_moved", "memory", "state", "switched_at", "seconds", "switch_seconds",
            ]
        )  # fmt: skip


def take_back(merge: Merge) -> None:
    """Remove from the destination what the merge carried and give back what lies outside. Raises Refused, Busy.

    ``taking_back.reasons_against_taking_back`` has been asked.
    """
    with as_owner(), transaction.atomic():
        _claim(merge)
        merge.state = Merge.State.REVERTING
        merge.save(update_fields=["state"])
    try:
        _take_back(merge)
    except Refused:
        with as_owner(), transaction.atomic():
            merge.state = Merge.State.MOVED
            merge.save(update_fields=["state"])
        raise


def _take_back(merge: Merge) -> None:
    ground = Ground.of(merge)
    with as_owner(), transaction.atomic():
        _claim(merge)
        hold_chain(merge.source.schema_name, merge.destination.schema_name)
        hold_record(ground, moved_into=None)
        with tenant_context(merge.destination):
            switch = switch_of_memory(ground)
            for part in reversed(parts()):
                part.take_back(switch)
            _remove(ground)
            for page_id, count in merge.memory["children"]:
                ground.execute(
                    "UPDATE {destination}.wagtailcore_page SET numchild = numchild - %s WHERE id = %s", [count, page_id]
                )
            ground.execute("UPDATE {destination}.wagtailcore_collection SET numchild = numchild - 1 WHERE depth = 1")
            record_act(
                "merge.revert", acting_user=None, obj=merge, detail={"source": merge.source.code, **merge.counts}
            )
        with tenant_context(merge.source):
            record_act("merge.revert", acting_user=None, obj=merge, detail={"destination": merge.destination.code})
        merge.state = Merge.State.REVERTED
        merge.save(update_fields=["state"])


def _remove(ground: Ground) -> None:
    try:
        remove_rows(ground)
    except DatabaseError as error:
        logger.warning("merge %s is not taken back: %s", ground.merge.pk, error)
        raise Refused(
            _(
                "迁入的页面在并入站点已有新的审查记录或发布，按规定不得删除，不能退回。请改为确认，或逐条撤回后另行处理。"
            )
        ) from error


# --- inside ------------------------------------------------------------------------------


def _reasons_against(source: Tenant, destination: Tenant) -> list[str]:
    reasons = [
        _("“%(site)s”的数据库结构不是当前版本，请先执行 migrate_fleet。") % {"site": tenant.full_name}
        for tenant in (source, destination)
        if count_pending(tenant.schema_name)
    ]
    return reasons + [reason for part in parts() for reason in part.reasons_against(source, destination)]


def _claim(merge: Merge) -> None:
    """Be the only process that carries this merge until the transaction ends. Raises Busy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('merge'), %s)", [merge.pk])
        if not cursor.fetchone()[0]:
            raise Busy(_("这次并入正在另一个进程中执行。"))


def _wait_for_others(ground: Ground) -> None:
    """One merge at a time writes into a destination: the next one finds its places behind those of the first."""
    with connection.cursor() as cursor:
        # As long as it takes: nobody waits for this one meanwhile.
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('merge into'), %s)", [ground.destination.pk])


def _close_source(ground: Ground) -> None:
    """Wait for writers that began before the source was frozen; nobody writes there until the end."""
    tables = ", ".join(
        f"{quoted(ground.source.schema_name)}.{quoted(model_of(line.model)._meta.db_table)}" for line in carried()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{settings.LOCK_WAIT_SECONDS}s"])
        cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")


def _carry_rows(
    ground: Ground, moves: list[Move], files: Copying, progress: Progress
) -> tuple[Counter[str], Places, Carrier]:
    """Write all rows of the destination that nobody there waits for."""
    counts: Counter[str] = Counter()
    make_tables(ground)
    prepare_names(ground)
    files.write_names()
    places = find_places(
        ground,
        moves,
        all_stand_ins(ground.source, ground.destination),
        drafts=ground.merge.drafts,
        scheduled=ground.merge.scheduled,
        channel=ground.source.code,
    )
    if words := columns().unconfirmed(ground.source, [place.old for place in places.carried()]):
        raise Refused(_("栏目“%(title)s”的文字还没有经第二人确认，不能并入。") % {"title": "、".join(words)})
    write_places(places)
    ground.execute("ANALYZE m_page")
    targets = MergeTargets(ground, places.numbers(), paths_of(places), places.old_hosts)
    carrier = Carrier(ground, places, targets, files.originals)
    carry_collections(ground)
    for made in places.made:
        columns().open_column(
            NewColumn(
                made.new, ground.source.full_name, made.slug, made.path, made.depth, made.numchild, made.url_path
            )
        )  # fmt: skip
    progress("pages", 0, 1)
    counts["columns"] = len(places.columns)
    counts["pages"] = carrier.carry_pages() - counts["columns"]
    counts["revisions"] = carrier.carry_versions(lambda done, total: progress("versions", done, total))
    prepare_things(ground)
    lines = [line for line in carried() if not line.by_hand]
    for number, line in enumerate(lines, 1):
        table = model_of(line.model)._meta.db_table
        counts[table] = carry_rows(line, ground)
        progress("history", number, len(lines))
    _write_transfers(ground, carrier)
    carrier.renew_references()
    counts["files"] = counts["media_siteimage"] + counts["media_sitedocument"]
    counts["transferred"] = len(carrier.transfers)
    counts["addresses"] = Address.objects.filter(tenant=ground.source).count()
    return counts, places, carrier


def _write_transfers(ground: Ground, carrier: Carrier) -> None:
    make_table(
        ground, "m_transferred", "id bigint, clearance bigint, page bigint, parent bigint, digest text, trail text"
    )
    numbers = new_numbers(ground, TransferredClearance, len(carrier.transfers))
    copy_rows(
        "m_transferred",
        ("id", "clearance", "page", "parent", "digest", "trail"),
        (
            (number, one.clearance, one.page, one.parent, one.source_digest, json.dumps(one.trail, ensure_ascii=False))
            for number, one in zip(numbers, carrier.transfers, strict=True)
        ),
    )
    ground.execute(_TRANSFERS, [ground.merge.pk, ground.source.schema_name])


def _not_moved(ground: Ground, places: Places) -> list[dict[str, Any]]:
    left = [{"kind": kind, "count": len(pages), "reason": reason} for kind, reason, pages in places.left]
    with tenant_context(ground.source):
        decided_on = waiting_pages().decided_on
        again = [place.old for place in places.carried() if place.old in decided_on]
        if again:
            reason = decided_again(begun_reviews(again))
            left.append({"kind": _("已作出的审查意见"), "count": len(again), "reason": reason})
    for line in SHEET:
        if isinstance(line, Left) and line.reason:
            model = model_of(line.model)
            ((count,),) = ground.rows(f"SELECT count(*) FROM {{source}}.{quoted(model._meta.db_table)}")
            if count:
                left.append({"kind": str(model._meta.verbose_name), "count": count, "reason": str(line.reason)})
    return left
