"""The one act that a stranger does: a letter becomes a case.

It writes no line of a site's chain: a flood of letters would hold up everybody who works on that site. What was sent
is in the case itself and in its first step; the clerk who accepts it is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.events.sheet import follow
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .attachments import keep_files
from .clock import acceptance_due
from .codes import code_for, code_hash, kept_hash
from .contact import encrypt
from .events import FilesSent
from .letters import Letter
from .models import Attachment, Case, CaseStep, LetterToLeader
from .queries import taking_in

_NEXT = "SELECT nextval(pg_get_serial_sequence('public.cases_case', 'id'))"
_DIGITS = 8


@dataclass(frozen=True)
class TakenIn:
    """What its sender is told. ``again``: the same form had been sent before."""

    case: Case
    query_code: str
    again: bool = False


class FormUsed(Refused):
    """A form was sent a second time with something else in it. ``number``: of the case that it made."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            _("这张表单已经提交过（编号 %(number)s）。这次填写的内容还在下面：要另写一件，请核对后再提交一次。")
            % {"number": number}
        )


def submit_case(
    letter: Letter,
    site: Tenant,
    *,
    nonce: str,
    desk: Tenant | None = None,
    to_leader: LetterToLeader | None = None,
    files: Sequence[Attachment] = (),
) -> TakenIn:
    """Take in what was sent from the form ``nonce`` on ``site``. Raises FormUsed, and Refused where nobody takes it in.

    ``to_leader``: to whom it is written where it came by a mailbox, not stored yet; ``files``: by ``read_files``.
    ``desk``: who takes it in, where that is not the desk of ``site``.

    A form makes one case at most: sent twice (a double click, a page that is loaded again), it gives the same number
    and the same code.
    """
    code, token, content = code_for(nonce), kept_hash("form", nonce), kept_hash("letter", letter.told())
    if made := _made_by(token, content):
        return TakenIn(made, code, again=True)
    desk = desk or taking_in(site)
    now = timezone.now()
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_NEXT)
                key = cursor.fetchone()[0]
            number = f"{timezone.localdate(now).year}{key:0{_DIGITS}d}"
            case = Case(
                pk=key,
                number=number,
                kind=letter.kind,
                came_by=site,
                desk=desk,
                title=letter.title,
                text=letter.text,
                may_publish=letter.may_publish,
                contact=encrypt(letter.contact, number),
                code_hash=code_hash(number, code),
                token=token,
                content=content,
                submitted_at=now,
                accept_due=acceptance_due(letter.kind, desk, now),
            )
            case.save(force_insert=True)
            if to_leader is not None:
                to_leader.case = case
                to_leader.save()
            if files:
                keep_files(case, files)
                follow(FilesSent(case))
            CaseStep.objects.create(case=case, act=CaseStep.Act.SUBMITTED, at=now)
    except IntegrityError:
        # The other of two clicks was first.
        if made := _made_by(token, content):
            return TakenIn(made, code, again=True)
        raise
    return TakenIn(case, code)


def _made_by(token: str, content: str) -> Case | None:
    """The case that a form has made. Raises FormUsed when it was made of something else."""
    made = Case.objects.select_related("desk").filter(token=token).first()
    if made is not None and made.content != content:
        raise FormUsed(made.number)
    return made
