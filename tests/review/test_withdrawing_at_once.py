"""A supervisor takes a page down at once; somebody else says afterwards whether that was right."""

import pytest

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status
from govplatform.review.models import Withdrawal, WithdrawalConfirmation
from govplatform.review.submission.actions import withdraw_page
from govplatform.review.submission.followups import confirm_withdrawal, open_followups
from tests.factories import draft_article, user

from .reviewers import supervisor


@pytest.fixture
def taken_down(alpha, live):
    """(page, withdrawal): by the supervisor, at once."""
    page = live("article")
    return page, withdraw_page(page, acting_user=user("supervisor"), reason="附件泄密。", break_glass=True)


def test_it_comes_down_and_waits_for_its_confirmation(alpha, taken_down):
    page, withdrawal = taken_down
    page.refresh_from_db()
    assert not page.live
    assert withdrawal.break_glass
    assert withdrawal.confirm_by > withdrawal.withdrawn_at
    assert Entry.objects.filter(chain=alpha.schema_name, act="page.withdraw_at_once").exists()
    for who in ("alpha_content", "alpha_secret", "both_content", "supervisor"):
        assert [item.number for item in open_followups(user(who))] == [withdrawal.pk], who
    for who in ("alpha_editor", "beta_content", "operator"):
        assert open_followups(user(who)) == [], who


@pytest.mark.parametrize("confirm", [True, False])
@pytest.mark.parametrize("who", ["alpha_secret", "second_supervisor"])
def test_somebody_else_confirms_or_contests_it(taken_down, who, confirm):
    supervisor("second_supervisor")
    page, withdrawal = taken_down
    confirmation = confirm_withdrawal(withdrawal, acting_user=user(who), confirm=confirm, opinion="已核对。")
    assert confirmation.verdict == ("confirmed" if confirm else "contested")
    assert open_followups(user("alpha_content")) == []
    assert page_status(type(page).objects.get(pk=page.pk)) == "withdrawn"
    with pytest.raises(Refused, match="已经有人"):
        confirm_withdrawal(withdrawal, acting_user=user("alpha_content"), confirm=True, opinion="再确认。")


@pytest.mark.parametrize("who", ["supervisor", "alpha_editor", "alpha_admin", "operator", "beta_content"])
def test_who_may_not_confirm(taken_down, who):
    _page, withdrawal = taken_down
    with pytest.raises(Refused):
        confirm_withdrawal(withdrawal, acting_user=user(who), confirm=True, opinion="已核对。")
    assert not WithdrawalConfirmation.objects.exists()


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "operator", "alpha_content", "outsider"])
def test_nobody_but_a_supervisor_withdraws_at_once(alpha, live, who):
    with pytest.raises(Refused, match="监管员"):
        withdraw_page(live("article"), acting_user=user(who), reason="x", break_glass=True)
    assert not Withdrawal.objects.exists()


def test_a_supervisor_needs_a_reason_and_a_live_page(alpha, live):
    with pytest.raises(Refused, match="理由"):
        withdraw_page(live("article"), acting_user=user("supervisor"), reason=" ", break_glass=True)
    with pytest.raises(Refused, match="没有发布"):
        withdraw_page(draft_article(), acting_user=user("supervisor"), reason="x", break_glass=True)


def test_a_reviewer_s_own_withdrawal_needs_no_confirmation(alpha, live):
    withdrawal = withdraw_page(live("article"), acting_user=user("alpha_content"), reason="来源有误。")
    assert not withdrawal.break_glass
    with pytest.raises(Refused, match="无需确认"):
        confirm_withdrawal(withdrawal, acting_user=user("alpha_secret"), confirm=True, opinion="x")
