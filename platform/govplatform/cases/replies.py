"""How far the answer of a case is, as its page goes through the review: handed in, given back, cleared, taken down.

The page is the site's own (``sites.interaction``); what happens to it is told here in the transaction in which it
happens, so that page and case say the same, whatever ends a process in between.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.events.sheet import follow
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .actions import end_joined, hold_case
from .disclosure.clock_stops import end_lapsed, reasons_against_running
from .events import CaseEnded
from .models import Case, CaseStep
from .permissions import has_left, reasons_against_handling

State, Act = Case.State, CaseStep.Act


def reasons_against_answering(user: User, case: Case) -> list[str]:
    """Why ``user`` may not answer ``case`` as it was read. Asked again behind its lock (``note_handed_in``)."""
    if reasons := reasons_against_handling(user, case):
        return reasons
    if case.state != State.ASSIGNED:
        told = {"number": case.number, "state": case.get_state_display()}
        return [_("来信 %(number)s 现在是“%(state)s”，不能答复。") % told]
    if case.handler is not None and case.handler_id != user.pk:
        told = {"number": case.number, "who": case.handler.full_name}
        if has_left(case):
            return [_("来信 %(number)s 的办理人 %(who)s 已离任。要由你答复，请先接办。") % told]
        return [_("来信 %(number)s 由 %(who)s 办理。要由你答复，请先接办。") % told]
    return reasons_against_running(case)


def note_handler(case: Case, handler: User, *, private: bool) -> None:
    """``handler`` has answered. ``private``: the answer is not published although the sender agreed."""
    case = hold_case(case.pk)
    case.handler = handler
    case.may_publish = case.may_publish and not private
    case.save(update_fields=["handler", "may_publish"])


def note_handed_in(number: str, site: Tenant) -> None:
    """The answer was handed in. Raises Refused where the case is no longer this site's, or has ended without one."""
    case = _case(number)
    if case is None:
        return
    if case.organisation_id != site.pk or case.state not in (State.ASSIGNED, State.REPLIED):
        told = {"number": number, "state": case.get_state_display()}
        raise Refused(_("来信 %(number)s 已经改派、退回或办结（%(state)s），答复不能送审。") % told)
    if case.state == State.ASSIGNED:
        if reasons := reasons_against_running(case):
            raise Refused(reasons)
        end_lapsed(case)
        _go_to(case, State.IN_REVIEW, Act.HANDED_IN)


def note_given_back(number: str, site: Tenant) -> None:
    """The answer was sent back by a reviewer, or taken back by its editor."""
    case = _case(number)
    if case is not None and case.organisation_id == site.pk and case.state == State.IN_REVIEW:
        _go_to(case, State.ASSIGNED, Act.GIVEN_BACK)


def note_answered(number: str, site: Tenant, answer: str, published_path: str, title: str = "") -> None:
    """The answer was cleared: it is what its sender reads from now on. ``published_path``: '' where it is not public;
    ``title``: as it is public.

    A later version that is cleared takes its place.
    """
    case = _case(number)
    if case is None:
        return
    if case.organisation_id != site.pk or case.state not in (State.IN_REVIEW, State.REPLIED):
        told = {"number": number, "state": case.get_state_display()}
        raise Refused(_("来信 %(number)s 已经改派、退回或办结（%(state)s），答复不能通过。") % told)
    if published_path and not case.may_publish:
        raise Refused(_("来信 %(number)s 的答复不公开，公开的答复稿不能通过，请由编辑另写。") % {"number": number})
    # Of a case whose personal data was removed no answer is kept again that is not public.
    case.answer = answer if case.erased_at is None or published_path else ""
    case.published_path, case.published_title = published_path, title
    case.ended_at = case.ended_at or timezone.now()
    _go_to(case, State.REPLIED, Act.REPLIED)
    end_joined(case)
    follow(CaseEnded(case))


def note_taken_down(number: str, site: Tenant) -> None:
    """The public answer came down. Its sender has it all the same."""
    case = _case(number)
    if case is not None and case.organisation_id == site.pk and case.published_path:
        case.published_path = ""
        if case.erased_at is not None:
            case.answer = ""
        case.save(update_fields=["published_path", "answer"])


# --- inside ------------------------------------------------------------------------------


def _case(number: str) -> Case | None:
    key = Case.objects.filter(number=number).values_list("pk", flat=True).first()
    return hold_case(key) if key is not None else None


def _go_to(case: Case, state: str, act: str) -> None:
    case.state = state
    case.save()
    CaseStep.objects.create(case=case, act=act, at=timezone.now(), organisation=case.organisation)
