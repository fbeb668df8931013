"""Who may merge sites, and what stands against each step of a merge."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.tenancy.models import Tenant

from ..models import Merge
from ..states.actions import reasons_against_ending, reasons_against_merging
from .mapping import reasons_against_wishes
from .parts import columns_of, parts
from .planning import reasons_against_planning

State = Merge.State
#: A merge in one of these is under way or has been carried out: there is no second one of the same site.
STANDING = (*Merge.FREEZING, State.CONFIRMED)


def reasons_against_deciding_merges(acting_user: User) -> list[str]:
    """Why ``acting_user`` may not begin, confirm or revert merges: operators and supervisors may."""
    if holds_in_console(acting_user, {OPERATOR.code, SUPERVISOR.code}):
        return []
    return [_("只有平台运维人员或监管员可以办理站点并入。")]


def reasons_against_requesting(source: Tenant, destination: Tenant, wishes: Mapping[str, str]) -> list[str]:
    """Why the content of ``source`` cannot be moved into ``destination`` now, all at once; empty when it can.

    ``wishes``: path of a column -> its path there, or ``mapping.STAYS``.
    """
    reasons = reasons_against_planning(source, destination)
    if not reasons:
        reasons = reasons_against_merging(source, destination)
        reasons += [reason for part in parts() for reason in part.reasons_against(source, destination)]
    there = Merge.objects.filter(source=source, state__in=STANDING).select_related("destination").first()
    if there is not None:
        reasons.append(
            _("“%(site)s”并入“%(into)s”已在办理（第 %(number)d 号，%(state)s），不能再发起。")
            % {
                "site": source.full_name,
                "into": there.destination.full_name,
                "number": there.pk,
                "state": there.get_state_display(),
            }
        )
    half = Merge.objects.filter(source=source, state=State.REVERTED, ended_at=None).first()
    if half is not None:
        # Its end opens the source for writing, which must not happen while another one moves what is there.
        reasons.append(
            _("第 %(number)d 号并入的退回中断了，还没有办完，请先接着退回，再重新发起。") % {"number": half.pk}
        )
    reasons += reasons_against_passing_on(source)
    if wishes and not source.is_console:
        reasons += [
            _("对照表中“%(path)s”：%(reason)s") % {"path": path, "reason": reason}
            for path, _heading, reason in reasons_against_wishes(wishes, columns_of(source), source.code)
        ]
    return reasons


def reasons_against_passing_on(source: Tenant) -> list[str]:
    """Why what ``source`` took over may not go further yet: a merge into it can still be taken back."""
    waiting = Merge.objects.filter(destination=source, state__in=Merge.FREEZING).select_related("source")
    return [
        _("“%(from)s”并入“%(site)s”（第 %(number)d 号）还没有确认，请先确认或退回。")
        % {"from": merge.source.full_name, "site": source.full_name, "number": merge.pk}
        for merge in waiting.order_by("pk")
    ]


def reasons_against_proving(merge: Merge) -> list[str]:
    """Why nothing can be compared: one of the sites was dropped since. What was found before stays as it was found."""
    gone = next((site for site in (merge.source, merge.destination) if site.dropped_at is not None), None)
    if gone is None:
        return []
    found = ""
    if merge.verified_at is not None:
        at = timezone.localtime(merge.verified_at).strftime("%Y-%m-%d %H:%M")
        counts = {"at": at, "checked": merge.counts.get("checked", 0), "faults": len(merge.faults)}
        found = _("移除前最后一次核对（%(at)s）：%(checked)d 项，差错 %(faults)d 处。") % counts
    words = _(
        "“%(site)s”的内容已备份并移除，第 %(number)d 号并入没有可逐项对照的内容。%(found)s"
        "需要重新核对时，请先用 restore_site 恢复站点 %(code)s。"
    )
    return [words % {"site": gone.full_name, "number": merge.pk, "found": found, "code": gone.code}]


def reasons_against_confirming(merge: Merge) -> list[str]:
    """What is missing before the merge can be confirmed, whoever asks: the proof, both notices."""
    if merge.state != State.MOVED:
        return [_not_in(merge, _("确认"))]
    reasons = []
    if merge.ended_by_id is not None:
        reasons.append(_("已经要求退回，正在等待执行，不能再确认。"))
    if not is_proven(merge):
        reasons.append(_("切换之后还没有核对，请先核对。"))
    elif merge.faults:
        reasons.append(
            _("核对发现 %(count)d 处差错，不能确认；请退回，或查明后重新核对。") % {"count": len(merge.faults)}
        )
    if merge.destination.status not in (Tenant.Status.LIVE, Tenant.Status.RETIRING):
        reasons.append(
            _("“%(site)s”%(status)s，公众看不到迁入的内容，现在不能确认。")
            % {"site": merge.destination.full_name, "status": merge.destination.get_status_display()}
        )
    return [*reasons, *reasons_against_ending(merge.application)]


def reasons_against_reverting(merge: Merge, reason: str) -> list[str]:
    """Why the merge cannot be reverted, whoever asks; what it would cost is another question."""
    reasons = []
    if merge.state == State.CONFIRMED:
        reasons.append(_("并入已经确认，站点已关停，不能再退回。"))
    elif merge.state not in Merge.FREEZING:
        reasons.append(_not_in(merge, _("退回")))
    if not reason.strip():
        reasons.append(_("退回须写明理由。"))
    return reasons


def is_proven(merge: Merge) -> bool:
    """Whether the merge was verified since its switch."""
    return (
        merge.verified_at is not None
        and merge.verified_at <= timezone.now()
        and (merge.switched_at is None or merge.verified_at >= merge.switched_at)
    )


def _not_in(merge: Merge, act: str) -> str:
    return _("第 %(number)d 号并入%(state)s，不能%(act)s。") % {
        "number": merge.pk,
        "state": merge.get_state_display(),
        "act": act,
    }
