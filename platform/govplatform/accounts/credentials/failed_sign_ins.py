"""What failed sign-ins lead to: a pause where they come from, a growing delay for the account, a record.

Five wrong passwords from one address lock that address out of that account for a quarter of an hour; tries in the
meantime do not make it longer. Many failures from many addresses slow the account down for all browsers that it does
not know, by a minute at most. Who signed in before with both factors in this browser is kept out by neither.
"""

import math
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from govplatform.audit.actions import record_act
from govplatform.locks.holding import hold_chain

from .known_devices import known_device

#: Begins the "browser" under which the failures of a known device are counted; nobody can guess what follows.
_KNOWN = "known device "


class FailedSignInHandler(AxesDatabaseHandler):
    """Django's signal reaches axes and the record in no order that we could name; so the chain is taken here."""

    def is_allowed(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        if key := known_device(request, get_client_username(request, credentials)):
            request.axes_user_agent = _KNOWN + key
        return bool(super().is_allowed(request, credentials))

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        if is_known(request):
            return False
        request.seconds_to_wait = seconds_to_wait(get_client_username(request, credentials))
        return bool(request.seconds_to_wait)

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        if connection.in_atomic_block:
            hold_chain()
        was_locked = getattr(request, "axes_locked_out", False)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if getattr(request, "axes_locked_out", False) and not was_locked:
            detail = {"username": str(credentials.get("username", ""))[:150], "address": request.axes_ip_address or ""}
            with transaction.atomic():
                record_act("account.sign_in_locked", acting_user=None, detail=detail)

    def remove_out_of_limit_failure_logs(self, *, username: str, limit: int | None = None) -> int:
        """Keep the newest failures of an account. The library keeps the oldest ones."""
        most = limit or settings.AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT
        kept = failures_of(username)[:most]
        deleted = AccessFailureLog.objects.filter(username=username).exclude(
            pk__in=list(kept.values_list("pk", flat=True))
        )
        return int(deleted.delete()[0])


def counted_together(request_or_attempt: Any, credentials: dict[str, Any] | None = None) -> list[list[str]]:
    """Say by what failures are added up (``AXES_LOCKOUT_PARAMETERS``): account and address, or the known browser."""
    if is_known(request_or_attempt):
        return [["username", "user_agent"]]
    return [["username", "ip_address"]]


def is_known(request: HttpRequest) -> bool:
    """Did ``FailedSignInHandler`` recognise the browser as one that the account knows?"""
    return is_known_browser(getattr(request, "axes_user_agent", ""))


def is_known_browser(user_agent: object) -> bool:
    """Tell whether failures under this "browser" are those of a device that the account knows."""
    return str(user_agent).startswith(_KNOWN)


def seconds_to_wait(username: str | None) -> int:
    """Return for how long a browser that the account does not know must wait; 0 when it may try.

    Doubles with each failure beyond ``SIGN_IN_FAILURES_BEFORE_DELAY`` within the time of a lock, wherever they came
    from, up to ``LONGEST_SIGN_IN_DELAY`` seconds after the last one.
    """
    if not username:
        return 0
    found = (
        AccessAttempt.objects.filter(username=username, attempt_time__gte=timezone.now() - get_cool_off())
        .exclude(user_agent__startswith=_KNOWN)
        .aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    )
    beyond = (found["failures"] or 0) - settings.SIGN_IN_FAILURES_BEFORE_DELAY
    if beyond < 0:
        return 0
    # 2 ** 10 is beyond the longest delay already.
    delay = min(2 ** min(beyond, 10), settings.LONGEST_SIGN_IN_DELAY)
    return max(0, math.ceil((found["last"] + timedelta(seconds=delay) - timezone.now()).total_seconds()))


def failures_of(username: str, since: datetime | None = None) -> QuerySet[AccessFailureLog]:
    """Return the failed sign-ins of the account that are still kept, newest first."""
    found = AccessFailureLog.objects.filter(username=username)
    if since is not None:
        found = found.filter(attempt_time__gt=since)
    return found.order_by("-attempt_time", "-pk")
