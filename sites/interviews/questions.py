"""What citizens ask in advance: taken in, moderated, and forgotten after its term.

Like a letter, a stranger's act writes no line of the site's chain: a flood of questions would hold up the site.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.cases.codes import kept_hash
from govplatform.cases.contact import Contact, decrypt, encrypt
from govplatform.cases.letters import plain_text, read_contact, too_long
from govplatform.locks.holding import locking
from govplatform.refusals import PlacedReason, Refused, checked_reason
from sites.interaction.answering import UNSEEN, masked_question

from .entries import held_interview, require
from .models import InterviewPage, Question
from .models.live import REASON
from .models.questions import QUESTION
from .permissions import reasons_against_editing
from .shown import session_of, takes_questions

#: Of one interview. More than anybody reads, and no flood fills the database.
MOST = 5_000
State = Question.State


@dataclass(frozen=True)
class Asked:
    """A question as it was typed, checked."""

    text: str
    contact: Contact


def read_question(text: str, *, name: str = "", phone: str = "", email: str = "") -> Asked:
    """Return the question. Raises Refused with a PlacedReason for each field that cannot be taken as it is."""
    text = plain_text(text).strip()
    contact, reasons = read_contact(name, phone, email)
    missing = [] if text else [PlacedReason(_("问题：请填写。"), "text")]
    reasons = [*missing, *too_long("text", _("问题"), text, QUESTION), *reasons]
    if reasons:
        raise Refused(reasons)
    return Asked(text, contact)


def ask_question(page: InterviewPage, asked: Asked, *, nonce: str) -> Question:
    """Keep what a citizen asks from the form ``nonce``; sent twice it is one question. Raises Refused."""
    token = kept_hash("interview-question", nonce)
    content = kept_hash("interview-content", json.dumps([asked.text, asdict(asked.contact)], ensure_ascii=False))
    if made := _made_by(token, content):
        return made
    if not takes_questions(page, session_of(page), timezone.now()):
        raise Refused(_("提问时间已经截止，或者访谈已经开始，没有收到这个问题。"))
    if Question.objects.filter(page=page).count() >= MOST:
        raise Refused(_("这次访谈收到的问题已经很多，不再接收新的提问。"))
    question = Question(page=page, text=asked.text, token=token, content=content, asked_at=timezone.now())
    question.masked = masked_question({"question": UNSEEN.sub("", asked.text)})["question"]
    question.contact = encrypt(asked.contact, question.bound_to)
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError:
        # The other of two clicks was first.
        if made := _made_by(token, content):
            return made
        raise
    return question


def take_question(question: Question, *, acting_user: User) -> Question:
    """Take it up for the interview, also one that was left out or merged before. Raises Refused."""
    return _settle(question, State.TAKEN, acting_user)


def leave_question(question: Question, *, acting_user: User, reason: str) -> Question:
    """Leave it out, with the reason. Raises Refused."""
    return _settle(question, State.LEFT_OUT, acting_user, reason=checked_reason(reason, REASON))


def merge_question(question: Question, into: Question, *, acting_user: User) -> Question:
    """Merge it with another one that asks the same; what was merged with it goes along. Raises Refused."""
    return _settle(question, State.MERGED, acting_user, into=into)


def look_at_asker(question: Question, *, acting_user: User) -> tuple[str, Contact]:
    """Return the question as it was typed, and who asked; each look is recorded. Raises Refused."""
    with _held(question, acting_user) as question:
        if question.forgotten_at is not None:
            raise Refused(_("提问人的信息和问题原文已过保存期限，已经清除。"))
        contact = decrypt(question.contact, question.bound_to)
        record_act(
            "interview.look", acting_user=acting_user, obj=question.page, detail={"question": question.pk}
        )  # fmt: skip
    return question.text, contact


# --- inside ------------------------------------------------------------------------------


def _made_by(token: str, content: str) -> Question | None:
    made = Question.objects.filter(token=token).first()
    if made is not None and made.content != content:
        raise Refused(_("这张表单已经提交过。这次填写的内容还在下面：要另提一个问题，请核对后再提交一次。"))
    return made


def _settle(
    question: Question, state: str, user: User, *, reason: str = "", into: Question | None = None
) -> Question:  # fmt: skip
    with _held(question, user) as question:
        if into is not None:
            into = locking(Question.objects.filter(pk=into.pk, page=question.page_id)).first()
            if into is None or into.pk == question.pk:
                raise Refused(_("请选择本次访谈的另一个提问来合并。"))
            if into.state == State.MERGED:
                raise Refused(_("要合并到的提问自己已经合并，请选择它并入的那一个。"))
            Question.objects.filter(into=question).update(into=into)
        question.state, question.reason, question.into = state, reason, into
        question.settled_by, question.settled_at = user, timezone.now()
        question.save(update_fields=["state", "reason", "into", "settled_by", "settled_at"])
        detail = {"question": question.pk, "state": state, **({"reason": reason} if reason else {})}
        if into is not None:
            detail["other"] = into.pk
        record_act("interview.question", acting_user=user, obj=question.page, detail=detail)
    return question


@contextmanager
def _held(question: Question, user: User) -> Iterator[Question]:
    with acting(user, pages=[question.page_id]) as held:
        require(reasons_against_editing(user, held_interview(held, question.page_id)))
        yield locking(Question.objects.filter(pk=question.pk)).get()
