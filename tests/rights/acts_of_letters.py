"""Letters of citizens; on site alpha, which takes in and answers."""

from typing import Any

from govplatform.cases import abuse, actions, joining
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign
from tests import factories

from .acts import Doing, act


def letter(state: str = "submitted", **fields: Any) -> Case:
    """A letter to alpha in that state, given to alpha where it was passed on."""
    alpha = get_tenant("alpha")
    read = read_letter("help", "路灯", "路灯坏了。", may_publish=True, phone="0000-0000001")
    case = submit_case(read, alpha, nonce=new_nonce()).case
    if state != "submitted":
        create_column("letters", title="互动交流", column_type="complaints", acting_user=None)
        actions.accept_case(case, acting_user=factories.user("alpha_clerk"))
    if state == "assigned":
        actions.assign_case(case, alpha, acting_user=factories.user("alpha_clerk"))
    return Case.objects.select_related("desk", "organisation", "handler").get(pk=case.pk)


@act("govplatform.cases.actions.accept_case", may="alpha_clerk")
def _accept() -> Doing:
    case = letter()
    return lambda who: actions.accept_case(case, acting_user=who)


@act("govplatform.cases.actions.assign_case", may="alpha_clerk")
def _assign_case() -> Doing:
    case = letter("accepted")
    return lambda who: actions.assign_case(case, case.desk, acting_user=who)


@act("sites.interaction.assigning.assign", may="alpha_clerk")
def _assign() -> Doing:
    case = letter("accepted")
    return lambda who: assign(case, case.desk, acting_user=who)


@act("govplatform.cases.actions.take_case", may="alpha_editor")
def _take() -> Doing:
    case = letter("assigned")
    return lambda who: actions.take_case(case, acting_user=who)


@act("govplatform.cases.actions.return_case", may="alpha_editor")
def _return() -> Doing:
    case = letter("assigned")
    return lambda who: actions.return_case(case, acting_user=who, reason="不属本单位。")


@act("govplatform.cases.actions.extend_case", may="alpha_editor")
def _extend() -> Doing:
    case = letter("assigned")
    return lambda who: actions.extend_case(case, acting_user=who, reason="需要勘查。")


@act("govplatform.cases.actions.close_case", may="alpha_clerk")
def _close() -> Doing:
    case = letter("accepted")
    return lambda who: actions.close_case(case, acting_user=who, reason="重复。")


@act("govplatform.cases.actions.look_at_contact", may="alpha_clerk")
def _look() -> Doing:
    case = letter("assigned")
    return lambda who: actions.look_at_contact(case, case.desk, acting_user=who)


@act("sites.interaction.answering.answer_case", may="alpha_editor")
def _answer() -> Doing:
    case = letter("assigned")
    return lambda who: answer_case(case, "已经修好。", acting_user=who)


@act("govplatform.cases.joining.join_case", may="alpha_clerk")
def _join() -> Doing:
    into, case = letter("assigned"), letter()
    return lambda who: joining.join_case(case, into, acting_user=who)


@act("govplatform.cases.joining.part_case", may="alpha_clerk")
def _part() -> Doing:
    case = joining.join_case(letter(), letter("assigned"), acting_user=factories.user("alpha_clerk"))
    return lambda who: joining.part_case(case, acting_user=who)


@act("govplatform.cases.abuse.mark_abuse", may="alpha_clerk")
def _abuse() -> Doing:
    case = letter()
    return lambda who: abuse.mark_abuse(case, acting_user=who, reason="广告。")


@act("govplatform.cases.abuse.restore_case", may="alpha_clerk")
def _restore() -> Doing:
    case = abuse.mark_abuse(letter(), acting_user=factories.user("alpha_clerk"), reason="广告。")
    return lambda who: abuse.restore_case(case, acting_user=who, reason="看错了。")
