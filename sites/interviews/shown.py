"""What citizens see of an interview's live text: on its page, and in the small page that watchers ask for again.

Both are files (``govplatform.delivery``): each change names ``ReadOf.LIVE_TEXT`` and they are made anew. So however
many people watch, nobody but the front server answers them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.cases.addresses import INTERVIEW
from govplatform.rendering.reads import ReadOf, note_read, note_until
from govplatform.review.queries import site_path

from .models.live import Entry, Session, Speaker

#: What the address of the small page has behind that of the interview.
LIVE = "live-text/"
#: So many changes stand in the small page; whoever missed more takes the whole page once.
RECENT = 30
#: So long before it begins the page looks for its beginning.
_NEAR = timedelta(days=1)
#: Seconds between two looks of a watcher.
EVERY = 5


@dataclass(frozen=True)
class ShownEntry:
    """One contribution as citizens read it. ``text`` and ``photo`` are empty where it was withdrawn.

    ``photo``: value of a block of the page's pictures; ``change``: number of the change that brought it here;
    ``at``: when it was said; ``corrected``: whether other words stood here before.
    """

    number: int
    change: int
    speaker: str
    label: str
    text: str
    photo: Any
    at: datetime
    corrected: bool
    withdrawn: bool


def session_of(page: Any) -> Session | None:
    """The live part of the interview; None while nobody has decided on one."""
    return Session.objects.filter(page_id=page.pk).first() if page.pk else None


def shown_entries(page: Any, *, after: int = 0) -> list[ShownEntry]:
    """What is shown of the interview, in the order in which it was said. ``after``: only what later changes brought."""
    entries = Entry.objects.filter(page_id=page.pk, shown__isnull=False, change__gt=after).select_related("shown")
    photos = {block.id: block.value for block in page.photos if block.value.get("image") is not None}
    return [_shown(entry, photos) for entry in entries.order_by("number")]


def state_of(page: Any, session: Session | None) -> str:
    """``announced``, ``live``, ``ended`` or ``written``: its transcript takes the place of the live text."""
    if page.body:
        return "written"
    if session is None or session.opened_at is None:
        return "announced"
    return "live" if session.ended_at is None else "ended"


def live_context(page: Any) -> dict[str, Any]:
    """Variables of the page: state, entries, where the newest are, whether questions are taken now."""
    note_read(ReadOf.LIVE_TEXT, page.pk)
    session = session_of(page)
    state = state_of(page, session)
    now = timezone.now()
    takes = takes_questions(page, session, now)
    if takes and page.asks_until is not None:
        note_until(page.asks_until)
    watched = state in ("live", "ended")
    if state == "announced" and page.starts_at is not None:
        # Whoever waits for it to begin sees it begin; weeks before nobody does.
        watched = now >= page.starts_at - _NEAR
        if not watched:
            note_until(page.starts_at - _NEAR)
    return {
        "guests": [block.value for block in page.guests],
        "state": state,
        "state_words": words_of_state(state),
        "entries": shown_entries(page) if state in ("live", "ended") else [],
        "live": session,
        "live_url": f"{site_path(page)}{LIVE}" if watched and page.live else "",
        "live_suffix": LIVE,
        "every": EVERY,
        "ask_url": f"{INTERVIEW}{page.pk}/" if takes else "",
        "asks_until": page.asks_until,
    }


def recent_context(page: Any) -> dict[str, Any]:
    """Variables of the small page: the last changes alone."""
    note_read(ReadOf.LIVE_TEXT, page.pk)
    note_read(ReadOf.PAGE, page.pk)
    session = session_of(page)
    state = state_of(page, session)
    newest = session.change if session is not None else 0
    since = max(0, newest - RECENT)
    shown = shown_entries(page, after=since) if state in ("live", "ended") else []
    return {
        "page": page, "live": session, "state": state, "state_words": words_of_state(state), "since": since,
        "newest": newest, "entries": shown,
    }  # fmt: skip


def repeated_in(page: Any) -> list[tuple[int, bool]]:
    """``[(number, was it withdrawn)]`` of what the transcript of ``page`` has in words that are not shown any more.

    By what they say, with who says it, as the transcript is made: what an editor wrote anew is the editor's.
    """
    said = "".join(" ".join(page.scanned_text().body).split()) if page.body and page.pk else ""
    if not said:
        return []
    entries = list(Entry.objects.filter(page_id=page.pk).select_related("shown").prefetch_related("versions"))
    shown = {_as_said(one, one.shown.text) for one in entries if one.shown is not None and one.withdrawn_at is None}
    found = []
    for entry in entries:
        was_public = [one for one in entry.versions.all() if one.text and one.content_at is not None]
        gone = {_as_said(entry, one.text) for one in was_public} - shown
        if any(words in said for words in gone):
            found.append((entry.number, entry.withdrawn_at is not None))
    return found


def takes_questions(page: Any, session: Session | None, now: datetime) -> bool:
    """Whether citizens may ask in advance at ``now``."""
    begun = session is not None and session.opened_at is not None
    return bool(page.live and not page.body and not begun and page.asks_until is not None and now < page.asks_until)


def words_of_state(state: str) -> str:
    """``state`` in a few words, for people."""
    return {
        "announced": _("预告"), "live": _("正在进行"), "ended": _("已结束，实录整理中"), "written": _("已结束"),
    }[state]  # fmt: skip


# --- inside ------------------------------------------------------------------------------


def _as_said(entry: Entry, text: str) -> str:
    return "".join(f"{label_of(entry)}：{text}".split())


def _shown(entry: Entry, photos: dict[str, Any]) -> ShownEntry:
    version = entry.shown
    assert version is not None
    is_withdrawn = entry.withdrawn_at is not None
    return ShownEntry(
        entry.number,
        entry.change,
        entry.speaker,
        # a name was typed by hand, and may be what it was withdrawn for
        entry.get_speaker_display() if is_withdrawn else label_of(entry),
        "" if is_withdrawn else version.text,
        None if is_withdrawn else photos.get(version.photo),
        entry.said_at,
        version.number > 1 and not is_withdrawn,
        is_withdrawn,
    )


def label_of(entry: Entry) -> str:
    """Who speaks, in words: a guest by name, the host with the name where one is given."""
    if entry.speaker == Speaker.GUEST and entry.name:
        return entry.name
    return f"{entry.get_speaker_display()} {entry.name}".strip()
