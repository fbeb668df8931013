"""Where a page is and what belongs to that, line by line: beside the text, on the review screen, on the start page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _t
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.days import moment_words
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.rule_packs.time_words import left_words

from ..gate.levels import current_submission
from ..gate.status import APPROVED, EXPIRED, PageState, state_of
from ..models import AfterReview, Submission, Withdrawal
from ..submission.deadlines import step_deadline
from ..submission.emergency import is_void


@dataclass(frozen=True)
class StateFact:
    """One line. ``bad``: somebody has to see to it."""

    label: str
    text: str
    bad: bool = False


#: What other packages know of a page that whoever writes or reviews it has to read.
_Look = Callable[[Page], list[StateFact]]
_registered: list[_Look] = []


def register_state_facts(look: _Look) -> None:
    """Have ``look`` asked for further lines; called once, when the app that knows them is ready."""
    if look not in _registered:
        _registered.append(look)


def read_state_facts(page: Any) -> tuple[PageState, list[StateFact]]:
    """Return where ``page`` (specific) is, and what belongs to it: reasons, limits, who and when."""
    state = state_of(page)
    facts = refusal_facts(page) + _source_facts(page, state) + _emergency_facts(page, state) + _time_facts(page, state)
    facts += [fact for look in _registered for fact in look(page)]
    return state, facts + withdrawal_facts(last_withdrawal(page))


def facts_at_the_top(page: Page) -> list[StateFact]:
    """Return what nobody who opens ``page`` may overlook: it came down and why, or it is under review in haste."""
    if page.workflow_in_progress:
        return _emergency_facts(page, state) if (state := state_of(page)).urgent else []
    told = refusal_facts(page) + withdrawal_facts(last_withdrawal(page))
    if not told and page.expire_at is not None and state_of(page).status == EXPIRED:
        return [StateFact(_t("到期"), _t("%(at)s 起公众看不到。") % {"at": _moment(page.expire_at)})]
    return told


def refusal_facts(page: Page) -> list[StateFact]:
    """Return why ``page``, as its newest version has it, was not published at the time for which it was approved."""
    if page.go_live_at is None or page.latest_revision_id in (None, page.live_revision_id):
        return []
    refused = Entry.objects.filter(
        chain=connection.schema_name,  # type: ignore[attr-defined]
        object_type=Page._meta.label_lower,
        object_id=str(page.pk),
        act="page.schedule_refused",
        detail__revision=page.latest_revision_id,
    ).last()
    if refused is None:
        return []
    told = {"at": _moment(refused.at), "reasons": "；".join(refused.detail["reasons"])}
    return [StateFact(_t("定时发布被拒绝"), _t("%(at)s：%(reasons)s") % told, bad=True)]


def last_withdrawal(page: Page) -> Withdrawal | None:
    """Return the withdrawal by which ``page`` is not public now; None when it is, or was published again since."""
    if page.live:
        return None
    newest = Withdrawal.objects.filter(page_id=page.pk).select_related("withdrawn_by", "confirmation").first()
    published = page.last_published_at
    return newest if newest is not None and (published is None or newest.withdrawn_at >= published) else None


def withdrawal_facts(withdrawal: Withdrawal | None) -> list[StateFact]:
    """Return who took a page down, when and why, and what somebody else said of it."""
    if withdrawal is None:
        return []
    who = withdrawal.withdrawn_by.full_name if withdrawal.withdrawn_by else _t("平台")
    told = {"who": who, "at": _moment(withdrawal.withdrawn_at), "reason": withdrawal.reason}
    label = _t("紧急撤回") if withdrawal.break_glass else _t("撤回")
    facts = [StateFact(label, _t("%(who)s，%(at)s：%(reason)s") % told)]
    looked = getattr(withdrawal, "confirmation", None)
    if looked is not None:
        said = {"who": looked.reviewer.full_name, "at": _moment(looked.decided_at), "reason": looked.opinion}
        contested = looked.verdict == looked.Verdict.CONTESTED
        facts.append(StateFact(looked.get_verdict_display(), _t("%(who)s，%(at)s：%(reason)s") % said, contested))
    elif withdrawal.break_glass and withdrawal.confirm_by is not None:
        facts.append(_limit(_t("等待确认"), withdrawal.confirm_by))
    return facts


def after_review_fact(after: AfterReview) -> StateFact:
    """Return how far the review after the fact is: its limit, its verdict, or that it is needed no more."""
    label = _t("事后复核")
    if after.verdict:
        told = {"verdict": after.get_verdict_display(), "at": _moment(after.decided_at), "opinion": after.opinion}
        told["who"] = after.reviewer.full_name if after.reviewer else after.reviewer_name
        return StateFact(label, _t("%(verdict)s，%(who)s，%(at)s：%(opinion)s") % told)
    return StateFact(label, _t("信息已经撤回，不再复核。")) if is_void(after) else _limit(label, after.due_at)


def _source_facts(page: Any, state: PageState) -> list[StateFact]:
    return [StateFact(_t("来源"), page.words_for_lost_source(), bad=True)] if state.source_gone else []


def _emergency_facts(page: Page, state: PageState) -> list[StateFact]:
    if state.urgent:
        submission = current_submission(page)
        return _urgent_facts(page, submission) if submission is not None else []
    after = AfterReview.objects.filter(page_id=page.pk).select_related("submission", "clearance", "reviewer")
    newest = after.order_by("-pk").first()
    if newest is None:
        return []
    facts = [StateFact(_t("紧急发布"), newest.submission.reason)] if newest.submission.emergency else []
    return [*facts, after_review_fact(newest)]


def _urgent_facts(page: Page, submission: Submission) -> list[StateFact]:
    named = [submission.content_reviewer, submission.confidentiality_reviewer]
    facts = [
        StateFact(_t("紧急理由"), submission.reason, bad=True),
        StateFact(_t("指定审查人"), "、".join(person.full_name for person in named if person is not None)),
    ]
    task = page.current_workflow_task_state
    if task is not None:
        facts.append(_limit(_t("紧急办理期限"), step_deadline(site_rule_pack(), task.started_at, emergency=True)))
    words = str(site_rule_pack().limit("emergency_after_review"))
    return [*facts, StateFact(_t("事后复核"), _t("发布后 %(within)s内由没有经手的人复核。") % {"within": words})]


def _time_facts(page: Page, state: PageState) -> list[StateFact]:
    facts = []
    if state.goes_live is not None:
        facts.append(StateFact(_t("定时发布"), _moment(state.goes_live)))
    if page.expire_at is not None and (
        page.live or state.status == EXPIRED or APPROVED in (state.status, state.change)
    ):
        facts.append(StateFact(_t("到期"), _moment(page.expire_at)))
    return facts


def _limit(label: str, due: datetime) -> StateFact:
    now = timezone.now()
    told = {"at": _moment(due), "left": left_words(due, now)}
    return StateFact(label, _t("%(at)s 之前，%(left)s") % told, bad=due < now)


def _moment(moment: datetime | None) -> str:
    return moment_words(moment) if moment is not None else ""
