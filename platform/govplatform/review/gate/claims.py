"""Claims: who is at work on a step. A claim says so to the others and ends by itself; it gives no right."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from govplatform.accounts.absences import deputies_today
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.tenancy.current import current_tenant

from ..models import Claim, ReviewTask


@dataclass(frozen=True)
class HeldClaim:
    """A claim that counts now. ``holder``: the claimer, or the deputy while the claimer is away."""

    claim: Claim
    holder: User

    @property
    def by_deputy(self) -> bool:
        return self.holder.pk != self.claim.person_id


def held_claim(task_state: TaskState, task: ReviewTask) -> HeldClaim | None:
    """Return the claim on the step; None when it ran out or its holder may not take the step."""
    claim = (
        Claim.objects.select_related("person", "handed_by")
        .filter(task_state=task_state, expires_at__gt=timezone.now())
        .first()
    )
    if claim is None:
        return None
    deputy = deputies_today([claim.person_id]).get(claim.person_id)
    holder = claim.person if deputy is None else User.objects.get(pk=deputy)
    return HeldClaim(claim, holder) if has_role(holder, task.role, current_tenant()) else None


def reasons_against_passing_over(task_state: TaskState, task: ReviewTask, user: User) -> list[str]:
    """Say why ``user`` leaves the step to who claimed it; empty when nobody else has."""
    held = held_claim(task_state, task)
    if held is None or user.pk in (held.holder.pk, held.claim.person_id):
        return []
    until = timezone.localtime(held.claim.expires_at).strftime("%Y-%m-%d %H:%M")
    return [
        _("%(who)s 正在办理，认领到 %(until)s 为止；到时仍未办结，你可以办理。") % {"who": held.holder, "until": until}
    ]
