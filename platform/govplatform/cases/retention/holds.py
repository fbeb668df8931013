"""暂缓删除: a supervisor keeps the data of a case under dispute beyond its term, for a reason that is shown."""

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import checked_reason
from govplatform.tenancy.queries import console_tenant

from ..actions import REASON, held_case, note_step, require
from ..models import Case, CaseHold, CaseStep
from ..permissions import may_oversee


def hold_data(case: Case, *, acting_user: User, reason: str) -> CaseHold:
    """Keep what ``case`` holds of people until somebody releases it. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with held_case(case, console_tenant(), acting_user) as case:
        require(_reasons_against(acting_user), _reasons_against_holding(case))
        hold = CaseHold.objects.create(case=case, reason=reason, person=acting_user, at=timezone.now())
        note_step(case, CaseStep.Act.HELD, case.state, acting_user, reason=reason)
    return hold


def release_data(case: Case, *, acting_user: User, reason: str) -> None:
    """Keep it no longer than its term, which may be over already: then it goes the next night. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with held_case(case, console_tenant(), acting_user) as case:
        hold = CaseHold.objects.filter(case=case).first()
        missing = [_("来信 %(number)s 没有暂缓删除。") % {"number": case.number}] if hold is None else []
        require(_reasons_against(acting_user), missing)
        assert hold is not None
        hold.delete()
        note_step(case, CaseStep.Act.RELEASED, case.state, acting_user, reason=reason)


def _reasons_against(user: User) -> list[str]:
    if may_oversee(user):
        return []
    return [_("%(user)s 不是监管员，不能决定暂缓删除个人信息。") % {"user": user}]


def _reasons_against_holding(case: Case) -> list[str]:
    if case.erased_at is not None:
        return [_("来信 %(number)s 中的个人信息已经到期删除，不能再暂缓。") % {"number": case.number}]
    if CaseHold.objects.filter(case=case).exists():
        return [_("来信 %(number)s 已经暂缓删除。") % {"number": case.number}]
    return []
