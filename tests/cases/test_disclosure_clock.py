"""The clock of a request for information: it stands still, begins anew, is extended once."""

import re

import pytest

from govplatform.cases.actions import accept_case, extend_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.disclosure.deciding import reasons_against_decision
from govplatform.cases.disclosure.intake import read_request, submit_request
from govplatform.cases.disclosure.stopping import (
    ask_completion,
    ask_third_party,
    charge_fee,
    complete_by_sender,
    record_completion,
    record_opinion,
    record_payment,
)
from govplatform.cases.models import CaseStep, ClockStop
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case

from .conftest import as_form, form_of
from .requested import (
    ASK,
    GIVEN,
    afresh,
    assert_nowhere,
    at,
    day,
    decided,
    editor,
    handled,
)
from .test_life import person


def test_a_third_party_takes_time_that_is_not_the_organs(desk):
    # The national holiday of 2025 is from October 1 to 8, with Saturdays of work on September 28 and October 11.
    with at("2025-09-22T02:00"):
        case = handled()
    assert day(case) == "2025-10-24"
    with at("2025-09-26T02:00"):
        ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意公开？")
    stop = ClockStop.objects.get(case=case)
    # 15 working days: September 28 to 30, October 9 to 11, 13 to 17, 20 to 23; 16 were left.
    assert (f"{stop.until.astimezone():%Y-%m-%d}", stop.left) == ("2025-10-23", 16)
    assert day(afresh(case)) == "2025-11-14"
    with at("2025-10-10T02:00"), pytest.raises(Refused, match="正在等待"):
        decided(case)
    with at("2025-10-10T02:00"):
        record_opinion(afresh(case), acting_user=editor(), agrees=False, text="商业秘密。")
    # Five of the 16 had gone by: 16 working days from October 11 on.
    assert day(afresh(case)) == "2025-10-31"
    assert_nowhere("第三方丙")


def test_a_third_party_that_says_nothing_stops_it_no_longer_than_its_term(desk):
    with at("2025-09-22T02:00"):
        case = handled()
    with at("2025-09-26T02:00"):
        ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意公开？")
    with at("2025-11-05T02:00"):
        record_opinion(afresh(case), acting_user=editor(), agrees=True)
        assert day(afresh(case)) == "2025-11-14" and not afresh(case).is_late


def test_an_opinion_that_comes_too_late_takes_no_extension_back(desk):
    with at("2025-09-22T02:00"):
        case = handled()
    with at("2025-09-26T02:00"):
        ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意公开？")
    with at("2025-10-28T02:00"):
        extend_case(afresh(case), acting_user=editor(), reason="卷宗较多", consent="负责人丁")
        extended = day(afresh(case))
        record_opinion(afresh(case), acting_user=editor(), agrees=True)
        assert day(afresh(case)) == extended > "2025-11-14"


def test_whoever_asks_on_the_last_day_can_still_answer_in_time(desk):
    with at("2025-09-22T02:00"):
        case = handled()
    with at("2025-10-24T02:00"):
        ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意公开？")
    stop = ClockStop.objects.get(case=case)
    assert stop.left == 0 and afresh(case).due_at > stop.until
    # November 1 is a Saturday: the limit is the next working day's end.
    with at("2025-11-01T02:00"):
        record_opinion(afresh(case), acting_user=editor(), agrees=True)
    assert day(afresh(case)) == "2025-11-03"


def test_what_is_completed_begins_the_limit_anew_over_the_new_year(desk):
    with at("2025-12-15T02:00"):
        case = handled()
    with at("2025-12-22T02:00"):
        ask_completion(case, acting_user=editor(), text="请写明合同的年份。")
        with pytest.raises(Refused, match="一次性"):
            record_completion(afresh(case), acting_user=editor(), text="2024年。")
            ask_completion(afresh(case), acting_user=editor(), text="再补。")
    # January 1 and 2 are holidays, January 4 is a Sunday of work.
    assert day(afresh(case)) == "2026-01-20"


def test_completing_is_asked_in_time_and_once(desk, citizen):
    with at("2025-12-15T02:00"):
        case = handled()
    with at("2025-12-25T02:00"), pytest.raises(Refused, match=r"7 个工作日.*已过"):
        ask_completion(case, acting_user=editor(), text="请写明年份。")


def test_the_applicant_completes_it_with_number_and_code(desk, citizen):
    taken = submit_request(read_request(GIVEN), get_tenant("alpha"), nonce=new_nonce())
    case, client = taken.case, citizen("alpha")
    accept_case(case, acting_user=person("alpha_clerk"))
    who = {"number": case.number, "code": taken.query_code}

    def status():
        return client.post(ASK, **as_form(form_of(client.get(ASK)) | who))

    assert 'name="added"' not in status().content.decode()
    ask_completion(afresh(case), acting_user=person("alpha_clerk"), text="请写明合同的年份。")
    shown = status()
    assert "请写明合同的年份。" in shown.content.decode() and 'name="added"' in shown.content.decode()
    token = re.findall(r'name="token" value="([^"]+)"', shown.content.decode())[-1]
    fields = {"act": "add", "number": case.number, "token": token, "added": "2025年的。"}
    for _twice in range(2):
        assert "补正已收到" in client.post(ASK, **as_form(fields)).content.decode()
    stop = ClockStop.objects.get(case=case)
    assert (stop.outcome, CaseStep.objects.filter(case=case, act="completed").count()) == ("completed", 1)
    assert afresh(case).supplement.text == "2025年的。"
    with pytest.raises(Refused, match="不需要补正"):
        complete_by_sender(afresh(case), "还有。")


def test_a_request_that_was_not_completed_or_paid_is_decided_after_its_term(desk):
    with at("2026-03-02T02:00"):
        case, other = handled(), handled()
        ask_completion(case, acting_user=editor(), text="请写明年份。")
        for wrong in ("0", "-1", "1.234", "NaN", "1e9", "x", ""):
            with pytest.raises(Refused, match="金额"):
                charge_fee(other, acting_user=editor(), amount=wrong, text="超过合理范围。")
        charge_fee(other, acting_user=editor(), amount="100.50", text="超过合理范围。")
        for one, decision in ((case, "not_completed"), (other, "not_paid")):
            assert reasons_against_decision(one, decision)
            with pytest.raises(Refused, match="正在等待"):
                answer_case(afresh(one), "已通知。", acting_user=editor(), decision=decision)
        record_payment(afresh(other), acting_user=editor())
        assert day(afresh(other)) == "2026-03-30"
        with pytest.raises(Refused, match="逾期未缴费"):
            answer_case(afresh(other), "已通知。", acting_user=editor(), decision="not_paid")
    # The term is over by now.
    with pytest.raises(Refused, match="补正的期限已过"):
        complete_by_sender(afresh(case), "太晚了。")
    assert decided(case, "not_completed").disclosure.decision == "not_completed"
    assert ClockStop.objects.get(case=case).outcome == "lapsed"


def test_one_extension_with_reason_and_consent(desk, console):
    with at("2026-03-02T02:00"):
        case = handled()
        first = afresh(case).due_at
    handler = console("beta_editor", "beta")
    with at("2026-03-03T02:00"):
        refused = handler.post(f"/admin/cases/{case.pk}/", {"act": "extend", "reason": "卷宗较多"})
        assert "同意延期的人：请填写" in refused.content.decode() and "卷宗较多" in refused.content.decode()
        extend_case(case, acting_user=editor(), reason="卷宗较多", consent="负责人丁")
        case = afresh(case)
        assert case.extended and case.due_at > first
        assert "同意延期：负责人丁" in case.steps.get(act="extended").reason
        with pytest.raises(Refused, match="已经延期一次"):
            extend_case(case, acting_user=editor(), reason="再延", consent="负责人丁")
