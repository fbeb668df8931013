"""The acts on a report of an error that letters have not: passing it on at once, and not publishing it for a reason."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused, checked_reason
from govplatform.tenancy.models import Tenant

from ..actions import REASON, held_case, note_step
from ..models import Case, CaseStep, ErrorReport
from ..permissions import is_clerk_of, is_editor_of


def report_of(case: Case) -> ErrorReport | None:
    """Return what ``case`` reports; None for a letter."""
    return ErrorReport.objects.select_related("site", "corrected_site").filter(case=case).first()


def reasons_against_hiding(user: User, case: Case, report: ErrorReport | None) -> list[str]:
    """Why ``user`` may not keep the report ``case`` from being published."""
    if report is None:
        return [_("来信 %(number)s 不是纠错。") % {"number": case.number}]
    if not (is_clerk_of(user, case) or is_editor_of(user, case)):
        return [_("%(user)s 不是受理员，也不是办理单位的编辑，不能决定是否公开。") % {"user": user}]
    if report.hidden_reason:
        return [_("这件纠错已经定为不公开。")]
    if case.state in (Case.State.IN_REVIEW, Case.State.CLOSED):
        told = {"number": case.number, "state": case.get_state_display()}
        return [_("来信 %(number)s 现在是“%(state)s”，不能改变是否公开。") % told]
    if case.state == Case.State.REPLIED and report.corrected_page is None and case.published_path:
        return [_("答复已经作为页面公开，请在“已发布信息”中撤回答复页面。")]
    return []


def hide_report(case: Case, site: Tenant, *, acting_user: User, reason: str) -> Case:
    """Have a report not published, as a special case. ``site``: from whose console. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with held_case(case, site, acting_user) as case:
        report = report_of(case)
        if reasons := reasons_against_hiding(acting_user, case, report):
            raise Refused(reasons)
        assert report is not None
        report.hidden_reason = reason
        report.save(update_fields=["hidden_reason"])
        case.may_publish, case.published_path = False, ""
        if case.erased_at is not None:
            case.answer = ""
        note_step(case, CaseStep.Act.HIDDEN, case.state, acting_user, reason=reason)
    return case
