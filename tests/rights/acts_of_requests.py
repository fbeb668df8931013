"""Requests for information; on site alpha, which takes in and answers."""

from typing import Any

from govplatform.cases import actions
from govplatform.cases.codes import new_nonce
from govplatform.cases.disclosure import delivering, identity, stopping
from govplatform.cases.disclosure.intake import read_request, submit_request
from govplatform.cases.models import Case
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign
from tests import factories

from .acts import Doing, act

GIVEN = {
    "applicant": "person", "name": "申请人甲", "document_kind": "id", "document_number": "11010519491231002X",
    "phone": "0000-0000001", "title": "路灯养护合同", "text": "2025年的合同。", "medium": "electronic", "way": "online",
}  # fmt: skip


def asked(state: str = "assigned") -> Case:
    """A request to alpha that its editor has taken up; ``replied``: whose letter was cleared."""
    alpha, editor = get_tenant("alpha"), factories.user("alpha_editor")
    case = submit_request(read_request(GIVEN), alpha, nonce=new_nonce()).case
    create_column("requests", title="依申请公开", column_type="request", acting_user=None)
    actions.accept_case(case, acting_user=factories.user("alpha_clerk"))
    assign(case, alpha, acting_user=factories.user("alpha_clerk"))
    actions.take_case(afresh(case), acting_user=editor)
    if state == "replied":
        page = answer_case(afresh(case), "见附件。", acting_user=editor, decision="granted")
        factories.approve(page, "alpha_content")
        factories.approve(page, "alpha_secret")
    return afresh(case)


def afresh(case: Case) -> Case:
    return Case.objects.select_related("desk", "organisation", "handler").get(pk=case.pk)


def stopped(act_of: Any, **given: Any) -> Case:
    """A request whose clock alpha's editor has stopped."""
    case = asked()
    act_of(case, acting_user=factories.user("alpha_editor"), **given)
    return afresh(case)


@act("govplatform.cases.disclosure.identity.look_at_identity", may="alpha_editor")
def _identify() -> Doing:
    case = asked()
    return lambda who: identity.look_at_identity(case, case.desk, acting_user=who)


@act("govplatform.cases.disclosure.stopping.ask_completion", may="alpha_editor")
def _ask_completion() -> Doing:
    case = asked()
    return lambda who: stopping.ask_completion(case, acting_user=who, text="请写明年份。")


@act("govplatform.cases.disclosure.stopping.record_completion", may="alpha_editor")
def _record_completion() -> Doing:
    case = stopped(stopping.ask_completion, text="请写明年份。")
    return lambda who: stopping.record_completion(case, acting_user=who, text="2025年。")


@act("govplatform.cases.disclosure.stopping.ask_third_party", may="alpha_editor")
def _ask_third_party() -> Doing:
    case = asked()
    return lambda who: stopping.ask_third_party(case, acting_user=who, who="第三方丙", text="是否同意？")


@act("govplatform.cases.disclosure.stopping.record_opinion", may="alpha_editor")
def _record_opinion() -> Doing:
    case = stopped(stopping.ask_third_party, who="第三方丙", text="是否同意？")
    return lambda who: stopping.record_opinion(case, acting_user=who, agrees=True)


@act("govplatform.cases.disclosure.stopping.charge_fee", may="alpha_editor")
def _charge() -> Doing:
    case = asked()
    return lambda who: stopping.charge_fee(case, acting_user=who, amount="100", text="超过合理范围。")


@act("govplatform.cases.disclosure.stopping.record_payment", may="alpha_editor")
def _pay() -> Doing:
    case = stopped(stopping.charge_fee, amount="100", text="超过合理范围。")
    return lambda who: stopping.record_payment(case, acting_user=who)


@act("govplatform.cases.disclosure.delivering.open_letter", may="alpha_editor")
def _letter() -> Doing:
    case = asked("replied")
    return lambda who: delivering.open_letter(case, case.desk, acting_user=who)


@act("govplatform.cases.disclosure.delivering.record_delivery", may="alpha_editor")
def _deliver() -> Doing:
    case = asked("replied")
    return lambda who: delivering.record_delivery(case, acting_user=who, way="post")
