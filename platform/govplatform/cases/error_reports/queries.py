"""Reads of error reports: what citizens see of them, and what is taken out in a table."""

from django.db.models import Q, QuerySet

from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..addresses import REPORTED_ERRORS
from ..models import Case, ErrorReport
from ..queries import late_cases, open_cases
from ..shown import Narrowed, cases_shown

#: Which reports a table takes: all, those that have not ended, late ones, those of the national platform.
CHOICES = ("all", "open", "late", "national")
_WITH = ("case__desk", "case__organisation", "site")


def published_reports(site: Tenant) -> QuerySet[ErrorReport]:
    """The reports that citizens read on ``site``: answered by it or taken in at it, newest answer first."""
    shown = ErrorReport.objects.filter(
        Q(case__organisation=site) | Q(case__desk=site), case__state=Case.State.REPLIED, case__may_publish=True
    ).exclude(case__published_path="")
    return shown.select_related(*_WITH).order_by("-case__ended_at", "-pk")


def corrected_reports(desk: Tenant, narrowed: Narrowed) -> QuerySet[ErrorReport]:
    """The reports of ``desk`` that a correction answered, newest answer first: public in the list of reports alone."""
    cases = cases_shown(desk, narrowed).filter(state=Case.State.REPLIED, published_path=REPORTED_ERRORS)
    return ErrorReport.objects.filter(case__in=cases).select_related(*_WITH).order_by("-case__ended_at", "-pk")


def answer_url(report: ErrorReport) -> str:
    """Where its answer is public as a page of its own; '' for one that is read in the list alone."""
    case = report.case
    if case.organisation is None or case.published_path in ("", REPORTED_ERRORS):
        return ""
    return public_url(case.organisation, case.published_path)


def reports_of_desk(desk: Tenant, choice: str = "all") -> QuerySet[ErrorReport]:
    """What was taken in at ``desk``, in the order in which it came. ``choice``: one of CHOICES."""
    cases = Case.objects.filter(desk=desk)
    if choice == "open":
        cases = open_cases(cases).order_by()
    elif choice == "late":
        cases = late_cases(cases)
    found = ErrorReport.objects.filter(case__in=cases)
    if choice == "national":
        found = found.exclude(national_number=None)
    return found.select_related(*_WITH).order_by("case__submitted_at", "pk")
