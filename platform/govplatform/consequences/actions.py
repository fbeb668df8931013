"""Acts of operators on rows that are not done: try again now, or give up with a reason."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.events.sheet import the_sheet
from govplatform.locks.holding import holding
from govplatform.refusals import Refused

from .models import Consequence
from .permissions import reasons_against_tending
from .queueing import queue_subject

_WAITING = (Consequence.State.READY, Consequence.State.FAILED)


def retry_consequence(row: Consequence, *, acting_user: User | None) -> Consequence:
    """Have a worker try the row again at once, counting attempts from 0. Raises Refused with the reasons."""
    with acting(acting_user, PLATFORM_CHAIN):
        reasons = [*reasons_against_tending(acting_user), *_reasons_against_touching(row)]
        if row.kind == Consequence.Kind.IN_TRANSACTION:
            reasons.append(_("这一事项属于原来的操作，不能单独重试。请按错误信息处理，再注明理由予以放弃。"))
        elif not the_sheet().has_line(row.line):
            reasons.append(_("现在的版本已经没有这一事项，不能重试。请核实后注明理由予以放弃。"))
        if reasons:
            raise Refused(reasons)
        record_act("consequence.retry", acting_user=acting_user, obj=row, detail=_detail(row), chain=PLATFORM_CHAIN)
        _change(row, state=Consequence.State.READY, attempts=0, next_at=timezone.now())
        queue_subject(row.schema, row.subject_type, row.subject_id)
    return row


def give_up_consequence(row: Consequence, *, acting_user: User | None, reason: str) -> Consequence:
    """End a row that is not done: it was done by hand, or need not be done. Raises Refused with the reasons."""
    with acting(acting_user, PLATFORM_CHAIN):
        reasons = [*reasons_against_tending(acting_user), *_reasons_against_touching(row)]
        if not reason.strip():
            reasons.append(_("请写明理由：已经人工处理，还是不再需要。"))
        if reasons:
            raise Refused(reasons)
        detail = {**_detail(row), "reason": reason.strip()}
        record_act("consequence.give_up", acting_user=acting_user, obj=row, detail=detail, chain=PLATFORM_CHAIN)
        now = timezone.now()
        _change(
            row,
            state=Consequence.State.FAILED,
            given_up_by=acting_user,
            given_up_at=now,
            given_up_reason=reason.strip()[:500],
            finished_at=now,
        )
    return row


def end_for_good(row: Consequence, *, reason: str) -> None:
    """End a row that can never be done again, in nobody's name; a row that has ended meanwhile stays as it is."""
    with holding(PLATFORM_CHAIN):
        now = timezone.now()
        open_rows = Consequence.objects.filter(pk=row.pk, given_up_at__isnull=True).exclude(
            state=Consequence.State.DONE
        )
        if not open_rows.update(
            state=Consequence.State.FAILED, given_up_at=now, given_up_reason=reason[:500], finished_at=now
        ):
            return
        detail = {**_detail(row), "reason": reason}
        record_act("consequence.give_up", acting_user=None, obj=row, detail=detail, chain=PLATFORM_CHAIN)


# --- inside ------------------------------------------------------------------------------


def _reasons_against_touching(row: Consequence) -> list[str]:
    if not row.open:
        return [_("这一事项已经了结，不需要处理。")]
    if row.state == Consequence.State.RUNNING:
        return [_("这一事项正在进行，请等它结束；进程已经不在时，系统会在一分钟内接着做。")]
    return []


def _change(row: Consequence, **values: Any) -> None:
    # A worker may have taken it up, or another operator may have acted, since it was shown.
    found = Consequence.objects.filter(pk=row.pk, state__in=_WAITING, given_up_at__isnull=True)
    if not found.update(**values):
        raise Refused(_("这一事项的状态刚刚有了变化，请刷新后再看。"))
    row.refresh_from_db()


def _detail(row: Consequence) -> dict[str, Any]:
    return {
        "line": row.line,
        "event": row.event,
        "schema": row.schema,
        "subject": f"{row.subject_type} {row.subject_id}".strip(),
        "attempts": row.attempts,
        "error": row.error,
    }
