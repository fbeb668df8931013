"""A report and the correction of its page: linked when the correction is opened, closed with its clearance.

The answer is written beside the correction and read by whoever clears it (``notes_for``); while that is in review it
stands still, so what was read is what is sent.
"""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.events.sheet import follow
from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant

from ..actions import end_joined, hold_case
from ..addresses import REPORTED_ERRORS
from ..events import CaseEnded
from ..letters import plain_text
from ..models import Case, CaseStep, ErrorReport
from ..replies import reasons_against_answering

#: Characters of an answer that goes with a correction; a longer one is an answer of its own.
LONGEST = 1000
State, Act = Case.State, CaseStep.Act


def checked_answer(text: str) -> str:
    """Return the answer as it is kept. Raises Refused."""
    text = plain_text(text).strip()
    if not text:
        raise Refused(PlacedReason(_("请填写更正后的答复。"), "prepared"))
    if len(text) > LONGEST:
        told = {"most": LONGEST, "n": len(text)}
        raise Refused(PlacedReason(_("更正后的答复最多 %(most)d 个字，现在有 %(n)d 个字。") % told, "prepared"))
    return text


def reasons_against_correcting(user: User, case: Case, report: ErrorReport | None) -> list[str]:
    """Why ``user`` may not correct the page that ``case`` reports, as an answer to it."""
    if report is None:
        return [_("来信 %(number)s 不是纠错。") % {"number": case.number}]
    return reasons_against_answering(user, case)


def is_linked(case: Case, report: ErrorReport) -> bool:
    """Whether a correction on the site that answers is on its way, or has answered."""
    return report.corrected_page is not None and report.corrected_site_id == case.organisation_id


def link(case: Case, report: ErrorReport, page_id: int, *, answer: str, question: str, handler: User) -> None:
    """``case`` is answered by the correction of the page ``page_id`` of its site, or its answer was written anew."""
    report.corrected_site, report.corrected_page = case.organisation, page_id
    report.prepared_answer, report.shown_question = answer, question
    report.save(update_fields=["corrected_site", "corrected_page", "prepared_answer", "shown_question"])
    case.handler = handler
    case.save(update_fields=["handler"])


def unlink(report: ErrorReport) -> None:
    """There is no correction any more that answers it. The prepared answer stays, to begin with another time."""
    report.corrected_site, report.corrected_page = None, None
    report.save(update_fields=["corrected_site", "corrected_page"])


def linked_reports(page_id: int, site: Tenant) -> QuerySet[ErrorReport]:
    """The open reports that the correction of this page answers."""
    linked = ErrorReport.objects.filter(corrected_site=site, corrected_page=page_id, case__organisation=site)
    return linked.filter(case__state__in=(State.ASSIGNED, State.IN_REVIEW)).select_related("case").order_by("case_id")


def note_correction_handed_in(page_id: int, site: Tenant) -> None:
    """The correction was handed in: question and answer stand still until it is decided on."""
    for case, _report in _held(page_id, site, State.ASSIGNED):
        _go_to(case, State.IN_REVIEW, Act.HANDED_IN)


def note_correction_given_back(page_id: int, site: Tenant) -> None:
    """It was sent back, or taken back by its editor: the report is open again and knows its draft."""
    for case, _report in _held(page_id, site, State.IN_REVIEW):
        _go_to(case, State.ASSIGNED, Act.GIVEN_BACK)


def note_corrected(page_id: int, site: Tenant) -> None:
    """It was cleared and is live: the reports are answered with it."""
    for case, report in _held(page_id, site, State.IN_REVIEW):
        case.answer, case.ended_at = report.prepared_answer, timezone.now()
        case.published_path = REPORTED_ERRORS if case.may_publish else ""
        _go_to(case, State.REPLIED, Act.REPLIED)
        end_joined(case)
        follow(CaseEnded(case))


def note_shown_question(number: str, question: str) -> None:
    """A public answer was cleared as a page: this is what citizens read of the question, in the list as well."""
    ErrorReport.objects.filter(case__number=number).update(shown_question=question)


def note_page_down(page_id: int, site: Tenant) -> None:
    """The page came down, and nothing corrects it any more: the reports are open, to be answered in words."""
    for case, report in _held(page_id, site, State.ASSIGNED, State.IN_REVIEW):
        unlink(report)
        if case.state == State.IN_REVIEW:
            _go_to(case, State.ASSIGNED, Act.GIVEN_BACK)


# --- inside ------------------------------------------------------------------------------


def _held(page_id: int, site: Tenant, *states: str) -> list[tuple[Case, ErrorReport]]:
    """The reports that this page answers, each with its case locked and in one of ``states``."""
    found = []
    for report in linked_reports(page_id, site):
        case = hold_case(report.case_id)
        if case.state in states and case.organisation_id == site.pk:
            found.append((case, report))
    return found


def _go_to(case: Case, state: str, act: str) -> None:
    case.state = state
    case.save()
    CaseStep.objects.create(case=case, act=act, at=timezone.now(), organisation=case.organisation)
