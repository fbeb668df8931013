"""Browsers in which a person signed in with both factors before: strangers cannot lock those out.

Where anybody's wrong passwords lock an account, locking it is a weapon: one wrong request every quarter of an hour
keeps a reviewer away from a recall. So failures count where they come from, and a known browser has its own count.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django_otp.models import Device

from ..models import User

COOKIE = "console_device"
_SALT = "govplatform.accounts.known-device"


def remember_device(response: HttpResponse, user: User, device: Device) -> None:
    """Mark the browser that gets ``response`` as one in which ``user`` has just given a code of ``device``.

    The mark says nothing of who is signed in and opens nothing. A new password or a new device makes it void.
    """
    value = {"user": user.pk, "device": device.persistent_id, "key": secrets.token_hex(12), "state": _state(user)}
    age = timedelta(days=settings.KNOWN_DEVICE_DAYS)
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT),
        max_age=age,
        domain=settings.SESSION_COOKIE_DOMAIN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_device(request: HttpRequest, username: str | None) -> str | None:
    """Return the key of the browser if it is known for the account ``username``, else None."""
    cookie = request.COOKIES.get(COOKIE)
    if not cookie or not username:
        return None
    try:
        value = signing.loads(cookie, salt=_SALT, max_age=timedelta(days=settings.KNOWN_DEVICE_DAYS))
    except signing.BadSignature:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or user.pk != value["user"] or not constant_time_compare(value["state"], _state(user)):
        return None
    device = Device.from_persistent_id(value["device"])
    return str(value["key"]) if device is not None and device.confirmed and device.user_id == user.pk else None


def _state(user: User) -> str:
    # Changes with the password.
    return user.get_session_auth_hash()[:24]
