"""Settings of reminders, and the mail of every day."""

import logging
from collections.abc import Collection
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import chain_of_schema, holding, locking
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.queries import console_tenant

from .models import Reminders
from .queries import Group, forget_count, waiting_for
from .registry import kinds

logger = logging.getLogger("govplatform.waiting")


def change_reminders(
    user: User, *, email: str, silent: Collection[str], mailed: Collection[str], acting_user: User | None
) -> Reminders:
    """Keep what ``user`` wants to be reminded of, and where mail goes. Raises Refused naming what is wrong.

    ``silent``, ``mailed``: codes of kinds (``models.Reminders``). Nobody but the person and the shell changes it: who
    reads another's mail address from here could be sent what waits for them.
    """
    email, known = email.strip(), {kind.code for kind in kinds()}
    reasons = []
    if acting_user is not None and acting_user.pk != user.pk:
        reasons.append(_("提醒由本人设置。"))
    if unknown := {*silent, *mailed} - known:
        reasons.append(_("没有这样的提醒类别：%(codes)s。") % {"codes": "、".join(sorted(unknown))})
    if email:
        try:
            validate_email(email)
        except ValidationError:
            reasons.append(
                _("电子邮箱：“%(email)s”不是邮箱地址，请写成 name@example.gov.cn 的样子。") % {"email": email}
            )
    elif mailed:
        reasons.append(_("电子邮箱：选了每日邮件，请填写收信的邮箱，或取消每日邮件。"))
    if reasons:
        raise Refused(reasons)
    with holding(chain_of_schema()):
        changes = {"email": [user.email, email]} if user.email != email else {}
        User.objects.filter(pk=user.pk).update(email=email)
        kept, _made = Reminders.objects.update_or_create(
            user=user, defaults={"silent": sorted(silent), "mailed": sorted(mailed)}
        )
        record_act(
            "account.reminders", acting_user=acting_user, obj=user, detail={"changes": changes} if changes else {}
        )
    user.email = email
    forget_count(user)
    return kept


def send_daily_mails(now: datetime, *, dry_run: bool = False) -> list[dict[str, object]]:
    """Send everybody who wants it one mail with what waits; return ``[{"user", "total", "late", "sent"}]``.

    Once a day for each person, however often it is run. A mail that cannot be sent is tried again by the next run.
    """
    today, told = timezone.localdate(now), []
    due = Reminders.objects.filter(user__is_active=True).exclude(user__email="").exclude(mailed=[])
    for reminders in due.exclude(mailed_on=today).select_related("user").order_by("pk"):
        groups = waiting_for(reminders.user, only=reminders.mailed)
        if not groups:
            continue
        line: dict[str, object] = {
            "user": reminders.user.username,
            "total": sum(len(group.matters) for group in groups),
            "late": sum(group.late for group in groups),
            "sent": False,
        }
        told.append(line)
        if not dry_run:
            try:
                line["sent"] = _send(reminders, groups, today=now)
            except (OSError, SMTPException) as problem:
                # One mailbox, or the mail server for now: the others get theirs, and this one with the next run.
                logger.warning("the daily mail to %s was not sent: %s", reminders.user.username, problem)
    return told


def _send(reminders: Reminders, groups: list[Group], *, today: datetime) -> bool:
    """Send one mail, unless another process has done it; the note and the mail are there together or neither."""
    day = timezone.localdate(today)
    with transaction.atomic():
        # Whoever holds the row sends it; a second one finds the day written down.
        held = locking(Reminders.objects.filter(pk=reminders.pk).exclude(mailed_on=day), wait=False).first()
        if held is None:
            return False
        Reminders.objects.filter(pk=held.pk).update(mailed_on=day)
        message = compose(reminders.user, groups)
        return bool(get_connection(settings.REMINDERS_EMAIL_BACKEND).send_messages([message]))


def compose(user: User, groups: list[Group]) -> EmailMessage:
    """The mail: how many of each kind wait on which site. No title, no opinion: a mailbox is not the console."""
    with override(settings.LANGUAGE_CODE):
        lines = [_("%(name)s：") % {"name": user.full_name}, "", _("平台上有下列事项等你办理：")]
        for group in groups:
            sites: dict[str, int] = {}
            for matter in group.matters:
                name = matter.site.full_name if matter.site else _("平台")
                sites[name] = sites.get(name, 0) + 1
            where = "、".join(_("%(site)s %(n)d 件") % {"site": site, "n": n} for site, n in sites.items())
            late = _("，其中 %(n)d 件已超期") % {"n": group.late} if group.late else ""
            lines.append(_("· %(kind)s：%(where)s%(late)s") % {"kind": group.kind.label, "where": where, "late": late})
        lines += [
            "",
            _("请登录后台查看：%(address)s") % {"address": entrance_of(groups)},
            _("不想再收到的，可在“待办与提醒”中取消。"),
        ]
        total = sum(len(group.matters) for group in groups)
        subject = _("待办 %(n)d 件") % {"n": total}
    return EmailMessage(subject, "\n".join(lines), settings.REMINDERS_FROM, [user.email])


def entrance_of(groups: list[Group]) -> str:
    """Where all of it is listed: the console of the first site on which something waits."""
    sites = [matter.site for group in groups for matter in group.matters if matter.site is not None]
    return console_url(sites[0] if sites else console_tenant(), "/admin/waiting/")
