"""What the desk of an interview reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused

from .entries import is_cleared
from .models import Entry, EntryVersion, InterviewPage, Question, Session
from .permissions import key_of, reasons_against_clearing
from .shown import label_of, state_of, words_of_state

#: An interview that nobody has said anything in for so long was forgotten: no host is silent for two hours.
FORGOTTEN = timedelta(hours=2)
#: So long before its time it waits for the decision of the confidentiality reviewer.
AHEAD = timedelta(days=3)


@dataclass(frozen=True)
class DeskEntry:
    """An entry as the desk shows it. ``version``: its newest wording; ``state``: what it waits for, in words.

    ``is_shown``: citizens read this wording; ``former``: the wording that they read meanwhile, '' for none; ``may``:
    the reader's key opens it; ``why``: what speaks against it, '' where nothing does or no key is theirs.
    """

    entry: Entry
    label: str
    version: EntryVersion
    state: str
    waits: bool
    is_shown: bool
    former: str
    photo: object
    may: bool
    why: str


def find_interview(page_id: int) -> InterviewPage:
    """Return the interview with that number on the current site. Raises Refused when there is none."""
    page = InterviewPage.objects.filter(pk=page_id).first()
    if page is None:
        raise Refused(_("本站没有编号为 %(id)d 的在线访谈。") % {"id": page_id})
    return page


def find_entry(page: InterviewPage, number: int) -> Entry:
    """Return the entry with that number. Raises Refused when there is none."""
    entry = Entry.objects.filter(page=page, number=number).first()
    if entry is None:
        raise Refused(_("这次访谈没有第 %(number)d 条现场文字。") % {"number": number})
    return entry


def find_question(page: InterviewPage, number: int) -> Question:
    """Return the question with that number in the database. Raises Refused when this interview has none such."""
    question = Question.objects.filter(page=page, pk=number).first()
    if question is None:
        raise Refused(_("这次访谈没有编号为 %(number)d 的提问。") % {"number": number})
    return question


def desk_entries(page: InterviewPage, user: User, session: Session | None) -> list[DeskEntry]:
    """Everything that was typed, as it was said."""
    newest = EntryVersion.objects.filter(entry=OuterRef("pk")).order_by("-number").values("pk")[:1]
    entries = list(
        Entry.objects.filter(page=page).select_related("shown", "withdrawn_by").annotate(newest=Subquery(newest))
    )
    people = ("typed_by", "content_by", "secret_by")
    versions = EntryVersion.objects.select_related(*people).in_bulk([entry.newest for entry in entries])  # type: ignore[attr-defined]
    photos = {block.id: block.value for block in page.photos}
    may_clear = session is not None and not reasons_against_clearing(user) and session.is_decided and not page.body
    return [_at_desk(entry, versions[entry.newest], photos, user, session if may_clear else None) for entry in entries]  # type: ignore[attr-defined]


def questions_of(page: InterviewPage, state: str = "") -> QuerySet[Question]:
    """What was asked, the oldest first. ``state``: only those in it."""
    found = Question.objects.filter(page=page).select_related("into", "settled_by").annotate(others=Count("merged"))
    return (found.filter(state=state) if state else found).order_by("asked_at", "pk")


def interviews() -> QuerySet[Any]:
    """The interviews of the site, the latest first, with how many questions wait."""
    waiting = Count("questions", filter=Q(questions__state=Question.State.WAITING))
    return InterviewPage.objects.select_related("session").annotate(waiting=waiting).order_by("-starts_at", "-pk")


def asked_interviews() -> list[InterviewPage]:
    """Interviews in public of which questions wait, the latest first."""
    return list(interviews().filter(live=True, waiting__gt=0))


def state_words_of(page: InterviewPage) -> str:
    """How far the interview is, in a few words."""
    if not page.live:
        return _("未发布")
    session = getattr(page, "session", None)
    return words_of_state(state_of(page, session))


def is_forgotten(session: Session, now: datetime) -> bool:
    """Whether it is open and nobody says anything in it any more."""
    last = session.changed_at or session.opened_at
    return session.is_live and last is not None and now - last > FORGOTTEN


def forgotten_interviews() -> list[Session]:
    """Interviews of the site that are open and were left."""
    now = timezone.now()
    live = Session.objects.filter(opened_at__isnull=False, ended_at=None).select_related("page").order_by("pk")
    return [session for session in live if is_forgotten(session, now)]


def undecided_interviews() -> QuerySet[InterviewPage]:
    """Interviews that come soon, or are going on, without a confidentiality decision that holds."""
    now = timezone.now()
    soon = Q(starts_at__gt=now - AHEAD, starts_at__lt=now + AHEAD, session=None)
    stopped = Q(session__opened_at__isnull=False, session__ended_at=None, session__stopped_at__isnull=False)
    return InterviewPage.objects.filter(soon | stopped, live=True).order_by("starts_at")


def unwritten_interviews() -> list[Session]:
    """Interviews that have ended and have no transcript in public yet."""
    ended = Session.objects.filter(ended_at__isnull=False, page__live=True).select_related("page").order_by("ended_at")
    return [session for session in ended if not session.page.body]


# --- inside ------------------------------------------------------------------------------


def _at_desk(
    entry: Entry, version: EntryVersion, photos: dict[str, object], user: User, session: Session | None
) -> DeskEntry:
    is_shown = entry.shown_id == version.pk
    waits = not is_shown and entry.withdrawn_at is None and version.severity != "block"
    key, reasons = key_of(user, version, session) if waits and session is not None else ("", [])
    former = entry.shown.text if entry.shown is not None and not is_shown else ""
    return DeskEntry(
        entry, label_of(entry), version, _state_words(entry, version), waits, is_shown, former,
        photos.get(version.photo), bool(key) and not reasons, reasons[0] if key and reasons else "",
    )  # fmt: skip


def _state_words(entry: Entry, version: EntryVersion) -> str:
    if entry.withdrawn_at is not None:
        return _("已撤回") if entry.was_shown else _("未公开，已撤回")
    if entry.shown_id == version.pk:
        return _("已公开")
    if version.severity == "block":
        return _("扫描拦下，须改写")
    if is_cleared(version) or version.content_at is None:
        return _("等待内容审核放行")
    return _("等待保密审查放行")
