"""How an account stands with signing in, for whoever looks after its owner, and the two helps that need no reset.

A pause after wrong passwords and open sessions are of the account, which is the platform's. Whoever manages people of a
site that the person works on may help: neither act lets anybody in who has not both factors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.audit.actions import record_act
from govplatform.locks.holding import chain_of_schema
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..acting import acting
from ..models import User
from ..permissions import is_platform_operator, reasons_against_managing
from ..queries import people_of
from .failed_sign_ins import is_known_browser, seconds_to_wait


@dataclass(frozen=True)
class Lock:
    """Where wrong passwords came from, how many, and until when no more are taken from there.

    ``address``: network address, '' for a browser that the account knows.
    """

    address: str
    failures: int
    until: datetime


@dataclass(frozen=True)
class Access:
    """How one account stands. ``recovery_codes``: how many are left; ``waits``: seconds for unknown browsers."""

    last_sign_in: datetime | None
    has_second_factor: bool
    recovery_codes: int
    locks: tuple[Lock, ...] = field(default=())
    waits: int = 0

    @property
    def is_paused(self) -> bool:
        """Whether somebody is kept out at the moment."""
        return bool(self.locks) or self.waits > 0

    def as_json(self) -> dict[str, Any]:
        """``{"last_sign_in", "second_factor", "recovery_codes", "paused", "locks": [...], "waits"}``."""
        return {
            "last_sign_in": self.last_sign_in,
            "second_factor": self.has_second_factor,
            "recovery_codes": self.recovery_codes,
            "paused": self.is_paused,
            "locks": [{"address": one.address, "failures": one.failures, "until": one.until} for one in self.locks],
            "waits": self.waits,
        }


def access_of(users: Iterable[User]) -> Mapping[int, Access]:
    """Return how each of these accounts stands, by its key; three statements, and one for each that is slowed down."""
    people = list(users)
    keys = [user.pk for user in people]
    bound = set(TOTPDevice.objects.filter(user__in=keys, confirmed=True).values_list("user_id", flat=True))
    codes: dict[int, int] = {}
    for owner in StaticToken.objects.filter(device__user__in=keys).values_list("device__user_id", flat=True):
        codes[owner] = codes.get(owner, 0) + 1
    failed: dict[str, list[AccessAttempt]] = {}
    recent = AccessAttempt.objects.filter(
        username__in=[user.username for user in people], attempt_time__gte=timezone.now() - get_cool_off()
    )
    for attempt in recent.order_by("attempt_time"):
        failed.setdefault(attempt.username, []).append(attempt)
    return {
        user.pk: Access(
            user.last_login,
            user.pk in bound,
            codes.get(user.pk, 0),
            tuple(_locks(failed.get(user.username, []))),
            seconds_to_wait(user.username) if user.username in failed else 0,
        )
        for user in people
    }


def unlock_account(user: User, *, reason: str, tenant: Tenant, acting_user: User | None) -> int:
    """Let the owner try again at once, wherever wrong passwords came from; return how many places were closed.

    ``tenant``: the site on which ``acting_user`` manages people. Raises Refused.
    """
    with acting(acting_user, chain_of_schema(), frozen_too=True):
        _check(user, reason, tenant, acting_user)
        locks = access_of([user])[user.pk].locks
        if not AccessAttempt.objects.filter(username=user.username).delete()[0]:
            raise Refused(_("%(user)s没有被暂停登录。") % {"user": user})
        detail = {"reason": reason.strip(), "addresses": sorted(lock.address for lock in locks if lock.address)}
        record_act("account.unlock", acting_user=acting_user, obj=user, detail=detail)
    return len(locks)


def end_sessions(user: User, *, reason: str, tenant: Tenant, acting_user: User | None) -> None:
    """End all sessions of an account, in every browser; its owner signs in anew with both factors. Raises Refused."""
    with acting(acting_user, chain_of_schema(), frozen_too=True):
        _check(user, reason, tenant, acting_user)
        User.objects.filter(pk=user.pk).update(sessions_ended_at=timezone.now())
        record_act("account.sessions_ended", acting_user=acting_user, obj=user, detail={"reason": reason.strip()})
    user.refresh_from_db(fields=["sessions_ended_at"])


def _check(user: User, reason: str, tenant: Tenant, acting_user: User | None) -> None:
    reasons = reasons_against_managing(acting_user, tenant)
    of_a_site = acting_user is not None and not is_platform_operator(acting_user)
    if not reasons and of_a_site and not people_of(tenant).filter(pk=user.pk).exists():
        reasons.append(_("%(user)s在“%(site)s”没有任职。") % {"user": user.username, "site": tenant.full_name})
    if not reason.strip():
        reasons.append(_("请写明理由。"))
    if reasons:
        raise Refused(reasons)


def _locks(attempts: list[AccessAttempt]) -> Iterable[Lock]:
    for attempt in attempts:
        if attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT:
            address = "" if is_known_browser(attempt.user_agent) else attempt.ip_address or ""
            yield Lock(address, attempt.failures_since_start, attempt.attempt_time + get_cool_off())
