"""The live part of an interview: decided on, opened, stopped, ended, written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.models import Revision

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Refused, checked_reason

from .entries import held_interview, note_changed, require
from .models import InterviewPage, Session
from .models.live import REASON
from .permissions import reasons_against_deciding, reasons_against_editing
from .shown import ShownEntry, shown_entries


def decide_live(page: InterviewPage, scope: str, *, acting_user: User) -> Session:
    """Decide as the confidentiality reviewer what the interview may say; also again, after a stop. Raises Refused.

    ``scope``: what may be public, as it was agreed on with who speaks.
    """
    scope = checked_reason(scope, REASON)
    with _held(page, acting_user) as (page, session):
        require(reasons_against_deciding(acting_user))
        if not page.live:
            raise Refused(_("访谈页面还没有发布。先把访谈预告送审、发布，再作保密审查决定。"))
        session.decided_by, session.decided_at, session.scope = acting_user, timezone.now(), scope
        session.stopped_by, session.stopped_at, session.stop_reason = None, None, ""
        session.save()
        record_act("interview.decide", acting_user=acting_user, obj=page, detail={"scope": scope})
    return session


def stop_live(page: InterviewPage, *, acting_user: User, reason: str) -> Session:
    """Take the decision back: nothing more is cleared until there is another. What is public stays. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with _held(page, acting_user) as (page, session):
        require(reasons_against_deciding(acting_user))
        if not session.is_decided:
            raise Refused(_("没有有效的保密审查决定，不需要暂停。"))
        session.stopped_by, session.stopped_at, session.stop_reason = acting_user, timezone.now(), reason
        session.save()
        record_act("interview.stop", acting_user=acting_user, obj=page, detail={"reason": reason})
    return session


def open_interview(page: InterviewPage, *, acting_user: User) -> Session:
    """Begin the live part, or go on after an end by mistake; citizens see it. Raises Refused."""
    with _held(page, acting_user) as (page, session):
        require(reasons_against_editing(acting_user, page))
        require(_reasons_against_opening(page, session))
        if session.opened_at is None:
            session.opened_at = timezone.now()
        session.opened_by, session.ended_by, session.ended_at = acting_user, None, None
        session.save()
        note_changed(session)
        record_act("interview.open", acting_user=acting_user, obj=page, detail={})
    return session


def end_interview(page: InterviewPage, *, acting_user: User) -> Session:
    """End the live part; what was typed may still be cleared, until the transcript is public. Raises Refused."""
    with _held(page, acting_user) as (page, session):
        require(reasons_against_editing(acting_user, page))
        if not session.is_live:
            raise Refused(_("访谈没有在进行。"))
        session.ended_by, session.ended_at = acting_user, timezone.now()
        session.save()
        note_changed(session)
        record_act("interview.end", acting_user=acting_user, obj=page, detail={})
    return session


def make_transcript(page: InterviewPage, *, acting_user: User) -> Revision:
    """Make a draft whose body is the live text that is public; it is reviewed like any other. Raises Refused."""
    with _held(page, acting_user) as (page, session):
        require(reasons_against_editing(acting_user, page))
        if session.ended_at is None:
            raise Refused(_("访谈还没有结束。"))
        if page.current_workflow_state is not None and page.workflow_in_progress:
            raise Refused(_("本页正在审查，请等审查结束或收回后再生成实录。"))
        draft = page.get_latest_revision_as_object()
        if draft.body:
            raise Refused(_("草稿里已经有实录。要重新生成，请先在编辑页清空“正文”。"))
        said = [entry for entry in shown_entries(page) if not entry.withdrawn]
        if not said:
            raise Refused(_("没有公开的现场文字，请直接在编辑页写实录。"))
        draft.body = _body_of(said)
        revision: Revision = draft.save_revision(user=acting_user)
        detail = {"revision": revision.pk, "items": len(said)}
        record_act("interview.transcribe", acting_user=acting_user, obj=page, detail=detail)
    return revision


# --- inside ------------------------------------------------------------------------------


@contextmanager
def _held(page: InterviewPage, acting_user: User) -> Iterator[tuple[InterviewPage, Session]]:
    """The act's transaction, with page and session as they are now; a session that there was none of is begun."""
    with acting(acting_user, pages=[page.pk]) as held:
        page = held_interview(held, page.pk)
        session = locking(Session.objects.filter(page=page)).first() or Session(page=page)
        yield page, session


def _reasons_against_opening(page: InterviewPage, session: Session) -> list[str]:
    reasons = []
    if not page.live:
        reasons.append(_("访谈页面没有发布，不能开启。"))
    if page.body:
        reasons.append(_("实录已经发布，不能再开启现场文字。"))
    if session.is_live:
        reasons.append(_("访谈已经开启。"))
    if not session.is_decided:
        reasons.append(_("还没有保密审查决定：请保密审查人员先在访谈台写明这次访谈可以公开的范围。"))
    today = timezone.localdate()
    if page.starts_at is not None and timezone.localdate(page.starts_at) > today:
        told = {"day": timezone.localtime(page.starts_at).strftime("%Y-%m-%d %H:%M")}
        reasons.append(_("访谈定于 %(day)s，当天才能开启；改期请修改访谈时间后送审。") % told)
    return reasons


def _body_of(said: list[ShownEntry]) -> list[dict[str, Any]]:
    """The blocks of the transcript: what was said in one text, pictures between."""
    blocks: list[dict[str, Any]] = []
    for entry in said:
        if entry.text:
            html = _paragraphs(entry)
            if blocks and blocks[-1]["type"] == "rich_text":
                blocks[-1]["value"] += html
            else:
                blocks.append({"type": "rich_text", "value": html})
        if entry.photo is not None:
            value = {
                "image": entry.photo["image"].pk, "alt": entry.photo["alt"], "caption": entry.photo["caption"],
                "decorative": False,
            }  # fmt: skip
            blocks.append({"type": "image", "value": value})
    return blocks


def _paragraphs(entry: ShownEntry) -> str:
    first, *more = [line.strip() for line in entry.text.split("\n") if line.strip()]
    head = format_html("<p><b>{}：</b>{}</p>", entry.label, first)
    return str(head + format_html_join("", "<p>{}</p>", ((line,) for line in more)))
