"""What comes after its term: until the decision is sent it is entered with a good reason, afterwards a new request is.

Whoever does not complete or pay without a good reason has given the request up
(《中华人民共和国政府信息公开条例》第三十条); a decision that was sent is changed by nothing that comes later.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..actions import reasons_against_state
from ..models import Case, ClockStop
from .clock_stops import awaited_stops

State, Kind = Case.State, ClockStop.Kind
#: What is said of each kind when the decision was sent.
_AFTER: Mapping[str, Promise] = MappingProxyType(
    {
        Kind.COMPLETION: gettext_lazy(
            "申请 %(number)s 已经作出决定，逾期的补正不再改变它。"
            "仍然需要这一信息的，请申请人另行提出申请，期限重新计算。"
        ),
        Kind.THIRD_PARTY: gettext_lazy(
            "申请 %(number)s 已经作出决定，第三方的意见不再改变它。"
            "第三方认为公开侵害其合法权益的，可以依法申请行政复议或者提起行政诉讼。"
        ),
        Kind.FEE: gettext_lazy(
            "申请 %(number)s 已经作出决定，逾期的费用请退还。仍然需要这一信息的，请申请人另行提出申请，期限重新计算。"
        ),
    }
)


def reasons_against_entering(case: Case, kind: str) -> list[str]:
    """Why what came of that kind, perhaps late, cannot be entered in the state that ``case`` has, with the way on."""
    if case.state == State.IN_REVIEW:
        words = _("申请 %(number)s 的答复书正在审查：请先在答复稿中撤回送审，再登记收到的内容，按新的情况作出决定。")
        return [words % {"number": case.number}]
    if case.state == State.REPLIED:
        return [str(_AFTER[kind]) % {"number": case.number}]
    return reasons_against_state(case, State.ACCEPTED, State.ASSIGNED)


def has_given_up(case: Case) -> bool:
    """Whether the applicant let a term go by: without a good reason the request counts as given up."""
    return any(not one.is_running for kind in (Kind.COMPLETION, Kind.FEE) for one in awaited_stops(case, kind).values())


def words_for_applicant(case: Case) -> str:
    """Why an applicant cannot complete the request now, and what to do instead."""
    if case.is_over:
        return _("这件申请已经办结。仍然需要这一信息的，请另交一件申请。")
    if awaited_stops(case, Kind.COMPLETION):
        return _("补正的期限已过。有正当理由的，请与受理单位联系，说明理由，由受理单位登记；也可以另交一件申请。")
    return _("这件申请现在不需要补正。要申请别的信息，请另交一件申请。")
