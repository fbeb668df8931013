"""重设: a lost password, or a lost phone. Whoever could approve in somebody's name never does it alone.

A password that is reset is gone: the person chooses another with a one-time link, and keeps the phone and the codes.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import locking
from govplatform.refusals import Refused

from ..acting import acting
from ..actions import lock_person
from ..models import AccountReset, RoleOffer, User
from ..permissions import holds_in_console, holds_takes_two, is_platform_operator
from ..roles import OPERATOR, SUPERVISOR, TAKES_TWO_CODES
from .sign_in_links import has_begun, link_takes_two, make_link, site_of_link

What, State = AccountReset.What, AccountReset.State


def takes_two(person: User, what: str) -> bool:
    """Whether a second person has to confirm: for every second factor, and for the password of who approves anything
    or decides who approves, on whichever site, or is offered to do so.
    """
    if what == What.SECOND_FACTOR or holds_takes_two(person):
        return True
    return RoleOffer.objects.open().filter(person=person, role__in=TAKES_TWO_CODES).exists()


def request_reset(
    person: User, *, what: str = What.SECOND_FACTOR, reason: str, acting_user: User | None
) -> tuple[AccountReset, str | None]:
    """Ask that ``person`` may choose a new password, or bind a new phone without the old one.

    Nothing is changed until somebody else confirms, unless one person is enough (``takes_two``) or the shell asks:
    then it is carried out at once, and the one-time link comes back beside the reset (None while it waits, and for a
    second factor). Raises Refused without the right or a reason, for oneself, and where there is nothing to reset.
    """
    with acting(acting_user, PLATFORM_CHAIN):
        person = lock_person(person)
        if reasons := _against_request(person, what, reason, acting_user):
            raise Refused(reasons)
        reset = AccountReset.objects.create(
            person=person, what=what, reason=reason.strip()[:500], requested_by=acting_user
        )
        detail = {"what": reset.what, "reason": reset.reason}
        if acting_user is None or not takes_two(person, what):
            return reset, _carry_out(reset, acting_user)
        record_act("account.reset_request", acting_user=acting_user, obj=person, detail=detail, chain=PLATFORM_CHAIN)
    return reset, None


def decide_reset(reset: AccountReset, *, confirm: bool, acting_user: User) -> str | None:
    """Carry a reset out, or refuse it: a second operator, or a supervisor, never who asked or whom it is about.

    Carried out, all sessions of the person end. A reset second factor voids phone and recovery codes; with the
    password they bind a new phone. A reset password gives the one-time link, returned here and shown once. Raises
    Refused.
    """
    with acting(acting_user, PLATFORM_CHAIN):
        person = lock_person(reset.person)
        reset = locking(AccountReset.objects.select_related("requested_by")).get(pk=reset.pk)
        reasons = []
        if not holds_in_console(acting_user, {OPERATOR.code, SUPERVISOR.code}):
            reasons.append(_("只有平台运维人员或监管员可以确认重设。"))
        if confirm and reset.requested_by is not None and not is_platform_operator(reset.requested_by):
            reasons.append(
                _("申请人 %(user)s 已不再是平台运维人员：请驳回，由现任运维人员核实后重新申请。")
                % {"user": reset.requested_by}
            )
        if reset.state != State.WAITING:
            reasons.append(_("这次重设已经办结：%(state)s。") % {"state": reset.get_state_display()})
        if acting_user.pk == reset.requested_by_id:
            reasons.append(_("重设须由两个人办理：申请人不能自己确认，请由其他运维人员或监管员办理。"))
        if acting_user.pk == person.pk:
            reasons.append(_("不能确认重设自己的账号，请由其他运维人员或监管员办理。"))
        if reasons:
            raise Refused(reasons)
        reset.person, reset.decided_by = person, acting_user
        if confirm:
            return _carry_out(reset, acting_user)
        reset.state, reset.decided_at = State.REFUSED, timezone.now()
        reset.save(update_fields=["state", "decided_by", "decided_at"])
        record_act(
            "account.reset_refused", acting_user=acting_user, obj=person, detail=_told(reset), chain=PLATFORM_CHAIN
        )
    return None


def resets_to_decide(user: User) -> "QuerySet[AccountReset]":
    """Return the resets that wait for a second person whom ``user`` can be; none for who decides no resets."""
    if not holds_in_console(user, {OPERATOR.code, SUPERVISOR.code}):
        return AccountReset.objects.none()
    waiting = AccountReset.objects.filter(state=State.WAITING)
    return waiting.exclude(person=user).exclude(requested_by=user)


def resets_since(user: User, moment: datetime) -> list[AccountReset]:
    """Return what was reset for ``user`` after ``moment``, for telling them."""
    return resets_of([user.pk], since=moment).get(user.pk, [])


def resets_of(people: Iterable[int], *, since: datetime) -> dict[int, list[AccountReset]]:
    """Return {id of the person: what was reset for them after ``since``} for those who had anything reset."""
    done = AccountReset.objects.filter(person__in=list(people), state=State.DONE, decided_at__gt=since)
    found: dict[int, list[AccountReset]] = {}
    for reset in done.select_related("requested_by", "decided_by"):
        found.setdefault(reset.person_id, []).append(reset)
    return found


def _against_request(person: User, what: str, reason: str, acting_user: User | None) -> list[str]:
    reasons = []
    if acting_user is not None and not is_platform_operator(acting_user):
        reasons.append(_("只有平台运维人员可以申请重设密码或动态口令。"))
    if not reason.strip():
        reasons.append(_("申请重设须写明理由，并写明如何核实了本人身份。"))
    if acting_user is not None and person.pk == acting_user.pk:
        reasons.append(_("不能申请重设自己的账号，请由其他运维人员办理。"))
    if what == What.SECOND_FACTOR and not user_has_device(person):
        reasons.append(_("%(user)s 没有绑定动态口令，无需重设。") % {"user": person})
    if what == What.PASSWORD and not person.is_active:
        reasons.append(_("账号 %(user)s 已停用。") % {"user": person})
    elif what == What.PASSWORD and not has_begun(person) and not link_takes_two(person):
        reasons.append(_("%(user)s 还没有开始使用账号，没有密码可以重设；请重新签发一次性链接。") % {"user": person})
    if AccountReset.objects.filter(person=person, what=what, state=State.WAITING).exists():
        reasons.append(
            _("%(user)s 已有一次重设在等待确认：由另一位运维人员或监管员在“账号重设”中确认或驳回后，才能再申请。")
            % {"user": person}
        )
    return reasons


def _carry_out(reset: AccountReset, acting_user: User | None) -> str | None:
    person, now, link = reset.person, timezone.now(), None
    reset.state, reset.decided_at = State.DONE, now
    reset.save(update_fields=["state", "decided_by", "decided_at"])
    person.sessions_ended_at = now
    if reset.what == What.PASSWORD:
        person.set_unusable_password()
        person.save(update_fields=["password", "sessions_ended_at"])
        link = make_link(person, on=site_of_link())
    else:
        TOTPDevice.objects.filter(user=person).delete()
        StaticDevice.objects.filter(user=person).delete()
        person.save(update_fields=["sessions_ended_at"])
    record_act(
        "account.reset_confirmed", acting_user=acting_user, obj=person, detail=_told(reset), chain=PLATFORM_CHAIN
    )
    return link


def _told(reset: AccountReset) -> dict[str, str]:
    asked = {"requested_by": reset.requested_by.signed_name} if reset.requested_by else {}
    return {"what": reset.what, "reason": reset.reason, **asked}
