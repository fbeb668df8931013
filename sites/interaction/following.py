"""What a case is told of the page that answers it; each stands on the sheet of consequences (sites/wiring.py)."""

from typing import Any

from wagtail.models import Page

from govplatform.cases.disclosure.deciding import note_decision
from govplatform.cases.error_reports.corrections import (
    note_corrected,
    note_correction_given_back,
    note_correction_handed_in,
    note_page_down,
    note_shown_question,
)
from govplatform.cases.kinds import Kind
from govplatform.cases.replies import note_answered, note_given_back, note_handed_in, note_taken_down
from govplatform.review.models import Clearance
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant

from .models import ReplyPage


def note_reply_handed_in(page: Page) -> None:
    if (number := _case_of(page)) is not None:
        note_handed_in(number, current_tenant())
        newest = page.specific.get_latest_revision_as_object()
        if newest.case_kind == Kind.DISCLOSURE:
            note_decision(number, newest.answer)


def note_reply_given_back(page: Page) -> None:
    if (number := _case_of(page)) is not None:
        note_given_back(number, current_tenant())


def note_reply_cleared(page: Page, clearance: Clearance) -> None:
    """A public answer is live, or a private one was cleared: its sender reads what was cleared."""
    if (number := _case_of(page)) is not None:
        # The columns of a page that is not live hold its first draft.
        cleared: Any = page if page.live else clearance.revision.as_object()
        path, title = (site_path(page), page.title) if page.live else ("", "")
        note_answered(number, current_tenant(), cleared.answer, path, title)
        if cleared.case_kind == Kind.CORRECTION:
            note_shown_question(number, cleared.question)


def note_page_handed_in(page: Page) -> None:
    """A correction that answers reports goes to its reviewers; a page that was never public corrects nothing."""
    if page.live:
        note_correction_handed_in(page.pk, current_tenant())


def note_page_given_back(page: Page) -> None:
    if page.live:
        note_correction_given_back(page.pk, current_tenant())


def note_page_corrected(page: Page) -> None:
    """The correction is live. What is published for the first time corrects nothing."""
    if page.last_published_at != page.first_published_at:
        note_corrected(page.pk, current_tenant())


def note_corrected_page_down(page: Page) -> None:
    note_page_down(page.pk, current_tenant())


def note_reply_taken_down(page: Page) -> None:
    if (number := _case_of(page)) is not None:
        note_taken_down(number, current_tenant())


def _case_of(page: Page) -> str | None:
    """The number of the case that ``page`` answers; None for all other pages, which cost no question."""
    if not issubclass(page.specific_class or Page, ReplyPage):
        return None
    return str(page.specific.case_number)
