"""A handler who lost role or account: somebody else takes the letter up, also while and after it is reviewed."""

import pytest

from govplatform.accounts.actions import deactivate_user
from govplatform.accounts.models import Membership
from govplatform.audit.models import Entry
from govplatform.cases.actions import look_at_contact, take_case
from govplatform.cases.disclosure.delivering import open_letter
from govplatform.cases.disclosure.identity import look_at_identity
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case
from tests.verbs import call_verb

from .requested import NAME, afresh, decided, editor, handled
from .test_acts import afresh as letter_afresh
from .test_acts import assigned
from .test_life import cleared, handed_in, person


def role_lost(name):
    Membership.objects.filter(user__username=name, tenant__code="beta").delete()


def second():
    return person("beta_editor2")


def test_who_lost_the_role_sees_no_contact_and_a_colleague_goes_on(desk, console):
    case = take_case(assigned(phone="0000-0000001"), acting_user=editor())
    deactivate_user(editor(), reason="调离", acting_user=None)
    screen = console("beta_editor2", "beta")
    assert "已离任" in screen.get("/admin/cases/").content.decode()
    shown = screen.get(f"/admin/cases/{case.pk}/").content.decode()
    assert "办理人 乙编辑 已离任" in shown
    with pytest.raises(Refused, match="乙编辑 已离任。要由你答复，请先接办"):
        answer_case(letter_afresh(case), "答复", acting_user=second())
    screen.post(f"/admin/cases/{case.pk}/", {"act": "take"})
    assert "0000-0000001" in screen.post(f"/admin/cases/{case.pk}/", {"act": "look"}).content.decode()
    with pytest.raises(Refused):
        look_at_contact(letter_afresh(case), get_tenant("beta"), acting_user=editor())
    step = case.steps.get(act="taken", person=second())
    assert "乙编辑" in step.reason and "已离任" in step.reason
    entry = Entry.objects.filter(act="case.taken", chain=get_tenant("beta").schema_name).order_by("-pk")[0]
    assert "已离任" in entry.detail["reason"]
    assert "已离任" not in screen.get("/admin/cases/").content.decode()


def test_what_waits_in_review_is_taken_up_after_one_who_left_alone(desk):
    case, page = handed_in(phone="0000-0000001")
    with pytest.raises(Refused, match="离任以后"):
        take_case(letter_afresh(case), acting_user=second())
    role_lost("beta_editor")
    with pytest.raises(Refused, match=r"不是“.*”的编辑"):
        take_case(letter_afresh(case), acting_user=person("alpha_editor"))
    take_case(letter_afresh(case), acting_user=second())
    assert letter_afresh(case).state == "in_review"
    assert look_at_contact(letter_afresh(case), get_tenant("beta"), acting_user=second()).phone == "0000-0000001"
    with pytest.raises(Refused):
        look_at_contact(letter_afresh(case), get_tenant("beta"), acting_user=person("beta_editor"))
    cleared(page)
    assert (letter_afresh(case).state, letter_afresh(case).handler) == ("replied", second())


def test_the_letter_of_a_decision_is_made_by_whoever_follows(desk):
    case = decided(handled())
    with pytest.raises(Refused, match="离任以后"):
        take_case(afresh(case), acting_user=second())
    role_lost("beta_editor")
    with pytest.raises(Refused, match="接办"):
        open_letter(afresh(case), get_tenant("beta"), acting_user=second())
    assert call_verb("case", "take", case.number, "--as", "beta_editor2").returncode == 0
    assert open_letter(afresh(case), get_tenant("beta"), acting_user=second()).to == NAME
    with pytest.raises(Refused):
        look_at_identity(afresh(case), get_tenant("beta"), acting_user=person("beta_editor"))


def test_what_was_closed_is_taken_up_by_nobody(desk):
    case = assigned()
    letter_afresh(case)
    type(case).objects.filter(pk=case.pk).update(state="closed", handler=editor())
    role_lost("beta_editor")
    with pytest.raises(Refused, match="不能接办"):
        take_case(letter_afresh(case), acting_user=second())
