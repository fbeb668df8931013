"""延期: who pushed gives sites a later day, with the reason; it is the deadline from then on."""

from collections.abc import Collection
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.rule_packs.working_days import CHINA

from ..models import Push, PushNotice, PushTarget
from ..permissions import reasons_against_pushing
from ..queries import duties, open_targets
from .actions import chain_of
from .reminding import LONGEST_NOTE


def extend_duties(
    push: Push, target_ids: Collection[int], *, until: date | None, reason: str, acting_user: User
) -> int:
    """Put off the deadline of these duties to the end of the day ``until``; return how many were put off.

    What is done meanwhile, or has that time anyway, is left out. The sites read it on their start page, and are
    reminded anew when the new deadline comes near. Raises Refused with the reasons, also when nothing is left.
    """
    resource, reason = push.resource, reason.strip()
    source = resource.tenant or resource.holder
    with schema_context("public"), acting(acting_user, chain_of(source), on=source, frozen_too=False):
        reasons = reasons_against_pushing(acting_user, resource)
        if until is None:
            reasons.append(_("请填写延期到哪一天，写成 2026-12-01 的样子。"))
        elif _end_of(until) <= timezone.now():
            reasons.append(_("延期的日期已经过去，请填写今天或以后的日期。"))
        if not reason:
            reasons.append(_("请写明延期的理由。"))
        if len(reason) > LONGEST_NOTE:
            reasons.append(_("延期的理由最多 %(most)s 个字。") % {"most": LONGEST_NOTE})
        if not target_ids:
            reasons.append(_("请勾选要延期的站点。"))
        if reasons or until is None:
            raise Refused(reasons)
        due = _end_of(until)
        waiting = open_targets().filter(push=push, pk__in=target_ids, due_at__lt=due)
        held = [duty.target for duty in duties(locking(waiting)) if not duty.done]
        if not held:
            raise Refused(_("所选站点都已办结，或期限本来就不早于这一天。"))
        ids = [target.pk for target in held]
        PushTarget.objects.filter(pk__in=ids).update(due_at=due, reminded_at=None)
        said = _("期限延至 %(day)s：%(reason)s") % {"day": until.isoformat(), "reason": reason}
        given = {"late": False, "made_at": timezone.now(), "note": said[:LONGEST_NOTE], "by": acting_user.full_name}
        for target in held:
            PushNotice.objects.update_or_create(target=target, defaults=given)
        detail = {"push": push.pk, "sites": len(held), "until": until.isoformat(), "reason": reason}
        record_act("push.extend", acting_user=acting_user, obj=resource, detail=detail, chain=chain_of(source))
    return len(held)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), CHINA)
