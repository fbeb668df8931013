"""What a sender is told by mail on the way: accepted, extended, to be completed, to be paid; where the link leads."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from govplatform.cases.actions import accept_case, close_case, extend_case
from govplatform.cases.disclosure.stopping import ask_completion, ask_third_party, charge_fee, complete_by_sender
from govplatform.cases.joining import join_case
from govplatform.cases.models import Case, ClockStop
from govplatform.consequences.models import Consequence
from govplatform.consequences.running import run_row
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case

from .conftest import send_in
from .test_acts import afresh, assigned
from .test_bad_days import no_mail_server
from .test_disclosure import ADDRESS, NAME, asked, editor, handled
from .test_life import person

__all__ = ["no_mail_server"]
EMAIL = "somebody@example.com"


@pytest.fixture
def mailed(settings):
    """``mailed()``: the subjects of the mails that waited and are sent now."""
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def send():
        mail.outbox.clear()
        for row in waiting():
            assert run_row(row.pk)
        return [one.subject for one in mail.outbox]

    return send


def waiting():
    return Consequence.objects.filter(line__contains="mail_", state="ready").order_by("pk")


def test_a_sender_is_told_of_acceptance_and_extension(desk, citizen, mailed):
    case = send_in(email=EMAIL, phone="0000-0000001", name="来信人").case
    accept_case(case, acting_user=person("alpha_clerk"))
    assert mailed() == [f"来信 {case.number} 已受理"]
    [told] = mail.outbox
    assert told.to == [EMAIL] and "http://alpha.localhost:8000/interaction/ask/" in told.body
    for hidden in (case.title, case.text, "来信人", "0000-0000001", EMAIL):
        assert hidden not in told.subject + told.body
    extend_case(afresh(case), acting_user=person("alpha_clerk"), reason="情况复杂")
    assert mailed() == [f"来信 {case.number} 延期答复"]
    assert "情况复杂" not in mail.outbox[0].body
    close_case(afresh(case), acting_user=person("alpha_clerk"), reason="重复来信")
    assert mailed() == [f"来信 {case.number} 已办结"]


def test_nobody_without_an_address_is_written_to(desk):
    accept_case(send_in(phone="0000-0000001").case, acting_user=person("alpha_clerk"))
    accept_case(send_in().case, acting_user=person("alpha_clerk"))
    assert not waiting().exists()


def test_an_applicant_is_told_what_waits_for_them_and_until_when(desk, mailed):
    case = asked(email=EMAIL)
    accept_case(case, acting_user=person("alpha_clerk"))
    assert mailed() == [f"申请 {case.number} 已确认收到"]
    stop = ask_completion(afresh(case), acting_user=person("alpha_clerk"), text="请写明合同的年份。")
    assert mailed() == [f"申请 {case.number} 需要补正"]
    body = mail.outbox[0].body
    assert f"{timezone.localtime(stop.until):%Y-%m-%d}" in body and "/interaction/ask/" in body
    for hidden in ("年份", case.title, case.text, NAME, ADDRESS):
        assert hidden not in body
    complete_by_sender(afresh(case), "2025年的。")
    extend_case(afresh(case), acting_user=person("alpha_clerk"), reason="卷宗较多", consent="负责人丁")
    assert mailed() == [f"申请 {case.number} 延期答复"]
    assert "负责人丁" not in mail.outbox[0].body


def test_of_a_fee_and_of_no_third_party(desk, mailed):
    case, other = handled(email=EMAIL), handled(email=EMAIL)
    mailed()
    charge_fee(case, acting_user=editor(), amount="120.50", text="超过规定件数")
    assert mailed() == [f"申请 {case.number} 需要缴费"]
    assert "120.5" not in mail.outbox[0].body and "超过" not in mail.outbox[0].body
    ask_third_party(other, acting_user=editor(), who="虚构公司", text="是否同意公开？")
    assert mailed() == []


def test_a_mail_that_waited_too_long_tells_nothing_that_is_over(desk, mailed):
    case, closed = asked(email=EMAIL), send_in(email=EMAIL).case
    accept_case(case, acting_user=person("alpha_clerk"))
    mailed()
    ask_completion(afresh(case), acting_user=person("alpha_clerk"), text="请写明年份。")
    complete_by_sender(afresh(case), "2025年的。")
    accept_case(closed, acting_user=person("alpha_clerk"))
    close_case(afresh(closed), acting_user=person("alpha_clerk"), reason="重复来信")
    assert mailed() == [f"来信 {closed.number} 已办结"]
    # As when its term went by while the mail server was away.
    late = handled(email=EMAIL)
    mailed()
    charge_fee(late, acting_user=editor(), amount="10", text="超过规定件数")
    ClockStop.objects.filter(case=late).update(until=timezone.now() - timedelta(days=1))
    assert mailed() == []


def test_a_letter_that_is_joined_is_accepted_or_answered_with_one_mail(desk, mailed):
    first, second, third = (send_in(email=EMAIL).case for _one in range(3))
    accept_case(first, acting_user=person("alpha_clerk"))
    mailed()
    join_case(second, afresh(first), acting_user=person("alpha_clerk"))
    assert mailed() == [f"来信 {second.number} 已受理"]
    Case.objects.filter(pk=first.pk).update(state="replied", answer="已修好。", ended_at=timezone.now())
    join_case(third, afresh(first), acting_user=person("alpha_clerk"))
    assert f"来信 {third.number} 已办结" in mailed()
    assert not any("已受理" in one.subject for one in mail.outbox)


def test_without_a_mail_server_the_act_is_done_and_the_mail_waits(desk, settings, no_mail_server):
    case = send_in(email=EMAIL).case
    accept_case(case, acting_user=person("alpha_clerk"))
    assert afresh(case).state == "accepted"
    [row] = waiting()
    assert not run_row(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("ready", 1) and row.next_at > timezone.now()
    assert row.error and "somebody" not in row.error
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run_row(row.pk)
    assert [one.to for one in mail.outbox] == [[EMAIL]]


def test_under_another_key_the_act_is_done_and_the_mail_waits(desk, settings, tmp_path, mailed):
    case, right = send_in(email=EMAIL).case, settings.CASES_KEY_FILE
    settings.CASES_KEY_FILE = tmp_path / "another"
    accept_case(case, acting_user=person("alpha_clerk"))
    close_case(afresh(case), acting_user=person("alpha_clerk"), reason="重复来信")
    rows = list(waiting())
    assert len(rows) == 2 and not run_row(rows[1].pk)
    settings.CASES_KEY_FILE = right
    assert mailed() == [f"来信 {case.number} 已办结"]


@pytest.mark.parametrize("gone", [{"status": "retired"}, {"status": "offline"}, {"moved_into": "alpha"}])
def test_where_the_site_is_away_the_link_leads_to_the_desk(desk, citizen, mailed, gone):
    case = send_in("beta", email=EMAIL).case
    Case.objects.filter(pk=case.pk).update(desk=get_tenant("alpha"))
    if "moved_into" in gone:
        gone = {"moved_into": get_tenant(gone["moved_into"])}
    accept_case(afresh(case), acting_user=person("alpha_clerk"))
    Tenant.objects.filter(code="beta").update(**gone)
    assert mailed() == [f"来信 {case.number} 已受理"]
    assert "http://alpha.localhost:8000/interaction/ask/" in mail.outbox[0].body
    assert get_tenant("beta").full_name in mail.outbox[0].body
    assert citizen("alpha").get("/interaction/ask/").status_code == 200


def test_an_answer_in_review_may_be_extended_and_is_told(desk, mailed):
    case = assigned(email=EMAIL)
    mailed()
    answer_case(case, "三日内修好。", acting_user=person("beta_editor"))
    extend_case(afresh(case), acting_user=person("alpha_clerk"), reason="情况复杂")
    assert mailed() == [f"来信 {case.number} 延期答复"]
