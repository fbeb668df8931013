"""What was late stays late, and nothing is answered before it was sent in."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from govplatform.cases.actions import accept_case, extend_case
from govplatform.cases.disclosure.stopping import charge_fee
from govplatform.cases.joining import join_case
from govplatform.cases.queries import late_cases
from govplatform.cases.statistics import case_statistics, compare_tally
from govplatform.refusals import Refused
from sites.interaction.answering import answer_case

from .conftest import send_in
from .requested import at, day, editor, handled
from .test_acts import afresh, assigned
from .test_life import cleared, person


def test_who_joins_an_answered_letter_is_answered_then_and_not_before(desk):
    leader = assigned()
    cleared(answer_case(leader, "由城管局维修。", acting_user=person("beta_editor")))
    answered = afresh(leader).ended_at
    with time_machine.travel(answered + timedelta(days=30)):
        other, late = send_in().case, send_in().case
        accept_case(late, acting_user=person("alpha_clerk"))
        join_case(other, leader, acting_user=person("alpha_clerk"))
    other = afresh(other)
    assert other.state == "replied" and other.ended_at >= other.submitted_at
    assert case_statistics()["average_days"] >= 0
    with time_machine.travel(answered + timedelta(days=90)):
        join_case(late, leader, acting_user=person("alpha_clerk"))
        assert afresh(late).is_late and afresh(leader).ended_at == answered
        assert case_statistics()["late"] == 1 and compare_tally() == []


def test_what_is_late_is_not_extended(desk, console):
    case = assigned()
    with time_machine.travel(afresh(case).due_at + timedelta(hours=1)):
        with pytest.raises(Refused, match="期限已过"):
            extend_case(case, acting_user=person("beta_editor"), reason="需要现场勘查")
        page = console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/").content.decode()
        assert 'value="extend"' not in page
        assert [one.pk for one in late_cases(type(case).objects.all())] == [case.pk]
    with time_machine.travel(afresh(case).due_at - timedelta(hours=1)):
        assert 'value="extend"' in console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/").content.decode()
        extend_case(case, acting_user=person("beta_editor"), reason="需要现场勘查")
    assert afresh(case).extended and timezone.now() < afresh(case).due_at


def test_a_fee_does_not_take_a_late_request_back_into_time(desk):
    with at("2025-09-22T02:00"):
        case = handled()
    due = day(case)
    with at("2025-12-01T02:00"):
        with pytest.raises(Refused, match="期限已过"):
            charge_fee(case, acting_user=editor(), amount="100", text="超出合理范围的数量。")
        assert day(afresh(case)) == due and afresh(case).is_late
