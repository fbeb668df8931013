"""The mail that tells a sender that their case has ended: number and where to read it, and nothing of what it says."""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from govplatform.tenancy.hosts import public_url

from .addresses import ASK
from .contact import decrypt
from .models import Case


class MailNotSent(Exception):
    """The mail server did not take a mail; the message says why, without the address."""


def sender_to_mail(case: Case) -> dict[str, int] | None:
    """The arguments of ``mail_sender``; None where nobody gave an address."""
    if case.contact is None or not decrypt(case.contact, case.number).email:
        return None
    return {"case_id": case.pk}


def mail_sender(case_id: int) -> None:
    """Send the mail. Raises whatever the mail server says: the row of the consequence is tried again.

    Its words are kept with the row, so they never name the address.
    """
    case = Case.objects.select_related("came_by").get(pk=case_id)
    address = decrypt(case.contact, case.number).email
    if not address:
        # Its term was over before a mail server was back.
        return
    try:
        get_connection(settings.REMINDERS_EMAIL_BACKEND).send_messages([compose(case, address)])
    except SMTPException as problem:
        raise MailNotSent(_("邮件服务器没有收下：%(words)s") % {"words": _words(problem)}) from None


def compose(case: Case, address: str) -> EmailMessage:
    """The mail. No word of letter or answer: a mailbox may be read by others."""
    with override(settings.LANGUAGE_CODE):
        subject = _("来信 %(number)s 已办结") % {"number": case.number}
        lines = [
            _("在“%(site)s”提交的来信（编号 %(number)s）已经办结。")
            % {"site": case.came_by.full_name, "number": case.number},
            _("请用编号和查询码查看结果：%(address)s") % {"address": public_url(case.came_by, ASK)},
            "",
            _("这封邮件由系统发出，请不要回复。"),
        ]
    return EmailMessage(subject, "\n".join(lines), settings.REMINDERS_FROM, [address])


def _words(problem: SMTPException) -> str:
    if isinstance(problem, SMTPRecipientsRefused):
        return _("收件地址被拒绝")
    code = f" {problem.smtp_code}" if isinstance(problem, SMTPResponseException) else ""
    return f"{type(problem).__name__}{code}"
