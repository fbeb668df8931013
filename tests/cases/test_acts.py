"""The acts on a case: who may, in which state, with which clock; and what is lost when two are at it."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.cases.actions import (
    accept_case,
    assign_case,
    close_case,
    extend_case,
    look_at_contact,
    return_case,
    take_case,
)
from govplatform.cases.clock import acceptance_due, extended_due
from govplatform.cases.kinds import Kind
from govplatform.cases.models import Case
from govplatform.cases.queries import cases_for, late_cases, to_accept, to_answer
from govplatform.cases.statistics import case_statistics
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.waiting.queries import waiting_for
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign
from sites.interaction.models import PublicReply

from .conftest import send_in
from .test_life import cleared, handed_in, person


def afresh(case):
    return Case.objects.select_related("desk", "organisation", "handler").get(pk=case.pk)


def assigned(**given):
    case = send_in(**given).case
    accept_case(case, acting_user=person("alpha_clerk"))
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    return afresh(case)


def test_the_second_clerk_is_told_who_was_first(desk):
    seen_by_both = send_in().case
    accept_case(seen_by_both, acting_user=person("alpha_clerk"))
    with pytest.raises(Refused, match="已受理，待交办”（最近由 甲受理 受理）"):
        accept_case(seen_by_both, acting_user=person("alpha_clerk"))


def test_nobody_answers_what_was_passed_on_meanwhile(desk):
    seen = assigned()
    assign(seen, get_tenant("alpha"), acting_user=person("alpha_clerk"))
    with pytest.raises(Refused):
        answer_case(seen, "答复", acting_user=person("beta_editor"))
    with tenant_context(get_tenant("beta")):
        assert not PublicReply.objects.exists()
    assert afresh(seen).state == "assigned"


def test_what_is_in_review_is_not_passed_on(desk):
    case, _page = handed_in()
    with pytest.raises(Refused, match="答复审查中"):
        assign(case, get_tenant("alpha"), acting_user=person("alpha_clerk"))


def test_a_site_that_is_gone_gives_its_cases_back_to_the_clerk(desk):
    case, _page = handed_in()
    waiting = assigned()
    assert not to_accept(Tenant.objects.all()).exists()
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.RETIRED)
    assert {one.pk for one in to_accept(Tenant.objects.all())} == {case.pk, waiting.pk}
    with pytest.raises(Refused, match="不在运行中"):
        assign_case(afresh(waiting), get_tenant("beta"), acting_user=person("alpha_clerk"))
    assign(afresh(case), get_tenant("alpha"), acting_user=person("alpha_clerk"))
    assert {one.pk for one in to_answer(Tenant.objects.filter(code="alpha"))} == {case.pk}


def test_a_site_without_a_place_for_answers_is_given_none(db):
    case = send_in().case
    accept_case(case, acting_user=person("alpha_clerk"))
    with pytest.raises(Refused, match="没有公开的“咨询投诉”栏目"):
        assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))


def test_returned_extended_and_closed_with_reasons(desk):
    case = assigned()
    before = case.due_at
    with pytest.raises(Refused, match="理由"):
        extend_case(case, acting_user=person("beta_editor"), reason=" ")
    extend_case(case, acting_user=person("beta_editor"), reason="需要现场勘查")
    case = afresh(case)
    assert case.due_at > before and case.extended
    with pytest.raises(Refused, match="已经延期一次"):
        extend_case(case, acting_user=person("alpha_clerk"), reason="再等等")
    return_case(case, acting_user=person("beta_editor"), reason="属市城管局职责")
    assert (afresh(case).state, afresh(case).organisation) == ("accepted", None)
    close_case(afresh(case), acting_user=person("alpha_clerk"), reason="与另一件重复")
    case = afresh(case)
    assert (case.state, case.closing_reason) == ("closed", "与另一件重复")
    assert [step.act for step in case.steps.all()] == [
        "submitted", "accepted", "assigned", "extended", "returned", "closed",
    ]  # fmt: skip


def test_roles_are_kept_apart(desk, subtests):
    case = assigned(phone="0000-0000001")
    acts = {
        "accept": lambda user: accept_case(case, acting_user=user),
        "assign": lambda user: assign_case(case, get_tenant("alpha"), acting_user=user),
        "close": lambda user: close_case(case, acting_user=user, reason="理由"),
        "take": lambda user: take_case(case, acting_user=user),
        "return": lambda user: return_case(case, acting_user=user, reason="理由"),
        "extend": lambda user: extend_case(case, acting_user=user, reason="理由"),
        "answer": lambda user: answer_case(case, "答复", acting_user=user),
        "look": lambda user: look_at_contact(case, get_tenant("beta"), acting_user=user),
    }
    others = ("alpha_editor", "beta_content", "beta_secret", "beta_admin", "beta_auditor", "operator", "outsider")
    for name, act in acts.items():
        for username in (*others, "beta_clerk"):
            with subtests.test(f"{name} by {username}"), pytest.raises(Refused):
                act(person(username))
    assert afresh(case).state == "assigned"
    assert [one.number for one in cases_for(person("supervisor"))] == [case.number]
    assert not cases_for(person("outsider")).exists() and not cases_for(person("beta_clerk")).exists()


def test_what_waits_is_said_without_a_word_of_it(desk):
    case = send_in(title="不该出现的标题").case
    [matters] = [g.matters for g in waiting_for(person("alpha_clerk")) if g.kind.code == "letter"]
    assert [matter.title for matter in matters] == [f"{case.number} 咨询"]
    assert all(group.kind.code != "letter" for group in waiting_for(person("beta_editor")))


@pytest.mark.parametrize(
    ("came", "due"),
    [
        # the days around New Year 2026: 1 to 3 January are days off, Sunday 4 January is made up for
        (datetime(2025, 12, 30, 8, tzinfo=UTC), (2026, 1, 4)),
        # a Friday: the weekend does not count
        (datetime(2026, 3, 6, 8, tzinfo=UTC), (2026, 3, 10)),
        # the night before National Day 2025: 1 to 8 October are days off, Saturday 11 October is made up for
        (datetime(2025, 9, 30, 15, tzinfo=UTC), (2025, 10, 10)),
    ],
)
def test_the_clock_counts_working_days(desk, came, due):
    end = acceptance_due(Kind.CONSULTATION, desk, came)
    assert (end.year, end.month, end.day) == due


def test_an_extension_begins_where_the_limit_ends(desk):
    case = Case(kind=Kind.HELP, desk=desk, due_at=acceptance_due(Kind.HELP, desk, datetime(2026, 3, 6, 8, tzinfo=UTC)))
    assert extended_due(case).date().isoformat() == "2026-03-24"


def test_what_is_late_is_found_and_counted(desk):
    late, other = assigned(), assigned(kind="help")
    Case.objects.filter(pk=late.pk).update(due_at=datetime(2026, 1, 5, tzinfo=UTC))
    assert [one.pk for one in late_cases(Case.objects.all())] == [late.pk]
    case, page = handed_in(kind="report")
    cleared(page)
    counted = case_statistics(site=get_tenant("beta"))
    assert counted["by_kind"] == {
        "consultation": {"received": 1, "answered": 0, "published": 0},
        "help": {"received": 1, "answered": 0, "published": 0},
        "report": {"received": 1, "answered": 1, "published": 0},
    }
    assert (counted["received"], counted["answered"], counted["published"], counted["late"]) == (3, 1, 0, 1)
    assert counted["by_organisation"]["beta"]["received"] == 3 and counted["average_days"] == 0
    assert case_statistics(year=2020)["received"] == 0 and other.pk and case.pk


def test_a_private_answer_is_not_shown_past_the_product_either(desk):
    _case, page = handed_in(kind="report")
    page = cleared(page)
    with tenant_context(get_tenant("beta")):
        with pytest.raises(DatabaseError, match="never public"), transaction.atomic():
            Page.objects.filter(pk=page.pk).update(
                live=True, live_revision_id=page.latest_revision_id, first_published_at=timezone.now()
            )
        page.live = True
        with pytest.raises(Refused, match="只答复来信人本人"):
            page.save()


def test_who_took_it_up_is_not_passed_over(desk):
    case = assigned()
    take_case(case, acting_user=person("beta_editor2"))
    with pytest.raises(Refused, match="请先接办"):
        answer_case(afresh(case), "答复", acting_user=person("beta_editor"))
    take_case(afresh(case), acting_user=person("beta_editor"))
    answer_case(afresh(case), "答复", acting_user=person("beta_editor"))
    assert afresh(case).handler == User.objects.get(username="beta_editor")


def test_an_answer_is_made_by_answering_alone(desk, console):
    case, page = handed_in()
    editor = console("beta_editor", "beta")
    with tenant_context(get_tenant("beta")):
        column = page.get_parent()
        for kind in ("publicreply", "privatereply"):
            assert editor.get(f"/admin/pages/add/interaction/{kind}/{column.pk}/").status_code in (302, 403, 404)
        copied = page.copy(update_attrs={"slug": "copied"}, keep_live=False)
        assert copied.case_number == ""
        assert "没有对应的来信" in "".join(copied.reasons_against_submitting())
    assert afresh(case).state == "in_review"
