"""What people decide about a merge: it begins, it is confirmed, it is taken back. The work itself is ``running.py``."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Tenant

from ..models import Merge
from ..states.actions import retire_site, retirement_of
from .permissions import (
    STANDING,
    State,
    is_proven,
    reasons_against_confirming,
    reasons_against_deciding_merges,
    reasons_against_proving,
    reasons_against_requesting,
    reasons_against_reverting,
)
from .running import freeze_source, is_at_work, lost_with, run_reversal, verify_merge

_RUN, _REVERT = "govplatform.lifecycle.tasks.merge_site_job", "govplatform.lifecycle.tasks.revert_merge_job"
_VERIFY = "govplatform.lifecycle.tasks.verify_merge_job"
#: What would be lost is named up to so many places; the rest is a number.
MOST_LOST = 200


def request_merge(
    source: Tenant,
    destination: Tenant,
    *,
    acting_user: User,
    wishes: Mapping[str, str] | None = None,
    drafts: bool = False,
    scheduled: bool = True,
    queued: bool = True,
) -> Merge:
    """Begin the merge of a site into another. Raises Refused with all reasons at once.

    ``wishes``: path of a column -> its path there, or ``mapping.STAYS``; ``drafts``: pages go along that were never
    public; ``scheduled``: so do those that are cleared for a later day. The source is frozen with the request, so that
    nobody works there in vain while the work waits, which is the worker's with the owner's login; with ``queued`` False
    the caller runs it (``run_merge``). By an operator or a supervisor.
    """
    wishes = dict(wishes or {})
    with (
        schema_context("public"),
        acting(acting_user, source.schema_name, destination.schema_name, on=source),
    ):
        rows = {tenant.pk: tenant for tenant in Tenant.objects.filter(pk__in=(source.pk, destination.pk))}
        source, destination = rows[source.pk], rows[destination.pk]
        reasons = reasons_against_deciding_merges(acting_user)
        reasons += reasons_against_requesting(source, destination, wishes)
        application = retirement_of(source)
        if reasons or application is None:
            raise Refused(reasons)
        merge = Merge.objects.create(
            source=source,
            destination=destination,
            application=application,
            wishes=wishes,
            drafts=drafts,
            scheduled=scheduled,
            requested_by=acting_user,
        )
        detail = {"drafts": drafts, "scheduled": scheduled, "columns": wishes}
        _record_on_both("merge.request", merge, acting_user=acting_user, detail=detail)
        freeze_source(merge, acting_user=acting_user)
        if queued:
            resume_merge(merge)
    return merge


def begin_or_resume(
    source: Tenant,
    destination: Tenant,
    *,
    acting_user: User,
    wishes: Mapping[str, str],
    drafts: bool,
    scheduled: bool = True,
) -> Merge:
    """The merge of a process that runs it itself: one that was broken off on its way there, or a new one.

    Raises Refused as ``request_merge``, and for other wishes than those with which the merge began.
    """
    there = open_merge(source)
    broken_off = there is not None and (
        there.state in (State.QUEUED, State.MOVING) or (there.state == State.MOVED and there.verified_at is None)
    )
    if there is None or there.destination_id != destination.pk or not broken_off:
        return request_merge(
            source,
            destination,
            acting_user=acting_user,
            wishes=wishes,
            drafts=drafts,
            scheduled=scheduled,
            queued=False,
        )
    with acting(acting_user, source.schema_name, on=source):
        reasons = reasons_against_deciding_merges(acting_user)
        if (
            (wishes and dict(wishes) != there.wishes)
            or (drafts and not there.drafts)
            or (there.scheduled and not scheduled)
        ):
            reasons.append(
                _("第 %(number)d 号并入已按另一份对照表发起；不另给对照表会接着办理，改用别的对照表须先退回。")
                % {"number": there.pk}
            )
        if reasons:
            raise Refused(reasons)
    return there


def resume_merge(merge: Merge) -> None:
    """Queue the work of a merge, or of its reversal, that waits or was broken off; one job of it waits at a time."""
    with transaction.atomic():
        if merge.ended_by_id is not None:
            enqueue(_REVERT, in_schema="public", once=f"revert:{merge.pk}", merge_id=merge.pk)
        else:
            enqueue(_RUN, in_schema="public", once=f"merge:{merge.pk}", merge_id=merge.pk)


def ask_to_verify(merge: Merge) -> None:
    """Queue a new proof of a merge; one job of it waits at a time. Raises Refused for one that cannot be proven."""
    if reasons := reasons_against_proving(merge):
        raise Refused(reasons)
    enqueue(_VERIFY, in_schema="public", once=f"verify:{merge.pk}", merge_id=merge.pk)


def confirm_merge(merge: Merge, *, acting_user: User) -> Merge:
    """Confirm that the content has moved, and retire the source: from now on the merge cannot be reverted.

    By an operator or a supervisor. A proof that is older than the switch is made anew. Raises Refused with everything
    that is missing: the proof without faults, the completion notice on the destination.
    """
    with schema_context("public"):
        merge = _whole(merge.pk)
        if merge.state == State.MOVED and not is_proven(merge) and not reasons_against_deciding_merges(acting_user):
            # A web server cannot: then it is among the reasons that the proof is missing.
            with suppress(Refused):
                verify_merge(merge)
        with acting(acting_user, merge.source.schema_name, merge.destination.schema_name, on=merge.source):
            merge = _held(merge.pk)
            reasons = [*reasons_against_deciding_merges(acting_user), *reasons_against_confirming(merge)]
            if reasons:
                raise Refused(reasons)
            retire_site(merge.source, acting_user=None)
            merge.state, merge.ended_by, merge.ended_at = State.CONFIRMED, acting_user, timezone.now()
            merge.save(update_fields=["state", "ended_by", "ended_at"])
            _record_on_both("merge.confirm", merge, acting_user=acting_user)
    return merge


def ask_to_revert(
    merge: Merge, *, acting_user: User, reason: str, anyway: bool = False, queued: bool = True
) -> list[dict[str, Any]]:
    """Decide that a merge that is not confirmed is taken back, and return what is lost with it.

    That is what editors of the destination have changed since in the pages that were moved,
    ``[{"page", "title", "what"}]``. Raises Refused with it unless ``anyway``. By an operator or a supervisor. The work
    is the worker's with the owner's login; with ``queued`` False the caller runs it (``run_reversal``).
    """
    with schema_context("public"):
        merge = _whole(merge.pk)
        with acting(acting_user, merge.source.schema_name, merge.destination.schema_name, on=merge.source):
            merge = _held(merge.pk)
            reasons = [*reasons_against_deciding_merges(acting_user), *reasons_against_reverting(merge, reason)]
            if reasons:
                raise Refused(reasons)
            lost = lost_with(merge)
            if lost and not anyway:
                way_out = [] if queued else [_("命令行里“仍要退回”写作 --anyway。")]
                raise Refused([*losses_in_words(lost), *way_out])
            merge.ended_by, merge.end_reason = acting_user, reason.strip()
            merge.save(update_fields=["ended_by", "end_reason"])
            detail = {"reason": merge.end_reason, "lost": len(lost)}
            _record_on_both("merge.ask_to_revert", merge, acting_user=acting_user, detail=detail)
            if queued:
                resume_merge(merge)
    return lost


def revert_merge(merge: Merge, *, acting_user: User, reason: str, anyway: bool = False) -> Merge:
    """Take a merge back here and now; as ``ask_to_revert``, in a process with the owner's login. Raises Refused.

    A reversal that was broken off after its rows had gone is ended: nothing is left to be decided.
    """
    if is_at_work(merge):
        raise Busy(_("这次并入正由另一个进程办理，请等它结束。"))
    if not merge.is_half_reverted or reasons_against_deciding_merges(acting_user):
        ask_to_revert(merge, acting_user=acting_user, reason=reason, anyway=anyway, queued=False)
    return run_reversal(merge.pk)


def losses_in_words(lost: list[dict[str, Any]]) -> list[str]:
    """A sentence for each change that a reversal would undo, the first of many, and the way out."""
    told = [
        (_("“%(title)s”（页面 %(page)s）：%(what)s") if one["page"] else _("“%(title)s”：%(what)s")) % one
        for one in lost[:MOST_LOST]
    ]
    if more := len(lost) - len(told):
        told.append(_("另有 %(count)d 处。") % {"count": more})
    head = _("并入后有 %(count)d 处改动会随退回丢失；确要退回的，请注明“仍要退回”。") % {"count": len(lost)}
    return [head, *told]


def _record_on_both(
    act: str, merge: Merge, *, acting_user: User | None, detail: Mapping[str, Any] | None = None
) -> None:
    """Write the act into the chains of both sites. Call with both held."""
    told = {"site": merge.source.code, "into": merge.destination.code, "merge": merge.pk, **(detail or {})}
    for tenant in sorted((merge.source, merge.destination), key=lambda one: one.schema_name):
        record_act(act, acting_user=acting_user, obj=merge, detail=told, chain=tenant.schema_name)


def open_merge(source: Tenant) -> Merge | None:
    """The merge of ``source`` that is under way or was carried out; None when there is none."""
    found = Merge.objects.filter(source=source, state__in=STANDING)
    return found.select_related("source", "destination", "application").first()


def _whole(merge_id: int) -> Merge:
    found = Merge.objects.select_related("source", "destination", "application__tenant", "application__into")
    return found.get(pk=merge_id)


def _held(merge_id: int) -> Merge:
    """The merge as it is now; it stays so until the transaction ends."""
    locking(Merge.objects.filter(pk=merge_id)).get()
    return _whole(merge_id)
