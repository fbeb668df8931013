"""The second factor of an account: the phone and the recovery codes. When both are lost: resets.py."""

import secrets

from django.conf import settings
from django.db import connection
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding

from ..models import User

#: No 0 and O, no 1, I and L: a code is read from paper.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
#: By hand: every request of whoever has no second factor asks. ``user_has_device`` looks through all models for the
#: kinds of devices and asks for the rows of each.
_HAS_DEVICE = "SELECT " + " OR ".join(
    f"EXISTS (SELECT FROM {kind._meta.db_table} WHERE user_id = %(user)s AND confirmed)"
    for kind in (TOTPDevice, StaticDevice)
)


def has_second_factor(user: User) -> bool:
    """Tell whether ``user`` has a second factor that is in use: a phone, or recovery codes."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_DEVICE, {"user": user.pk})
        return bool(cursor.fetchone()[0])


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
