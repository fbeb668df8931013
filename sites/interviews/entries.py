"""The live text: typed, corrected, put in public by a second person, taken down. Each act is on the record.

Nothing is public before it was reviewed: the content reviewer turns the key of each entry, and the confidentiality
reviewer has decided beforehand what this interview may say; of an entry at which the scanner warns both look
(deploy/decisions/098-interviews.md).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.sm3 import sm3_hex
from govplatform.cases.letters import plain_text, too_long
from govplatform.confidentiality.scanning.engine import scan_document
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.events.sheet import follow
from govplatform.locks.holding import Held, locking
from govplatform.refusals import PlacedReason, Refused, checked_reason
from govplatform.review.gate.scans import scan_settings
from sites.interaction.answering import UNSEEN

from .events import LiveTextChanged
from .models import Entry, EntryVersion, InterviewPage, Question, Session
from .models.live import NAME, REASON, TEXT, Speaker
from .permissions import (
    key_of,
    reasons_against_clearing,
    reasons_against_editing,
    reasons_against_withdrawing,
)

#: Of one interview; a day's worth of talk has some hundreds.
MOST = 2_000
_ORDER = ("", "info", "warn", "block")
#: Key of a version -> what the step is called in the record, as in every review.
_STEPS = MappingProxyType({"content": "content", "secret": "confidentiality"})


@dataclass(frozen=True)
class Words:
    """What is to be said. ``photo``: id of a block of the page's reviewed pictures, '' for none."""

    speaker: str
    text: str
    name: str = ""
    photo: str = ""


def say_entry(page: InterviewPage, words: Words, *, acting_user: User, question: Question | None = None) -> Entry:
    """Keep one contribution and have it scanned; it is public when it is cleared. Raises Refused.

    ``question``: of a citizen, which it answers to; it is taken up with the same act.
    """
    with acting(acting_user, pages=[page.pk]) as held:
        page = held_interview(held, page.pk)
        require(reasons_against_editing(acting_user, page))
        session = _open_session(page)
        words = _checked(words, page)
        entries = Entry.objects.filter(page=page)
        if (number := entries.count() + 1) > MOST:
            raise Refused(_("一次访谈最多 %(most)d 条现场文字。") % {"most": MOST})
        entry = Entry.objects.create(
            page=page, number=number, speaker=words.speaker, name=words.name, said_at=timezone.now()
        )
        version = _keep_version(entry, 1, words, acting_user)
        if question is not None:
            _take(question, page, acting_user)
        _record("interview.say", entry, version, acting_user, session)
    return entry


def correct_entry(entry: Entry, text: str, *, acting_user: User) -> EntryVersion:
    """Keep other words for an entry; citizens go on reading the former until these are cleared. Raises Refused."""
    with acting(acting_user, pages=[entry.page_id]) as held:
        page = held_interview(held, entry.page_id)
        require(reasons_against_editing(acting_user, page))
        entry = _held_entry(entry)
        session = _opened_session(page)
        if entry.withdrawn_at is not None:
            raise Refused(_("第 %(number)d 条已经撤回，请另录一条。") % {"number": entry.number})
        before = newest_version(entry)
        words = _checked(Words(entry.speaker, text, entry.name, before.photo), page)
        if words.text == before.text:
            raise Refused(_("文字没有改动。"))
        version = _keep_version(entry, before.number + 1, words, acting_user)
        _record("interview.correct", entry, version, acting_user, session)
    return version


def clear_version(entry: Entry, number: int, *, acting_user: User) -> EntryVersion:
    """Turn the person's key of version ``number``; with the last key that it needs citizens read it. Raises Refused.

    It is scanned once more, by the rules and words of this moment.
    """
    with acting(acting_user, pages=[entry.page_id]) as held:
        require(reasons_against_clearing(acting_user))
        page = held_interview(held, entry.page_id)
        entry = _held_entry(entry)
        session = _opened_session(page)
        version = newest_version(entry)
        _require_decided(session)
        if entry.withdrawn_at is not None:
            raise Refused(_("第 %(number)d 条已经撤回。") % {"number": entry.number})
        if version.number != number:
            told = {"number": entry.number, "version": version.number}
            raise Refused(_("第 %(number)d 条刚刚改成了第 %(version)d 稿，请看过新的一稿再放行。") % told)
        if entry.shown_id == version.pk:
            raise Refused(_("第 %(number)d 条已经公开。") % {"number": entry.number})
        version.severity = max(version.severity, scanned(entry.name, version.text)[0], key=_ORDER.index)
        if version.severity == "block":
            raise Refused([_("扫描发现不得公开的内容，请改写后再放行："), *_said(version)])
        key, reasons = key_of(acting_user, version, session)
        require(reasons)
        _turn(version, key, acting_user)
        if is_cleared(version):
            entry.shown = version
            _note_change(entry, session)
        _record("interview.clear", entry, version, acting_user, session, key=key)
    return version


def withdraw_entry(entry: Entry, *, acting_user: User, reason: str) -> Entry:
    """Take an entry down at once; where it was public, citizens read that it was withdrawn. Raises Refused.

    One person is enough: nobody waits for a second to show less.
    """
    reason = checked_reason(reason, REASON)
    with acting(acting_user, pages=[entry.page_id]) as held:
        require(reasons_against_withdrawing(acting_user))
        page = held_interview(held, entry.page_id)
        entry = _held_entry(entry)
        # Also while the page is down, or shows its transcript: it may come back with the live text.
        session = _begun_session(page)
        if entry.withdrawn_at is not None:
            raise Refused(_("第 %(number)d 条已经撤回。") % {"number": entry.number})
        entry.withdrawn_by, entry.withdrawn_at, entry.withdrawal_reason = acting_user, timezone.now(), reason
        if entry.was_shown:
            _note_change(entry, session)
        else:
            entry.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
        _record("interview.withdraw_entry", entry, newest_version(entry), acting_user, session, reason=reason)
    return entry


# --- what the acts on an interview share --------------------------------------------------


def held_interview(held: Held, page_id: int) -> InterviewPage:
    """The locked page as what it is."""
    return InterviewPage.objects.get(pk=held.page(page_id).pk)


def require(reasons: Sequence[str]) -> None:
    """Raise Refused where there are reasons against it."""
    if reasons:
        raise Refused(reasons)


def newest_version(entry: Entry) -> EntryVersion:
    """The last wording of the entry, public or not."""
    return entry.versions.latest("number")


def is_cleared(version: EntryVersion) -> bool:
    """Whether every key that the version needs was turned."""
    return version.content_at is not None and (version.severity != "warn" or version.secret_at is not None)


def scanned(name: str, text: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the worst severity of what the scanner finds in one contribution, '' for nothing, and the findings."""
    pieces = [Piece(name, "interview speaker"), Piece(text, "body")]
    findings = scan_document(pieces, scan_settings()).findings
    kept = ("rule", "severity", "excerpt", "message", "source")
    told = [{name: str(getattr(one, name)) for name in kept} for one in findings]
    return max((one["severity"] for one in told), key=_ORDER.index, default=""), told


# --- inside ------------------------------------------------------------------------------


def _checked(words: Words, page: InterviewPage) -> Words:
    text = UNSEEN.sub("", plain_text(words.text)).strip()
    name = " ".join(UNSEEN.sub("", plain_text(words.name)).split())
    reasons = []
    if words.speaker not in Speaker.values:
        reasons.append(PlacedReason(_("发言人：请选择主持人、嘉宾、网友提问或编者。"), "speaker"))
    if not text and not words.photo:
        reasons.append(PlacedReason(_("文字：请填写。"), "text"))
    for at, label, value, most in (("text", _("文字"), text, TEXT), ("name", _("姓名"), name, NAME)):
        reasons += too_long(at, label, value, most)
    guests = [str(block.value.get("name") or "") for block in page.guests]
    if words.speaker == Speaker.GUEST and name not in guests:
        told = {"names": "、".join(guests)}
        reasons.append(PlacedReason(_("嘉宾：请从本页的嘉宾中选择（%(names)s）。") % told, "speaker"))
    if words.photo and words.photo not in {block.id for block in page.photos}:
        reasons.append(PlacedReason(_("图片：只能用随本页审查发布的“现场图片”。"), "photo"))
    require(reasons)
    return Words(words.speaker, text, name, words.photo)


def _open_session(page: InterviewPage) -> Session:
    session = _opened_session(page)
    if not session.is_live:
        raise Refused(_("访谈已经结束，不能再录入。需要补充的写进实录；误点结束的可以重新开启。"))
    return session


def _begun_session(page: InterviewPage) -> Session:
    """The session of the page behind its lock. Raises Refused while it was never opened."""
    session = locking(Session.objects.filter(page_id=page.pk)).first()
    if session is None or session.opened_at is None:
        raise Refused(_("访谈还没有开启。"))
    return session


def _opened_session(page: InterviewPage) -> Session:
    """The same. Raises Refused also while the page is down, or is a transcript by now."""
    session = _begun_session(page)
    if not page.live:
        raise Refused(_("访谈页面没有公开（可能已撤回），不能录入或放行现场文字。"))
    if page.body:
        raise Refused(_("实录已经发布，代替了现场文字；更正请改实录后送审。"))
    return session


def _require_decided(session: Session) -> None:
    if not session.is_decided:
        reason = session.stop_reason
        words = _("保密审查已暂停放行：%(reason)s") % {"reason": reason} if reason else _("还没有保密审查决定。")
        raise Refused(words)


def _held_entry(entry: Entry) -> Entry:
    """The entry as it is now, behind the lock of its page."""
    return locking(Entry.objects.filter(pk=entry.pk)).select_related("shown").get()


def _keep_version(entry: Entry, number: int, words: Words, user: User) -> EntryVersion:
    severity, findings = scanned(words.name, words.text)
    said = [words.speaker, words.name, words.text, words.photo]
    return EntryVersion.objects.create(
        entry=entry,
        number=number,
        text=words.text,
        photo=words.photo,
        digest=sm3_hex(json.dumps(said, ensure_ascii=False).encode()),
        severity=severity,
        findings=findings,
        typed_by=user,
        typed_at=timezone.now(),
    )


def _turn(version: EntryVersion, key: str, user: User) -> None:
    setattr(version, f"{key}_by", user)
    setattr(version, f"{key}_at", timezone.now())
    version.save(update_fields=["severity", f"{key}_by", f"{key}_at"])


def _note_change(entry: Entry, session: Session) -> None:
    note_changed(session)
    entry.change = session.change
    entry.save(update_fields=["shown", "change", "withdrawn_by", "withdrawn_at", "withdrawal_reason"])


def note_changed(session: Session) -> None:
    """Citizens see something else from now on: the next change, and what follows it."""
    session.change, session.changed_at = session.change + 1, timezone.now()
    session.save(update_fields=["change", "changed_at"])
    follow(LiveTextChanged(session.page))


def _take(question: Question, page: InterviewPage, user: User) -> None:
    held = locking(Question.objects.filter(pk=question.pk, page=page)).first()
    if held is None or held.state not in (Question.State.WAITING, Question.State.TAKEN):
        raise Refused(_("这个提问已经合并或不采用，请先恢复。"))
    held.state, held.settled_by, held.settled_at, held.reason = Question.State.TAKEN, user, timezone.now(), ""
    held.save(update_fields=["state", "settled_by", "settled_at", "reason"])


def _said(version: EntryVersion) -> list[str]:
    _severity, findings = scanned(version.entry.name, version.text)
    return [
        _("“%(excerpt)s”：%(message)s（%(source)s）") % one for one in findings if one["severity"] == "block"
    ]  # fmt: skip


def _record(
    act: str, entry: Entry, version: EntryVersion, user: User, session: Session, *, key: str = "", reason: str = ""
) -> None:
    detail: dict[str, Any] = {"entry": entry.number, "version": version.number, "digest": version.digest}
    if act == "interview.clear":
        detail |= {"step": _STEPS[key], "shown": entry.shown_id == version.pk}
    if version.severity:
        detail["severity"] = version.severity
    if reason:
        detail["reason"] = reason
    record_act(act, acting_user=user, obj=session.page, detail=detail)
