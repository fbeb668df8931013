"""The mails that tell a sender what happened to their case: number and where to read it, and nothing of what it says.

The act never waits for a mail nor fails with it: a row of the sheet of consequences is tried again until it was sent.
"""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from types import MappingProxyType

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from govplatform.refusals import Refused
from govplatform.tenancy.hosts import public_url

from .addresses import ASK
from .contact import decrypt
from .kinds import RULES
from .models import Case, CaseStep, ClockStop

Act = CaseStep.Act
_ENDED = (
    gettext_lazy("来信 %(number)s 已办结"),
    gettext_lazy("在“%(site)s”提交的来信（编号 %(number)s）已经办结。"),
)
_HANDED_OVER = (
    gettext_lazy("来信 %(number)s 改由“%(desk)s”受理"),
    gettext_lazy("在“%(site)s”提交的来信（编号 %(number)s）改由“%(desk)s”受理，编号和查询码不变。"),
)
#: What happened -> the subject and the sentence, of a letter and of a request for information.
_LETTER_WORDS = MappingProxyType(
    {
        Act.ACCEPTED: (
            gettext_lazy("来信 %(number)s 已受理"),
            gettext_lazy("在“%(site)s”提交的来信（编号 %(number)s）已经受理。"),
        ),
        Act.EXTENDED: (
            gettext_lazy("来信 %(number)s 延期答复"),
            gettext_lazy("在“%(site)s”提交的来信（编号 %(number)s）延长了答复期限。"),
        ),
        Act.HANDED_OVER: _HANDED_OVER,
    }
)
_REQUEST_WORDS = MappingProxyType(
    {
        Act.ACCEPTED: (
            gettext_lazy("申请 %(number)s 已确认收到"),
            gettext_lazy("在“%(site)s”提交的申请（编号 %(number)s）已经确认收到。"),
        ),
        Act.EXTENDED: (
            gettext_lazy("申请 %(number)s 延期答复"),
            gettext_lazy("在“%(site)s”提交的申请（编号 %(number)s）延长了答复期限。"),
        ),
        Act.HANDED_OVER: _HANDED_OVER,
        Act.COMPLETING: (
            gettext_lazy("申请 %(number)s 需要补正"),
            gettext_lazy("在“%(site)s”提交的申请（编号 %(number)s）需要补正，请在 %(until)s 以前补正。"),
        ),
        Act.CHARGED: (
            gettext_lazy("申请 %(number)s 需要缴费"),
            gettext_lazy("在“%(site)s”提交的申请（编号 %(number)s）需要缴费，请在 %(until)s 以前缴纳。"),
        ),
    }
)
#: What waits for the applicant until a day.
_STOPS = MappingProxyType({Act.COMPLETING: ClockStop.Kind.COMPLETION, Act.CHARGED: ClockStop.Kind.FEE})


class MailNotSent(Exception):
    """The mail server did not take a mail; the message says why, without the address."""


def sender_to_mail(case: Case) -> dict[str, int] | None:
    """The arguments of ``mail_sender``; None where nobody gave an address."""
    return {"case_id": case.pk} if _may_be_mailed(case) else None


def sender_to_mail_of(case: Case, act: str) -> dict[str, int | str] | None:
    """The arguments of ``mail_of_act``; None where nobody gave an address."""
    return {"case_id": case.pk, "act": str(act)} if _may_be_mailed(case) else None


def mail_sender(case_id: int) -> None:
    """Send the mail that the case has ended. Raises what the mail server says: the row is tried again.

    Its words are kept with the row, so they never name the address.
    """
    _send(_case(case_id), *_ENDED)


def mail_of_act(case_id: int, act: str) -> None:
    """Send the mail that ``act`` was done; as ``mail_sender``.

    None is sent of what is over by the time: the case has ended, or what was waited for has come or lapsed.
    """
    case, until = _case(case_id), ""
    if case.is_over:
        return
    if act in _STOPS:
        stop = ClockStop.objects.filter(case=case, kind=_STOPS[Act(act)], ended_at=None).first()
        if stop is None or not stop.is_running:
            return
        until = timezone.localtime(stop.until).strftime("%Y-%m-%d")
    subject, sentence = (_REQUEST_WORDS if RULES[case.kind].decided else _LETTER_WORDS)[Act(act)]
    _send(case, subject, sentence, until=until)


def answering_url(case: Case) -> str:
    """Where its sender asks by number and code: on the site by which it came, or on its desk's where that is away."""
    here = case.came_by.answers_citizens and public_url(case.came_by, ASK)
    return here or public_url(case.desk, ASK)


def _send(case: Case, subject: object, sentence: object, **told: str) -> None:
    address = decrypt(case.contact, case.number).email
    if not address:
        # Its term was over before a mail server was back.
        return
    try:
        mail = _compose(case, address, subject, sentence, told)
        get_connection(settings.REMINDERS_EMAIL_BACKEND).send_messages([mail])
    except SMTPException as problem:
        raise MailNotSent(_("邮件服务器没有收下：%(words)s") % {"words": _words(problem)}) from None


def _compose(case: Case, address: str, subject: object, sentence: object, told: dict[str, str]) -> EmailMessage:
    """The mail. No word of letter or answer: a mailbox may be read by others."""
    with override(settings.LANGUAGE_CODE):
        words = {"number": case.number, "site": case.came_by.full_name, "desk": case.desk.full_name, **told}
        lines = [
            str(sentence) % words,
            _("请用编号和查询码查看结果：%(address)s") % {"address": answering_url(case)},
            "",
            _("这封邮件由系统发出，请不要回复。"),
        ]
        return EmailMessage(str(subject) % words, "\n".join(lines), settings.REMINDERS_FROM, [address])


def _may_be_mailed(case: Case) -> bool:
    if case.contact is None:
        return False
    try:
        return bool(decrypt(case.contact, case.number).email)
    except Refused:
        # The key is another one: the mail waits until it is back, the act does not.
        return True


def _case(case_id: int) -> Case:
    return Case.objects.select_related("came_by", "desk").get(pk=case_id)


def _words(problem: SMTPException) -> str:
    if isinstance(problem, SMTPRecipientsRefused):
        return _("收件地址被拒绝")
    code = f" {problem.smtp_code}" if isinstance(problem, SMTPResponseException) else ""
    return f"{type(problem).__name__}{code}"
