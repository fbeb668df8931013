"""The one act that a stranger does here: an answer is kept, once.

It writes no line of the site's chain, as a letter does not. What makes a form count once is its signed token; what
keeps one address from answering without end is a count beside the answers, which names none of them.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from govplatform.cases.codes import kept_hash
from govplatform.cases.contact import encrypt
from govplatform.locks.holding import hold_shared_here, locking
from govplatform.refusals import Refused

from .given import Given
from .kinds import Period
from .models import Answer, SaidText, Survey, SurveySalt, SurveySender

_COUNT = """
INSERT INTO {table} AS s (survey_id, sender, count) VALUES (%s, %s, 1)
ON CONFLICT (survey_id, sender) DO UPDATE SET count = s.count + 1 WHERE s.count < %s RETURNING s.count
"""


class AnswerUsed(Refused):
    """A form was sent a second time with something else in it."""

    def __init__(self) -> None:
        super().__init__(_("这份答卷已经提交过，不能修改，也不会重复计算。这次填写的内容没有提交。"))


class NotOpen(Refused):
    """It is too early or too late."""


@dataclass(frozen=True)
class Taken:
    """``again``: the same form had been sent before, with the same answer."""

    answer: Answer
    again: bool = False


def submit_answer(survey: Survey, given: Given, *, nonce: str, address: str, at: datetime | None = None) -> Taken:
    """Keep the answer that came from the form ``nonce``.

    Raises NotOpen, AnswerUsed, and Refused for an address from which too many came.

    Sent twice with the same content (a double click, a page that is loaded again), it counts once. ``address``: of the
    client; nothing is kept of it but a hash that dies with the survey.
    """
    now = at or timezone.now()
    token, content = kept_hash(f"survey:{survey.pk}", nonce), kept_hash("answer", given.told())
    if made := _made_by(token, content):
        return Taken(made, again=True)
    if reason := reason_against_answering(survey, now):
        raise NotOpen(reason)
    try:
        with transaction.atomic():
            answer = Answer(
                survey=survey,
                token=token,
                content=content,
                questions=survey.questions_digest,
                answered_on=timezone.localdate(now),
                chosen=given.chosen,
            )
            answer.contact = encrypt(given.contact, str(answer.key))
            answer.save(force_insert=True)
            _keep_texts(answer, given)
            # Last: answers from one address wait for one another no longer than it takes to commit.
            _count_sender(survey, address)
    except IntegrityError:
        # The other of two clicks was first.
        if made := _made_by(token, content):
            return Taken(made, again=True)
        raise
    return Taken(answer)


def reason_against_answering(survey: Survey, moment: datetime) -> str:
    """Say that it has not begun yet, or is over; '' while it is open."""
    period = survey.period(moment)
    if period == Period.COMING and survey.opens_at is not None:
        return _("还没有开始，%(at)s 起可以参加。") % {"at": _when(survey.opens_at)}
    if period == Period.OVER and survey.closes_at is not None:
        return _("已于 %(at)s 结束，不再接收。") % {"at": _when(survey.closes_at)}
    return ""


def text_digest(text: str) -> str:
    """Return by what the same words are known, however they are spaced: 32 hexadecimal digits."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:32]


def forget_senders(now: datetime | None = None) -> int:
    """Drop the salts and counts of surveys that are over or not public any more; return of how many.

    With the salt goes whatever could tell again which address a count belonged to.
    """
    now, salts = now or timezone.now(), SurveySalt.objects.select_related("survey")
    over = [salt.pk for salt in salts if _is_over(salt.survey, now)]
    with transaction.atomic():
        # Behind the locks: who is being counted was waited for, and what was prolonged meanwhile goes on.
        held = [salt.pk for salt in locking(salts.filter(pk__in=over)) if _is_over(salt.survey, now)]
        SurveySender.objects.filter(survey__in=held).delete()
        SurveySalt.objects.filter(survey__in=held).delete()
    return len(held)


# --- inside ------------------------------------------------------------------------------


def _is_over(survey: Survey, now: datetime) -> bool:
    return not survey.live or survey.period(now) == Period.OVER


def _shared_salt(survey: Survey) -> str | None:
    """The salt of the survey, which nobody drops until the transaction ends; others may hold it in the same way."""
    row = hold_shared_here(SurveySalt._meta.db_table, "survey_id", survey.pk, "salt")
    return str(row[0]) if row is not None else None


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d H:i")


def _made_by(token: str, content: str) -> Answer | None:
    made = Answer.objects.filter(token=token).first()
    if made is not None and made.content != content:
        raise AnswerUsed
    return made


def _keep_texts(answer: Answer, given: Given) -> None:
    """Texts that an editor has set aside before stay aside, however often they come again."""
    digests = {number: text_digest(text) for number, text in given.texts.items()}
    # One row for each of them, however often the same was said.
    said_before = (
        SaidText.objects.filter(survey=answer.survey, digest__in=digests.values())
        .exclude(state=SaidText.State.NEW)
        .order_by()
        .values_list("question", "digest", "state")
        .distinct()
    )
    known = {(question, digest): state for question, digest, state in said_before}
    SaidText.objects.bulk_create(
        SaidText(
            survey=answer.survey,
            answer=answer,
            question=number,
            text=text,
            digest=digests[number],
            state=known.get((number, digests[number]), SaidText.State.NEW),
        )
        for number, text in given.texts.items()
    )


def _count_sender(survey: Survey, address: str) -> None:
    while (salt := _shared_salt(survey)) is None:
        SurveySalt.objects.bulk_create([SurveySalt(survey=survey, salt=secrets.token_hex(32))], ignore_conflicts=True)
    # Keyed as well: who has the database alone cannot try all addresses.
    sender = kept_hash("survey-sender", f"{salt}\0{address}")
    table = connection.ops.quote_name(SurveySender._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=table), [survey.pk, sender, settings.SURVEY_ANSWERS_PER_ADDRESS])
        if cursor.fetchone() is None:
            raise Refused(
                _(
                    "从你所在的网络提交的答卷已达到 %(most)d 份的上限。"
                    "请换一个网络（例如手机流量）再提交，或者拨打页面底部的联系电话。"
                )
                % {"most": settings.SURVEY_ANSWERS_PER_ADDRESS}
            )
