"""Who may do what with a case. Each rule answers with its reasons, empty when allowed.

Clerks of the desk take in, pass on and close; editors of the site to which it was passed answer, return and ask for
more time. What they write is reviewed like any page. Asked inside ``acting``, which holds the roles.
"""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role, is_supervisor
from govplatform.accounts.roles import CLERK, EDITOR

from .kinds import Kind
from .models import Case


def is_clerk_of(user: User, case: Case) -> bool:
    return has_role(user, CLERK.code, case.desk)


def is_editor_of(user: User, case: Case) -> bool:
    return case.organisation is not None and has_role(user, EDITOR.code, case.organisation)


def reasons_against_keeping(user: User, case: Case) -> list[str]:
    """Why ``user`` may not accept, pass on or close it."""
    if is_clerk_of(user, case):
        return []
    told = {"user": user, "site": case.desk.full_name}
    return [_("%(user)s 不是“%(site)s”的受理员，不能办理这件来信。") % told]


def reasons_against_handling(user: User, case: Case) -> list[str]:
    """Why ``user`` may not answer or return it."""
    if case.organisation is None:
        return [_("来信 %(number)s 没有交办，或者已经退回、改派。") % {"number": case.number}]
    if is_editor_of(user, case):
        return []
    told = {"user": user, "site": case.organisation.full_name}
    return [_("%(user)s 不是“%(site)s”的编辑，不能办理这件来信。") % told]


def has_left(case: Case) -> bool:
    """Whether whoever took it up is no editor any more of the site that answers, or has no account that works."""
    return case.handler is not None and not is_editor_of(case.handler, case)


def reasons_against_taking(user: User, case: Case) -> list[str]:
    """Why ``user`` may not take it up. From a colleague while it is worked on; later only after one who has left:
    somebody has to see who wrote, make the letter of a decision and enter its delivery.
    """
    if reasons := reasons_against_handling(user, case):
        return reasons
    told = {"number": case.number, "state": case.get_state_display(), "who": ""}
    if case.state == Case.State.ASSIGNED:
        return []
    if case.state not in (Case.State.IN_REVIEW, Case.State.REPLIED) or case.erased_at is not None:
        return [_("来信 %(number)s 现在是“%(state)s”，不能接办。") % told]
    if has_left(case):
        return []
    told["who"] = case.handler.signed_name if case.handler is not None else ""
    return [_("来信 %(number)s 现在是“%(state)s”，由 %(who)s 办理；办理人离任以后，其他编辑才能接办。") % told]


def reasons_against_extending(user: User, case: Case) -> list[str]:
    """Why ``user`` may not extend its limit: clerk and handler may."""
    if is_clerk_of(user, case) or is_editor_of(user, case):
        return []
    return [_("%(user)s 不是受理员，也不是办理单位的编辑，不能延期。") % {"user": user}]


def may_see(user: User, case: Case) -> bool:
    """Whether ``user`` may read what was sent in: whoever has to do with it."""
    return is_clerk_of(user, case) or is_editor_of(user, case)


def reasons_against_looking(user: User, case: Case) -> list[str]:
    """Why ``user`` may not see how the sender is reached: its clerks do, and who has taken it up."""
    if is_clerk_of(user, case) or (is_editor_of(user, case) and case.handler_id == user.pk):
        return []
    return [_("联系方式只有受理员和接办这件来信的办理人可以查看。")]


def reasons_against_identifying(user: User, case: Case) -> list[str]:
    """Why ``user`` may not see who asks for information: its handler alone does."""
    if is_editor_of(user, case) and case.handler_id == user.pk:
        return []
    return [_("申请人的身份信息和申请的附件只有接办这件申请的办理人可以查看。")]


def reasons_against_opening(user: User, case: Case) -> list[str]:
    """Why ``user`` may not open files of ``case``: with a request comes a copy of whatever proves who asks."""
    allowed = reasons_against_identifying if case.kind == Kind.DISCLOSURE else reasons_against_looking
    return allowed(user, case)


def may_oversee(user: User) -> bool:
    """Whether ``user`` sees clocks and states of the cases of all sites, without what they say."""
    return is_supervisor(user)
