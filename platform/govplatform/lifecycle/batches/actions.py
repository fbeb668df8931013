"""Acts on a table of sites: keep and check it, start it, open it row by row."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import hold_chain, locking
from govplatform.refusals import Refused
from govplatform.spreadsheets.reading import read_table

from ..actions import NewSite, open_site
from ..models import SiteBatch, SiteBatchRow
from ..permissions import require_operator
from .checking import CheckedRow, check_rows
from .queries import is_at_work
from .table import SHEET, Fault, SiteTable, TableRow, read_site_rows


def read_sites(path: Path, filename: str) -> SiteTable:
    """Read the table at ``path``; ``filename`` tells its kind. Raises Refused for a file that cannot be read."""
    lines = read_table(path, filename, sheet=SHEET)
    return replace(read_site_rows(lines), notes=lines.notes)


def keep_batch(table: SiteTable, filename: str, *, acting_user: User | None) -> tuple[SiteBatch, list[CheckedRow]]:
    """Check every row of ``table`` and keep it with the faults found; nothing is opened.

    Raises Refused when the person may not open sites.
    """
    require_operator(acting_user)
    checked = check_rows(table.rows)
    with transaction.atomic():
        batch = SiteBatch.objects.create(
            filename=filename.replace("\x00", "")[:255],
            file_faults=[fault.as_dict() for fault in table.faults],
            requested_by=acting_user,
        )
        _keep_rows(batch, checked)
        require_operator(acting_user, until_the_end=True)
    return batch, checked


def check_again(batch: SiteBatch) -> None:
    """Check every row anew that is not done, since the platform may have changed or what refused a row may be mended.

    Rows keep their place in the table; a site that is there by now makes its row SAME.
    """
    with transaction.atomic():
        locking(SiteBatch.objects).get(pk=batch.pk)
        rows = list(batch.rows.all())
        changed = []
        for row, one in zip(rows, check_rows([TableRow(row.line, row.given) for row in rows]), strict=True):
            before = (row.state, row.faults, row.facts)
            if row.state != SiteBatchRow.State.DONE and before != _say(row, one):
                changed.append(row)
        SiteBatchRow.objects.bulk_update(changed, ["facts", "faults", "state", "tenant", "finished_at"], batch_size=200)


def start_batch(batch: SiteBatch, *, acting_user: User | None) -> None:
    """Start a batch, or continue one that was broken off; rows that are done stay so.

    Checks the rows once more. Raises Refused when one is at fault (nothing is opened then), when the batch is in work
    already, and for a person who may not open sites.
    """
    require_operator(acting_user)
    if is_at_work(batch):
        raise Refused(_("这一批正在开设，请等它结束。"))
    check_again(batch)
    # Batch, rows, chain: a worker has its row before it opens the site, which takes the chains.
    with transaction.atomic():
        locked = locking(SiteBatch.objects).get(pk=batch.pk)
        states = list(locked.rows.values_list("state", flat=True))
        faulty = states.count(SiteBatchRow.State.FAULTY)
        waiting = states.count(SiteBatchRow.State.WAITING)
        if locked.file_faults or faulty:
            raise Refused(_refusal(faulty))
        if locked.state == SiteBatch.State.WAITING:
            raise Refused(_("这一批已经在排队，请稍候。"))
        locked.state = SiteBatch.State.WAITING if waiting else SiteBatch.State.DONE
        locked.finished_at = None if waiting else timezone.now()
        locked.started_by = acting_user
        locked.save(update_fields=["state", "finished_at", "started_by"])
        hold_chain(PLATFORM_CHAIN)
        require_operator(acting_user, until_the_end=True)
        if waiting:
            detail = {"file": locked.filename, "rows": len(states), "to_open": waiting}
            record_act("site.open_batch", acting_user=acting_user, obj=locked, detail=detail, chain=PLATFORM_CHAIN)
    batch.refresh_from_db()


def open_next_row(batch_id: int, *, acting_user: User | None) -> bool:
    """Open the next site of a batch that no other process holds; return False when there is none to take just now.

    A site is taken only when its superior site has been opened. The site, its record and the state of its row are one
    transaction, so a process that dies leaves the row as it was. A refusal, invalid values or a database error become
    faults of the row; any other exception is raised.
    """
    with transaction.atomic():
        row = (
            locking(SiteBatchRow.objects, wait=False)
            .filter(batch_id=batch_id, state=SiteBatchRow.State.WAITING)
            .exclude(parent__state=SiteBatchRow.State.WAITING)
            .first()
        )
        if row is None:
            return False
        with connection.cursor() as cursor:
            # A crash of the server may lose the last sites as a whole, never a part of one: their rows wait again.
            cursor.execute("SET LOCAL synchronous_commit = off")
        try:
            with transaction.atomic():
                tenant, seconds = open_site(
                    NewSite(**row.facts), acting_user=acting_user, verb="" if acting_user else "create_sites"
                )
        except Refused as refusal:
            _refuse(row, refusal.reasons)
        except ValidationError as error:
            _refuse(row, [str(message) for message in error.messages])
        except DatabaseError as error:
            # One site must not stop the others. Where the connection is gone, the next statement says so.
            _refuse(row, [_("数据库没有接受这个站点：%(error)s") % {"error": str(error).strip()[:300]}])
        else:
            row.state, row.tenant, row.seconds = SiteBatchRow.State.DONE, tenant, round(seconds, 3)
        row.finished_at = timezone.now()
        row.save(update_fields=["state", "tenant", "seconds", "faults", "finished_at"])
    return True


def finish_batch(batch: SiteBatch) -> None:
    """Mark the batch as DONE: none of its rows waits any more."""
    SiteBatch.objects.filter(pk=batch.pk).update(state=SiteBatch.State.DONE, finished_at=timezone.now())
    batch.refresh_from_db()


def _refusal(faulty: int) -> str:
    if not faulty:
        return _("文件的表头有误，没有开设任何站点。请改正后重新提供。")
    text = _("有 %(count)d 行有误，没有开设任何站点。请改正后重新提供，已经开设的会自动略过。")
    return text % {"count": faulty}


def _refuse(row: SiteBatchRow, reasons: Sequence[str]) -> None:
    row.state = SiteBatchRow.State.REFUSED
    row.faults = [Fault(row.line, "", reason).as_dict() for reason in reasons]


def _keep_rows(batch: SiteBatch, checked: Sequence[CheckedRow]) -> None:
    rows = []
    for one in checked:
        row = SiteBatchRow(batch=batch, line=one.row.line, given=dict(one.row.given))
        _say(row, one)
        rows.append(row)
    SiteBatchRow.objects.bulk_create(rows)
    by_code = {row.given["code"]: row for row in rows}
    children = [row for row in rows if row.given["parent_code"] in by_code]
    for row in children:
        row.parent = by_code[row.given["parent_code"]]
    SiteBatchRow.objects.bulk_update(children, ["parent"])


def _say(row: SiteBatchRow, one: CheckedRow) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """Write down what was found; returns the state, the faults and the facts."""
    row.facts = asdict(one.new) if one.new is not None else {}
    row.faults = [fault.as_dict() for fault in one.faults]
    row.state, row.tenant, row.finished_at = one.state, one.tenant, None
    return row.state, row.faults, row.facts
