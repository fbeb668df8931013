"""What stands beside a correction that answers reports of errors: whoever clears the page clears the answers too."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.cases.error_reports.corrections import linked_reports
from govplatform.review.screens.state_facts import StateFact
from govplatform.tenancy.current import current_tenant

from .answer_limits import limit_fact


def facts_of_corrections(page: Page) -> list[StateFact]:
    """Return question and answer of each report that the correction of ``page`` answers, as citizens will read them."""
    if not page.live:
        return []
    facts = []
    for report in linked_reports(page.pk, current_tenant()):
        label = _("网民纠错 %(number)s") % {"number": report.case.number}
        facts.append(StateFact(label, f"{report.get_error_kind_display()}：{report.shown_question}"))
        if report.case.due is not None:
            facts.append(limit_fact(report.case))
        public = _("公开") if report.case.may_publish else _("不公开")
        facts.append(StateFact(_("更正发布时的答复（%(public)s）") % {"public": public}, report.prepared_answer))
    return facts
