"""Letters of citizens; on site alpha, which takes in and answers."""

from typing import Any

from django_tenants.utils import tenant_context

from govplatform.cases import abuse, actions, attachments, export, joining, opinions, passing_on, saved_replies, units
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case, Unit
from govplatform.cases.retention import holds
from govplatform.review.gate.scans import scan_now
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.interaction import consulting
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign
from sites.interaction.question_base import draft_question
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


def public_letter() -> Case:
    """A letter with a public answer of alpha."""
    case = letter("assigned")
    page = answer_case(case, "已经修好。", acting_user=factories.user("alpha_editor"))
    with tenant_context(case.desk):
        scan_now(page, acting_user=factories.user("alpha_editor"))
        for reviewer in ("alpha_content", "alpha_secret"):
            factories.approve(page, reviewer)
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


@act("govplatform.cases.attachments.open_attachment", may="alpha_clerk")
def _open() -> Doing:
    case = letter("assigned")
    attachments.keep_files(case, attachments.read_files([attachments.SentFile("图.png", b"\x89PNG\r\n\x1a\n")]))
    case.attachments.update(state="checked")
    return lambda who: attachments.open_attachment(case, 1, case.desk, acting_user=who)


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


def asked() -> tuple[Case, Unit]:
    """A letter that alpha answers, about which the one unit in its register was asked."""
    case = letter("assigned")
    clerk = factories.user("alpha_clerk")
    unit = units.add_unit(case.desk, "供电营业所", acting_user=clerk)
    opinions.ask_opinion(case, unit, acting_user=clerk)
    return case, unit


@act("govplatform.cases.units.add_unit", may="alpha_clerk")
def _add_unit() -> Doing:
    desk = get_tenant("alpha")
    return lambda who: units.add_unit(desk, "供电营业所", acting_user=who)


@act("govplatform.cases.units.close_unit", may="alpha_clerk")
def _close_unit() -> Doing:
    unit = units.add_unit(get_tenant("alpha"), "供电营业所", acting_user=factories.user("alpha_clerk"))
    return lambda who: units.close_unit(unit, acting_user=who)


@act("govplatform.cases.opinions.ask_opinion", may="alpha_editor")
def _ask() -> Doing:
    case = letter("assigned")
    return lambda who: opinions.ask_opinion(case, get_tenant("beta"), acting_user=who)


@act("sites.interaction.consulting.ask_for_opinion", may="alpha_clerk")
def _ask_by_name() -> Doing:
    case = letter("assigned")
    return lambda who: consulting.ask_for_opinion(case, "beta", "", acting_user=who)


@act("govplatform.cases.opinions.recall_opinion", may="alpha_clerk")
def _recall() -> Doing:
    case, _unit = asked()
    opinion = case.opinions.select_related("case__desk", "case__organisation").get()
    return lambda who: opinions.recall_opinion(opinion, acting_user=who)


@act("sites.interaction.consulting.recall", may="alpha_editor")
def _recall_by_name() -> Doing:
    case, unit = asked()
    return lambda who: consulting.recall(case, f"unit:{unit.name}", acting_user=who)


@act("govplatform.cases.opinions.give_opinion", may="beta_editor")
def _give() -> Doing:
    case = letter("assigned")
    opinions.ask_opinion(case, get_tenant("beta"), acting_user=factories.user("alpha_clerk"))
    return lambda who: opinions.give_opinion(case, get_tenant("beta"), "同意。", acting_user=who)


@act("govplatform.cases.saved_replies.save_reply", may="alpha_editor")
def _save_reply() -> Doing:
    site = get_tenant("alpha")
    return lambda who: saved_replies.save_reply(site, "谢谢", "感谢来信。", acting_user=who)


@act("govplatform.cases.saved_replies.delete_reply", may="alpha_editor")
def _delete_reply() -> Doing:
    site = get_tenant("alpha")
    saved = saved_replies.save_reply(site, "谢谢", "感谢来信。", acting_user=factories.user("alpha_editor"))
    return lambda who: saved_replies.delete_reply(saved, acting_user=who)


@act("govplatform.cases.export.export_cases", may="alpha_clerk")
def _export() -> Doing:
    case = letter()
    return lambda who: export.export_cases(Case.objects.filter(pk=case.pk), case.desk, "csv", acting_user=who)


@act("govplatform.cases.passing_on.pass_desk_on", may="supervisor")
def _pass_desk_on() -> Doing:
    beta = get_tenant("beta")
    submit_case(read_letter("help", "路灯", "坏了。", may_publish=True), beta, nonce=new_nonce(), desk=beta)
    Tenant.objects.filter(pk=beta.pk).update(status=Tenant.Status.RETIRING)
    to = get_tenant("alpha")
    return lambda who: passing_on.pass_desk_on(get_tenant("beta"), to, acting_user=who, reason="并入市门户")


@act("govplatform.cases.retention.holds.hold_data", may="supervisor")
def _hold() -> Doing:
    case = letter()
    return lambda who: holds.hold_data(case, acting_user=who, reason="行政诉讼")


@act("govplatform.cases.retention.holds.release_data", may="supervisor")
def _release() -> Doing:
    case = letter()
    holds.hold_data(case, acting_user=factories.user("supervisor"), reason="行政诉讼")
    return lambda who: holds.release_data(case, acting_user=who, reason="已结案")


@act("sites.interaction.question_base.draft_question", may="alpha_editor")
def _draft_question() -> Doing:
    case = public_letter()
    return lambda who: draft_question(case, acting_user=who)
