"""Handing in, judging, deciding, withdrawing and looking again; on site alpha."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from govplatform.accounts.absences import end_absence, register_absence
from govplatform.confidentiality.models import Disposition
from govplatform.refusals import Refused
from govplatform.review.findings.dispositions import dispose_finding
from govplatform.review.findings.judging import Asked, judge
from govplatform.review.findings.masking import mask_as_requested
from govplatform.review.gate.scans import current_scan
from govplatform.review.models import AfterReview
from govplatform.review.rescans.actions import (
    ask_to_correct,
    handle_rescan_findings,
    judge_rescan_finding,
    request_rescan,
    stop_rescan,
)
from govplatform.review.sheets.actions import print_sheets
from govplatform.review.sheets.reading import sheet_of_page
from govplatform.review.submission.actions import (
    decide_review,
    submit_for_review,
    take_back,
    withdraw_and_follow,
    withdraw_page,
)
from govplatform.review.submission.claim_actions import claim_review, hand_over_review, release_review
from govplatform.review.submission.followups import confirm_withdrawal, judge_after_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.current import current_tenant
from tests import factories
from tests.review.rescan_content import found_later
from tests.review.reviewers import emergency

from .acts import Doing, act

_REVIEW = "govplatform.review"
_NUMBER = "11010519491231002X"


def _handed_in(**fields: Any) -> Any:
    page = factories.draft_article(**fields)
    factories.submit(page)
    return page


def _with_a_number() -> tuple[Any, Any]:
    """A page under review with a finding."""
    page = _handed_in(body=[{"type": "rich_text", "value": f"<p>身份证号 {_NUMBER}。</p>"}])
    scan = current_scan(page)
    assert scan is not None
    return page, scan.findings.filter(rule="id-card").first()


@act(f"{_REVIEW}.submission.actions.submit_for_review", may="alpha_editor")
def _submit() -> Doing:
    page = factories.draft_article()
    return lambda who: submit_for_review(page, acting_user=who)


@act(f"{_REVIEW}.submission.actions.take_back", may="alpha_editor")
def _take_back() -> Doing:
    page = _handed_in()
    return lambda who: take_back(page, acting_user=who)


@act(f"{_REVIEW}.submission.actions.decide_review", may="alpha_content")
def _decide() -> Doing:
    page = _handed_in()
    return lambda who: decide_review(page, acting_user=who, approve=True, opinion="同意。")


@act(f"{_REVIEW}.submission.from_the_shell.decide_from_the_shell", may="alpha_content")
def _decide_by_verb() -> Doing:
    page = _handed_in()
    return lambda who: decide_from_the_shell(page, acting_user=who, approve=True, opinion="同意。")


@act(f"{_REVIEW}.submission.actions.withdraw_page", may="alpha_content")
def _withdraw() -> Doing:
    page = factories.live_article()
    return lambda who: withdraw_page(page, acting_user=who, reason="内容有误。")


@act(f"{_REVIEW}.submission.actions.withdraw_and_follow", may="supervisor")
def _withdraw_at_once() -> Doing:
    page = factories.live_article()
    return lambda who: withdraw_and_follow(page, acting_user=who, reason="内容有误。", break_glass=True)


@act(f"{_REVIEW}.submission.claim_actions.claim_review", may="alpha_content")
def _claim() -> Doing:
    page = _handed_in()
    return lambda who: claim_review(page, acting_user=who)


@act(f"{_REVIEW}.submission.claim_actions.release_review", may="alpha_content", rests_on_role=False)
def _release() -> Doing:
    page = _handed_in()
    claim_review(page, acting_user=factories.user("alpha_content"))
    return lambda who: release_review(page, acting_user=who)


@act(f"{_REVIEW}.submission.claim_actions.hand_over_review", may="alpha_content")
def _hand_over() -> Doing:
    page = _handed_in()
    return lambda who: hand_over_review(page, to=factories.user("both_content"), acting_user=who)


@act(f"{_REVIEW}.findings.dispositions.dispose_finding", may="alpha_content")
def _dispose() -> Doing:
    _page, finding = _with_a_number()
    return lambda who: dispose_finding(finding, acting_user=who, verdict=Disposition.Verdict.FALSE_ALARM)


@act(f"{_REVIEW}.findings.judging.judge", may="alpha_content")
def _judge() -> Doing:
    page, finding = _with_a_number()
    return lambda who: judge(page, Asked("false_alarm", "", finding=str(finding.pk)), acting_user=who)


@act(f"{_REVIEW}.findings.masking.mask_as_requested", may="alpha_editor")
def _mask() -> Doing:
    page, finding = _with_a_number()
    reviewer = factories.user("alpha_content")
    dispose_finding(finding, acting_user=reviewer, verdict=Disposition.Verdict.TO_MASK, reason="与公示无关。")
    decide_review(page, acting_user=reviewer, approve=False, opinion="请遮盖。")
    newest = type(page).objects.get(pk=page.pk).latest_revision_id
    return lambda who: mask_as_requested(page, acting_user=who, revision_id=newest)


@act(f"{_REVIEW}.submission.followups.judge_after_review", may="both_content")
def _look_again() -> Doing:
    page = factories.draft_article()
    submit_for_review(page, acting_user=factories.user("alpha_editor"), emergency=emergency())
    for reviewer in ("alpha_content", "alpha_secret"):
        factories.approve(page, reviewer)
    after = AfterReview.objects.get(page_id=page.pk)
    return lambda who: judge_after_review(after, acting_user=who, confirm=True, opinion="属实。")


@act(f"{_REVIEW}.submission.followups.confirm_withdrawal", may="both_content")
def _confirm_withdrawal() -> Doing:
    page = factories.live_article()
    taken = withdraw_page(page, acting_user=factories.user("supervisor"), reason="紧急。", break_glass=True)
    return lambda who: confirm_withdrawal(taken, acting_user=who, confirm=True, opinion="属实。")


@act(f"{_REVIEW}.rescans.actions.request_rescan", may="alpha_content")
def _rescan() -> Doing:
    return lambda who: request_rescan(acting_user=who, since=date(2026, 1, 1))


@act(f"{_REVIEW}.rescans.actions.stop_rescan", may="alpha_content")
def _stop_rescan() -> Doing:
    run = request_rescan(acting_user=None)
    return lambda who: stop_rescan(run, acting_user=who)


@act(f"{_REVIEW}.rescans.actions.judge_rescan_finding", may="alpha_secret")
def _judge_found() -> Doing:
    _page, item = found_later(current_tenant())
    verdict = Disposition.Verdict.FALSE_ALARM
    return lambda who: judge_rescan_finding(item, acting_user=who, verdict=verdict, reason="公开的名称。")


@act(f"{_REVIEW}.rescans.actions.handle_rescan_findings", may="alpha_secret")
def _handle_found() -> Doing:
    _page, item = found_later(current_tenant())

    def handle(who: Any) -> None:
        # What is refused of many is told beside what was done.
        handled = handle_rescan_findings([item.pk], acting_user=who, act="false_alarm", words="公开的名称。")
        if handled.reasons:
            raise Refused(handled.reasons)

    return handle


@act(f"{_REVIEW}.rescans.actions.ask_to_correct", may="alpha_content")
def _ask_to_correct() -> Doing:
    _page, item = found_later(current_tenant())
    return lambda who: ask_to_correct(item, acting_user=who, note="请改正。")


@act(f"{_REVIEW}.sheets.actions.print_sheets", may="alpha_content")
def _print() -> Doing:
    sheet = sheet_of_page(factories.live_article().pk)
    return lambda who: print_sheets([sheet], heading="审查单", acting_user=who)


@act("govplatform.accounts.absences.register_absence", may="alpha_content", rests_on_role=False)
def _away() -> Doing:
    today = timezone.localdate()
    return lambda who: register_absence(
        factories.user("alpha_content"),
        deputy=factories.user("both_content"),
        starts_on=today,
        ends_on=today + timedelta(days=2),
        acting_user=who,
    )


@act("govplatform.accounts.absences.end_absence", may="alpha_content", rests_on_role=False)
def _back() -> Doing:
    person, today = factories.user("alpha_content"), timezone.localdate()
    absence = register_absence(
        person, deputy=factories.user("both_content"), starts_on=today, ends_on=today, acting_user=person
    )
    return lambda who: end_absence(absence, acting_user=who)
