"""The second factor of an account: recovery codes, and the way back when everything is lost."""

import secrets
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Refused

from .acting import acting
from .models import SecondFactorReset, User
from .permissions import holds_in_console, is_platform_operator
from .roles import OPERATOR, SUPERVISOR

#: No 0 and O, no 1, I and L: a code is read from paper.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def renew_recovery_codes(user: User) -> list[str]:
    """Give ``user`` new recovery codes and return them, the only time that they are shown; earlier ones end.

    Each is good once, in the place of a code of the phone.
    """
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _letter in range(5)) for _part in range(2))
        for _code in range(settings.RECOVERY_CODES)
    ]
    with holding():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
        StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
        record_act("account.recovery_codes", acting_user=user, obj=user, detail={"count": len(codes)})
    return codes


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes ``user`` has not used yet."""
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def bind_device(user: User, device: TOTPDevice) -> list[str]:
    """Make ``device``, whose code was right, the one of ``user``; returns new recovery codes."""
    with holding():
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save()
        record_act("account.second_factor", acting_user=user, obj=user)
        return renew_recovery_codes(user)


def request_reset(person: User, *, reason: str, acting_user: User) -> SecondFactorReset:
    """Ask that ``person`` may bind a new phone without the old one. Nothing is changed until somebody else confirms.

    Raises Refused without the right or a reason, for oneself, and where there is nothing to reset.
    """
    with acting(acting_user, PLATFORM_CHAIN):
        reasons = []
        if not is_platform_operator(acting_user):
            reasons.append(_("只有平台运维人员可以申请重设动态口令。"))
        if not reason.strip():
            reasons.append(_("申请重设动态口令须写明理由，并写明如何核实了本人身份。"))
        if person.pk == acting_user.pk:
            reasons.append(_("不能申请重设自己的动态口令，请由其他运维人员办理。"))
        if not user_has_device(person):
            reasons.append(_("%(user)s 没有绑定动态口令，无需重设。") % {"user": person})
        if SecondFactorReset.objects.filter(person=person, state=SecondFactorReset.State.WAITING).exists():
            reasons.append(_("%(user)s 已有一次重设在等待确认。") % {"user": person})
        if reasons:
            raise Refused(reasons)
        reset = SecondFactorReset.objects.create(person=person, reason=reason.strip()[:500], requested_by=acting_user)
        record_act(
            "account.reset_request",
            acting_user=acting_user,
            obj=person,
            detail={"reason": reset.reason},
            chain=PLATFORM_CHAIN,
        )
    return reset


def decide_reset(reset: SecondFactorReset, *, confirm: bool, acting_user: User) -> None:
    """Carry a reset out, or refuse it: a second operator, or a supervisor, never who asked or whom it is about.

    Carried out, the phone and the recovery codes are void and all sessions of the person end; with the password they
    bind a new phone. Raises Refused.
    """
    with acting(acting_user, PLATFORM_CHAIN):
        reset = locking(SecondFactorReset.objects.select_related("person")).get(pk=reset.pk)
        person = reset.person
        reasons = []
        if not holds_in_console(acting_user, {OPERATOR.code, SUPERVISOR.code}):
            reasons.append(_("只有平台运维人员或监管员可以确认重设动态口令。"))
        if reset.state != SecondFactorReset.State.WAITING:
            reasons.append(_("这次重设已经办结：%(state)s。") % {"state": reset.get_state_display()})
        if acting_user.pk == reset.requested_by_id:
            reasons.append(_("重设动态口令须由两个人办理：申请人不能自己确认，请由其他运维人员或监管员办理。"))
        if acting_user.pk == person.pk:
            reasons.append(_("不能确认重设自己的动态口令，请由其他运维人员或监管员办理。"))
        if reasons:
            raise Refused(reasons)
        reset.state = SecondFactorReset.State.DONE if confirm else SecondFactorReset.State.REFUSED
        reset.decided_by, reset.decided_at = acting_user, timezone.now()
        reset.save(update_fields=["state", "decided_by", "decided_at"])
        if confirm:
            TOTPDevice.objects.filter(user=person).delete()
            StaticDevice.objects.filter(user=person).delete()
            person.sessions_ended_at = reset.decided_at
            person.save(update_fields=["sessions_ended_at"])
        record_act(
            "account.reset_confirmed" if confirm else "account.reset_refused",
            acting_user=acting_user,
            obj=person,
            detail={"requested_by": str(reset.requested_by), "reason": reset.reason},
            chain=PLATFORM_CHAIN,
        )


def resets_since(user: User, moment: datetime) -> list[SecondFactorReset]:
    """Return what was reset for ``user`` after ``moment``, for telling them."""
    found = SecondFactorReset.objects.filter(person=user, state=SecondFactorReset.State.DONE, decided_at__gt=moment)
    return list(found.select_related("requested_by", "decided_by"))
