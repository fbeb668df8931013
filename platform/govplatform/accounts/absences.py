"""外出与代办: who is away today and who stands in. It gives no right: a deputy acts by a role of his own."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Refused

from .models import Absence, User


def absences_on(day: datetime.date) -> QuerySet[Absence]:
    """Absences that hold on ``day``."""
    return Absence.objects.filter(starts_on__lte=day, ends_on__gte=day, ended_at=None)


def deputies_today(people: Iterable[int]) -> dict[int, int]:
    """Absent person's id -> deputy's id, of ``people``, today."""
    away = absences_on(timezone.localdate()).filter(person_id__in=list(people)).order_by("-pk")
    return dict(away.values_list("person_id", "deputy_id"))


def register_absence(
    person: User, *, deputy: User, starts_on: datetime.date, ends_on: datetime.date, acting_user: User
) -> Absence:
    """``acting_user`` is away from one day to another, both included. Raises Refused with the reasons."""
    reasons = []
    if acting_user.pk != person.pk:
        reasons.append(_("外出只能由本人登记。"))
    if deputy.pk == person.pk:
        reasons.append(_("代办人须是别人，请另选一位。"))
    if not deputy.is_active:
        reasons.append(_("%(user)s 的账号已停用，请另选代办人。") % {"user": deputy})
    if ends_on < starts_on:
        reasons.append(_("结束日期早于开始日期，请改正。"))
    elif ends_on < timezone.localdate():
        reasons.append(_("结束日期已经过去，请改正。"))
    # Two registrations at once queue here.
    with holding(PLATFORM_CHAIN):
        if Absence.objects.filter(
            person=person, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
        ).exists():
            reasons.append(_("这段时间已经登记过外出，请先结束那一次。"))
        if reasons:
            raise Refused(reasons)
        absence = Absence.objects.create(person=person, deputy=deputy, starts_on=starts_on, ends_on=ends_on)
        record_act(
            "absence.register",
            acting_user=acting_user,
            obj=absence,
            detail={"deputy": deputy.username, "from": str(starts_on), "until": str(ends_on)},
            chain=PLATFORM_CHAIN,
        )
    return absence


def end_absence(absence: Absence, *, acting_user: User) -> None:
    """The person is back. Raises Refused for anybody else, and for what has ended."""
    with holding(PLATFORM_CHAIN):
        absence = locking(Absence.objects).get(pk=absence.pk)
        if absence.person_id != acting_user.pk:
            raise Refused(_("外出只能由本人结束。"))
        if absence.ended_at is not None or absence.ends_on < timezone.localdate():
            raise Refused(_("这次外出已经结束。"))
        absence.ended_at = timezone.now()
        absence.save(update_fields=["ended_at"])
        record_act("absence.end", acting_user=acting_user, obj=absence, chain=PLATFORM_CHAIN)
