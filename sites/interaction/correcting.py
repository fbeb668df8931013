"""A report of an error becomes a correction: a draft of the live page, which answers the report when it is cleared."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Repost
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.addresses.canonical import forms_of_path, split_url
from govplatform.addresses.entering import rules_of
from govplatform.addresses.known import Kind
from govplatform.addresses.resolving import public_place_of
from govplatform.audit.actions import record_act
from govplatform.cases.actions import held_case, hold_case, note_step
from govplatform.cases.error_reports.acts import report_of
from govplatform.cases.error_reports.corrections import (
    checked_answer,
    is_linked,
    link,
    reasons_against_correcting,
    unlink,
)
from govplatform.cases.models import Case, CaseStep, ErrorReport
from govplatform.confidentiality.scanning.engine import scan_document
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.refusals import PlacedReason, Refused
from govplatform.review.gate.requirements import structural_types
from govplatform.review.gate.scans import scan_settings
from govplatform.tenancy.models import Tenant
from govplatform.traditional.addresses import plain_of

from .answering import masked_question, typed_question


def usual_answer() -> str:
    """What is sent with a correction unless the handler writes something else."""
    # A template, for it is said to citizens as the themes say things.
    return render_to_string("interaction/usual_answer.txt").strip()


def open_correction(case: Case, *, acting_user: User, answer: str = "") -> Page:
    """Open a correction of the reported page as the answer to ``case``, and return the page. Raises Refused.

    ``answer``: what is sent with its clearance, '' for the usual words. A draft that the page has already is gone on
    with. Who corrects is the handler.
    """
    site = _site_of(case, acting_user)
    with tenant_context(site):
        number = page_number(case)
        with acting(acting_user, on=site, pages=[number] if number else []) as held:
            case = hold_case(case.pk)
            report = report_of(case)
            if reasons := reasons_against_correcting(acting_user, case, report):
                raise Refused(reasons)
            assert report is not None
            page = _correctable(case, report, site, held.page(number) if number else None)
            words = _clean(checked_answer(answer or usual_answer()))
            if not page.has_unpublished_changes:
                page.specific.save_revision(user=acting_user)
            link(case, report, page.pk, answer=words, question=_question(case), handler=acting_user)
            note_step(case, CaseStep.Act.CORRECTING, case.state, acting_user, reason=page.title)
    return page


def prepare_answer(case: Case, text: str, *, acting_user: User) -> Case:
    """Write anew what is sent with the correction, while that is not in review. Raises Refused."""
    site = _site_of(case, acting_user)
    with held_case(case, site, acting_user) as case:
        report = _linked(case, acting_user)
        words = _clean(checked_answer(text))
        assert report.corrected_page is not None
        link(case, report, report.corrected_page, answer=words, question=_question(case), handler=acting_user)
        record_act("case.prepared", acting_user=acting_user, obj=case, detail={"page": report.corrected_page})
    return case


def drop_correction(case: Case, *, acting_user: User) -> Case:
    """Answer it otherwise: the report is open without a correction. The draft stays with the page. Raises Refused."""
    site = _site_of(case, acting_user)
    with held_case(case, site, acting_user) as case:
        report = _linked(case, acting_user)
        page = Page.objects.filter(pk=report.corrected_page).first()
        unlink(report)
        title = page.title if page is not None else ""
        note_step(case, CaseStep.Act.DROPPED, case.state, acting_user, reason=title)
    return case


def page_number(case: Case) -> int | None:
    """Return the number of the page that ``case`` reports, on the current site, as it is public now; None for none.

    An address that leads to the page (an old one, of a site that has gone into this one) names it as well.
    """
    report = report_of(case)
    parts = split_url(report.url) if report is not None else None
    if report is None or report.site is None or parts is None:
        return None
    _host, rest = parts
    for form in forms_of_path(plain_of(rest), rules_of(report.site, "")):
        row = public_place_of(report.site, form)
        if row is not None and row.kind == Kind.PAGE and row.tenant_id == case.organisation_id:
            return row.object_id
    return None


# --- inside ------------------------------------------------------------------------------


def _site_of(case: Case, acting_user: User) -> Tenant:
    if case.organisation is None:
        raise Refused(reasons_against_correcting(acting_user, case, report_of(case)))
    return case.organisation


def _linked(case: Case, acting_user: User) -> ErrorReport:
    """The report of a case that is held, with a correction that is not in review. Raises Refused."""
    report = report_of(case)
    if reasons := reasons_against_correcting(acting_user, case, report):
        raise Refused(reasons)
    assert report is not None
    if not is_linked(case, report):
        raise Refused(_("来信 %(number)s 没有更正稿，请先打开更正稿。") % {"number": case.number})
    return report


def _correctable(case: Case, report: ErrorReport, site: Tenant, page: Any) -> Page:
    """``page``, if it can be corrected. Raises Refused."""
    if is_linked(case, report):
        raise Refused(_("来信 %(number)s 已经有更正稿，请在更正稿中修改后送审。") % {"number": case.number})
    if page is None or not page.live:
        raise Refused(_("这个网址现在没有公开的页面，不能更正。请直接答复。"))
    if page.content_type_id in structural_types():
        raise Refused(_("首页和栏目不能由纠错更正：请由站点管理员修改后直接答复。"))
    if Repost.objects.filter(tenant=site, page_id=page.pk).exclude(mode=Repost.Mode.COPY).exists():
        raise Refused(_("“%(title)s”转载自其他站点，由来源站点更正。请退回受理站点改派。") % {"title": page.title})
    if page.workflow_in_progress:
        raise Refused(_("“%(title)s”的一份改动正在审查，请等审查结束后再打开更正稿。") % {"title": page.title})
    return page  # type: ignore[no-any-return]


def _clean(text: str) -> str:
    """``text``, if nothing in it stands in the way of sending it. Raises Refused with what the scanner found."""
    found = [one for one in scan_document([Piece(text, "answer")], scan_settings()).findings if one.severity != "info"]
    if found:
        raise Refused([PlacedReason(f"{one.excerpt} {one.message}".strip(), "prepared") for one in found])
    return text


def _question(case: Case) -> str:
    return masked_question({"question": typed_question(case)})["question"]
