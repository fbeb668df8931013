"""Queries over consequences for operators: what failed, what is stuck, what waits, and what ended."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.events.sheet import the_sheet
from govplatform.refusals import Refused

from .models import RUNS_AT_MOST, WAITS_AT_MOST, Consequence

#: Filters of the screen and of the verb.
UNDONE, FAILED, WAITING, ENDED = "undone", "failed", "waiting", "ended"


def find_rows(which: str = UNDONE) -> "QuerySet[Consequence]":
    """The rows of one filter, UNDONE for an unknown one.

    UNDONE: failed or stuck, for an operator to look after, the oldest first; FAILED: the oldest first; WAITING: by the
    time they are due; ENDED: done or given up, the newest first.
    """
    open_rows = Consequence.objects.filter(given_up_at__isnull=True).exclude(state=Consequence.State.DONE)
    by_name = {
        UNDONE: lambda: open_rows.filter(_failed() | _stuck()).order_by("pk"),
        FAILED: lambda: open_rows.filter(_failed()).order_by("pk"),
        WAITING: lambda: open_rows.exclude(_failed()).order_by("next_at", "pk"),
        ENDED: lambda: Consequence.objects.filter(finished_at__isnull=False).order_by("-finished_at", "-pk"),
    }
    return by_name.get(which, by_name[UNDONE])().select_related("given_up_by")


def get_row(row_id: int) -> Consequence:
    """The row with that number. Raises Refused when there is none."""
    row = Consequence.objects.filter(pk=row_id).first()
    if row is None:
        raise Refused(_("没有编号为 %(id)s 的后续事项。") % {"id": row_id})
    return row


def count_undone() -> dict[str, int]:
    """``{"failed", "stuck"}``: how many rows an operator has to look after; two statements."""
    return {
        "failed": Consequence.objects.filter(_failed(), given_up_at__isnull=True).count(),
        "stuck": Consequence.objects.filter(_stuck()).count(),
    }


def line_words(name: str) -> str:
    """The name of a line in words; as it is when the sheet of consequences has no such line any more."""
    sheet = the_sheet()
    return str(sheet.line_named(name).words) or name if sheet.has_line(name) else name


def describe_row(row: Consequence) -> dict[str, Any]:
    """The row as the verb ``consequences`` prints it, JSON-able; times are ISO 8601 in local time."""
    return {
        "id": row.pk,
        "state": row.state,
        "stuck": row.stuck,
        "schema": row.schema,
        "event": row.event,
        "subject": f"{row.subject_type} {row.subject_id}".strip(),
        "title": row.subject_title,
        "line": row.line,
        "words": line_words(row.line),
        "kind": row.kind,
        "attempts": row.attempts,
        "error": row.error,
        "made_at": _local(row.made_at),
        "next_at": _local(row.next_at) if row.state == Consequence.State.READY else None,
        "given_up": row.given_up_reason or None,
    }


def _failed() -> Q:
    return Q(state=Consequence.State.FAILED)


def _stuck() -> Q:
    # The same as ``Consequence.stuck``, for many.
    now = timezone.now()
    return Q(state=Consequence.State.READY, next_at__lt=now - WAITS_AT_MOST) | Q(
        state=Consequence.State.RUNNING, started_at__lt=now - RUNS_AT_MOST
    )


def _local(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
