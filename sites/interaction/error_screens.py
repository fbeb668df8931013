"""A report of an error on the screen of its case: its page, to whom it is proposed, its correction."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.cases.error_reports.acts import hide_report, reasons_against_hiding, report_of
from govplatform.cases.error_reports.corrections import LONGEST, is_linked
from govplatform.cases.error_reports.places import proposed_site
from govplatform.cases.models import Case
from govplatform.tenancy.models import Tenant

from .correcting import drop_correction, open_correction, page_number, prepare_answer, usual_answer

#: The acts that letters have not.
ERROR_ACTS = ("correct", "prepare", "drop", "hide")


def error_context(case: Case, user: User, *, may_answer: bool) -> dict[str, Any]:
    """Return what the screen says besides what it says of a letter; nothing for a letter."""
    report = report_of(case)
    if report is None:
        return {}
    linked = is_linked(case, report)
    return {
        "report": report,
        "proposed": proposed_site(report),
        "corrected": _page(report.corrected_page, case.organisation) if linked else None,
        "may_correct": may_answer and not linked and page_number(case) is not None,
        "may_prepare": may_answer and linked,
        "prepared": report.prepared_answer or usual_answer(),
        "most_prepared": LONGEST,
        "may_hide": not reasons_against_hiding(user, case, report),
    }


def carry_out(act: str, case: Case, site: Tenant, posted: Mapping[str, str], *, acting_user: User) -> tuple[str, str]:
    """Carry out one of ERROR_ACTS; return what was done, in words, and where to go on, '' for the screen. Raises
    Refused.
    """
    if act == "correct":
        page = open_correction(case, acting_user=acting_user, answer=posted.get("prepared", ""))
        words = _("更正稿已打开。修改后送审；通过审查发布时，这件纠错自动答复。")
        return words, reverse("wagtailadmin_pages:edit", args=[page.pk])
    if act == "prepare":
        prepare_answer(case, posted.get("prepared", ""), acting_user=acting_user)
        return _("答复已保存，随更正稿一起送审。"), ""
    if act == "drop":
        drop_correction(case, acting_user=acting_user)
        return _("不再以更正答复；更正稿仍在，可以继续修改或另行答复。"), ""
    hide_report(case, site, acting_user=acting_user, reason=posted.get("reason", ""))
    return _("已定为不公开，理由记入办理过程。"), ""


def _page(number: int | None, site: Tenant | None) -> Page | None:
    if number is None or site is None or site.dropped_at is not None:
        return None
    with tenant_context(site):
        return Page.objects.filter(pk=number).first()
