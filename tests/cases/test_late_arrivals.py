"""What comes after its term was over and noted: a completion, a third party's opinion, a fee. Never a dead end."""

import pytest
from django_tenants.utils import tenant_context

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
from govplatform.cases.models import ClockStop
from govplatform.refusals import Refused
from govplatform.review.submission.actions import take_back
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case
from tests.verbs import call_verb

from .conftest import as_form, form_of
from .requested import ASK, GIVEN, afresh, at, day, decided, editor, handled, handled_from
from .test_life import cleared

LATE = "住院治疗，附证明"


def _lapsed(ask, decision):
    """A request whose term of ``ask`` went by, with the decision that follows in review, and its page."""
    with at("2026-03-02T02:00"):
        case = handled()
        ask(case)
    with at("2026-04-20T02:00"):
        page = answer_case(afresh(case), "已通知，逾期。", acting_user=editor(), decision=decision)
    return afresh(case), page


def _not_completed():
    return _lapsed(lambda case: ask_completion(case, acting_user=editor(), text="请写明年份。"), "not_completed")


def _taken_back(page):
    with tenant_context(get_tenant("beta")):
        take_back(page, acting_user=editor())


def test_a_completion_comes_while_the_decision_is_reviewed(desk, console):
    case, page = _not_completed()
    assert ClockStop.objects.get(case=case).outcome == "lapsed"
    screen = console("beta_editor", "beta")
    address = f"/admin/cases/{case.pk}/"
    with at("2026-04-21T02:00"):
        with pytest.raises(Refused, match=r"请先.*撤回"):
            record_completion(case, acting_user=editor(), text="2025年。", reason=LATE)
        assert "请先在答复稿中撤回送审" in screen.get(address).content.decode()
        _taken_back(page)
        shown = screen.get(address).content.decode()
        assert "登记补正" in shown and 'name="reason"' in shown
        refused = screen.post(address, {"act": "completed", "note": "2025年的合同。"}).content.decode()
        assert "正当理由" in refused and "2025年的合同。" in refused
        done = screen.post(address, {"act": "completed", "note": "2025年的合同。", "reason": LATE})
        assert done.status_code == 302
        stop = ClockStop.objects.get(case=case)
        assert (stop.outcome, day(afresh(case))) == ("completed", "2026-05-21")
        assert LATE in case.steps.get(act="completed").reason
        assert reasons_against_decision(afresh(case), "not_completed")
    assert decided(case, "granted").disclosure.decision == "granted"


def test_after_the_decision_the_way_is_a_new_request(desk, citizen):
    case, page = _not_completed()
    cleared(page)
    for late in (
        lambda: record_completion(afresh(case), acting_user=editor(), text="2025年。", reason=LATE),
        lambda: complete_by_sender(afresh(case), "2025年。"),
    ):
        with pytest.raises(Refused, match=r"另.*申请"):
            late()
    assert afresh(case).disclosure.decision == "not_completed"


def test_the_applicant_is_told_whom_to_ask_when_the_term_is_over(desk, citizen):
    taken = submit_request(read_request(GIVEN), get_tenant("alpha"), nonce=new_nonce())
    with at("2026-03-02T02:00"):
        ask_completion(handled_from(taken.case), acting_user=editor(), text="请写明年份。")
    client = citizen("alpha")
    who = {"number": taken.case.number, "code": taken.query_code}
    shown = client.post(ASK, **as_form(form_of(client.get(ASK)) | who)).content.decode()
    assert "有正当理由" in shown and "/interaction/disclosure/" in shown and 'name="added"' not in shown
    with pytest.raises(Refused, match=r"有正当理由.*另交一件申请"):
        complete_by_sender(afresh(taken.case), "太晚了。")


def test_a_completion_comes_while_a_third_party_is_asked(desk):
    with at("2026-03-02T02:00"):
        case = handled()
        ask_completion(case, acting_user=editor(), text="请写明年份。")
    with at("2026-04-20T02:00"):
        ask_third_party(afresh(case), acting_user=editor(), who="第三方丙", text="是否同意？")
    with at("2026-04-21T02:00"):
        record_completion(afresh(case), acting_user=editor(), text="2025年。", reason=LATE)
        # The limit of twenty working days began anew, and stands still while the third party has time.
        assert ClockStop.objects.get(case=case, kind="third_party").left == 20
    with at("2026-04-22T02:00"):
        record_opinion(afresh(case), acting_user=editor(), agrees=True)
    assert day(afresh(case)) == "2026-05-22"


def test_a_late_opinion_is_entered_for_the_one_who_said_it(desk):
    with at("2026-03-02T02:00"):
        case = handled()
        ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意？")
    with at("2026-04-01T02:00"):
        ask_third_party(afresh(case), acting_user=editor(), who="第三方丁", text="是否同意？")
        due = afresh(case).due_at
        words = ("--as", "beta_editor", "--agrees", "yes")
        assert call_verb("case", "heard", case.number, *words, "--stop", "9").returncode == 3
        assert call_verb("case", "heard", case.number, *words, "--stop", "1").returncode == 0
        first, second = ClockStop.objects.filter(case=case)
        assert (first.outcome, second.outcome, afresh(case).due_at) == ("agreed", "", due)
        record_opinion(afresh(case), acting_user=editor(), agrees=False, text="商业秘密。")
        with pytest.raises(Refused, match="没有在等待"):
            record_opinion(afresh(case), acting_user=editor(), agrees=True)


def test_an_opinion_after_the_decision_is_told_its_remedy(desk):
    case, page = _lapsed(
        lambda case: ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意？"), "granted"
    )
    with pytest.raises(Refused, match="撤回"):
        record_opinion(afresh(case), acting_user=editor(), agrees=False, text="商业秘密。")
    cleared(page)
    with pytest.raises(Refused, match="行政复议"):
        record_opinion(afresh(case), acting_user=editor(), agrees=False, text="商业秘密。")


def test_a_late_payment_begins_the_limit_anew_with_its_reason(desk):
    case, page = _lapsed(lambda one: charge_fee(one, acting_user=editor(), amount="100", text="超过。"), "not_paid")
    _taken_back(page)
    with at("2026-04-21T02:00"):
        with pytest.raises(Refused, match="理由"):
            record_payment(afresh(case), acting_user=editor())
        words = ("--as", "beta_editor", "--reason", LATE)
        assert call_verb("case", "paid", case.number, *words).returncode == 0
        assert (ClockStop.objects.get(case=case).outcome, day(afresh(case))) == ("paid", "2026-05-21")
    case, page = _lapsed(lambda one: charge_fee(one, acting_user=editor(), amount="100", text="超过。"), "not_paid")
    cleared(page)
    with pytest.raises(Refused, match="退还"):
        record_payment(afresh(case), acting_user=editor(), reason=LATE)
