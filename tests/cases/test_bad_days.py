"""What goes wrong around letters: no mail server, a site that is away, the turn of the year, ten thousand at once."""

import socket
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from govplatform.cases.actions import accept_case, assign_case, close_case
from govplatform.cases.clock import acceptance_due
from govplatform.cases.export import export_cases
from govplatform.cases.kinds import Kind
from govplatform.cases.models import Case, CaseTally
from govplatform.cases.queries import late_cases, to_accept
from govplatform.cases.statistics import case_statistics, compare_tally
from govplatform.cases.tally import fold_tally
from govplatform.consequences.models import Consequence
from govplatform.consequences.running import run_row
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import load_rule_pack
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests.office import opened_in_office

from .conftest import as_form, form_of, send_in
from .test_acts import afresh, assigned
from .test_life import cleared, handed_in, person
from .test_the_door import numbers as numbers_of
from .test_verbs import say

__all__ = ["say"]


@pytest.fixture
def no_mail_server(settings):
    """The address of a mail server that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = probe.getsockname()
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def mails():
    return Consequence.objects.filter(line__contains="mail_sender")


def test_without_a_mail_server_the_answer_goes_and_the_mail_waits(desk, console, settings, no_mail_server):
    case, page = handed_in(email="somebody@example.com")
    cleared(page)
    assert afresh(case).state == "replied" and afresh(case).published_path
    [row] = mails()
    for attempt in (1, 2):
        assert not run_row(row.pk)
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("ready", attempt) and row.next_at > timezone.now()
    assert row.error and "somebody" not in row.error
    told = console("operator", "console").get("/admin/consequences/?which=waiting").content.decode()
    assert "通知来信人已办结" in told and "somebody" not in told
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run_row(row.pk)
    [letter] = mail.outbox
    assert letter.to == ["somebody@example.com"] and case.number in letter.body


def test_a_refused_address_stands_in_no_row_and_no_log(desk, settings, caplog):
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    close_case(send_in(email="somebody@example.com").case, acting_user=person("alpha_clerk"), reason="重复来信")
    refusal = SMTPRecipientsRefused({"somebody@example.com": (550, b"no such user somebody@example.com")})
    [row] = mails()
    with patch.object(EmailBackend, "send_messages", side_effect=refusal):
        assert not run_row(row.pk)
    row.refresh_from_db()
    assert "收件地址被拒绝" in row.error and "somebody" not in row.error + caplog.text


def test_a_site_that_is_offline_keeps_its_letters_and_their_clock(desk, citizen, console):
    case, sent = assigned(), send_in("beta")
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.OFFLINE)
    with pytest.raises(Refused, match="不在运行中"):
        assign_case(accepted(), get_tenant("beta"), acting_user=person("alpha_clerk"))
    # What it has stays with its people, who can answer; what is written on it meanwhile is told so.
    assert console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/").status_code == 200
    assert citizen("beta").get("/interaction/write/").status_code == 503
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(days=1))
    assert case.pk in late_cases(Case.objects.all()).values_list("pk", flat=True)
    assert case.pk not in to_accept(Tenant.objects.all()).values_list("pk", flat=True)
    assert sent.case.pk in to_accept(Tenant.objects.all()).values_list("pk", flat=True)


def accepted():
    return accept_case(send_in().case, acting_user=person("alpha_clerk"))


def test_the_back_button_loses_nothing_and_makes_no_second_letter(desk, citizen):
    """Back to the form that was sent, as the browser kept it: the same number, or a form that can be sent."""
    client = citizen("alpha")
    form = form_of(client.get("/interaction/write/")) | {"kind": "help", "title": "路灯", "text": "路灯坏了。"}
    first = client.post("/interaction/write/", **as_form(form))
    again = client.post("/interaction/write/", **as_form(form))
    assert numbers_of(first) == numbers_of(again)
    mended = client.post("/interaction/write/", **as_form({**form, "text": "路灯和井盖都坏了。"}))
    assert mended.status_code == 409 and "路灯和井盖都坏了。" in mended.content.decode()
    sent = form_of(mended) | {"kind": "help", "title": "路灯", "text": "路灯和井盖都坏了。"}
    assert numbers_of(client.post("/interaction/write/", **as_form(sent))) != numbers_of(first)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("came", "limit", "due"),
    [
        # over New Year: 31 December at night is the 31st in China, 1 to 3 January are days off, Sunday the 4th works
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "case_acceptance", "2026-01-05 23:59"),
        (datetime(2025, 12, 31, 16, 1, tzinfo=UTC), "case_acceptance", "2026-01-05 23:59"),
        # around the Spring Festival of 2026: Saturday the 14th is made up for, the 15th to the 23rd are days off
        (datetime(2026, 2, 13, 2, tzinfo=UTC), "case_answer", "2026-02-27 23:59"),
        (datetime(2025, 12, 31, 2, tzinfo=UTC), "error_forwarding", "2026-01-04 23:59"),
    ],
)
def test_the_clock_over_the_turn_of_a_year_and_make_up_days(came, limit, due):
    end = timezone.localtime(load_rule_pack("national").limit(limit).after(came))
    assert end.strftime("%Y-%m-%d %H:%M") == due


def test_a_number_is_of_the_year_in_china(desk):
    # 16:30 UTC on the last day of a year is half past midnight in China.
    with patch("govplatform.cases.intake.timezone.now", return_value=datetime(2025, 12, 31, 16, 30, tzinfo=UTC)):
        case = send_in().case
    assert case.number.startswith("2026")
    assert case.accept_due == acceptance_due(Kind.CONSULTATION, desk, case.submitted_at)
    told = case_statistics(year=2026)
    assert told["received"] == 1 and told["by_month"] == {"2026-01": {"received": 1, "answered": 0, "published": 0}}
    assert case_statistics(year=2025)["received"] == 0


def test_ten_thousand_letters_of_one_sentence(desk, console, subtests):
    """By SQL, as they would lie there: lists, numbers and the screen read a page of them, not all."""
    one = send_in(title="同一句话", text="同一句话。").case
    names = [field.column for field in Case._meta.concrete_fields if field.column != "id"]
    own = {"number": "'2026' || lpad((90000000 + n)::text, 8, '0')", "token": "md5(n::text) || md5('t')"}
    columns, values = ", ".join(names), ", ".join(own.get(name, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case ({columns}) SELECT {values} FROM cases_case, generate_series(1, 9999) AS n"
            f" WHERE id = {one.pk}"
        )
    clerk = console("alpha_clerk", "alpha")
    for address in ("/admin/cases/", "/admin/cases/?show=all&page=200", "/admin/cases/?show=late", "/admin/"):
        with subtests.test(address), CaptureQueriesContext(connection) as asked:
            assert clerk.get(address).status_code == 200
            assert len(asked) < 40
    with subtests.test("numbers"), CaptureQueriesContext(connection) as asked:
        assert case_statistics()["received"] == 10_000
        assert len(asked) <= 4
    fold_tally()
    assert CaseTally.objects.count() == 1 and compare_tally() == []


def test_numbers_are_kept_with_every_act(desk, say):
    """Whatever an act changes, the kept numbers are those of the letters themselves, also put together in between."""
    case, page = handed_in()
    cleared(page)
    close_case(send_in(kind="complaint").case, acting_user=person("alpha_clerk"), reason="重复来信")
    assigned()
    assert compare_tally() == []
    fold_tally()
    Case.objects.filter(pk=case.pk).update(organisation=get_tenant("alpha"), kind="help")
    assert compare_tally() == []
    before = case_statistics()
    assert before["by_kind"]["help"]["published"] == 1
    assert say("case_statistics", "--check") == {"ok": True, "faults": []}
    CaseTally.objects.update(answered=7)
    assert not say("case_statistics", "--check", status=1)["ok"]
    assert say("case_statistics", "--anew", "--check") == {"ok": True, "faults": []}
    assert case_statistics() == before


def test_an_export_opens_in_libreoffice(desk, tmp_path):
    send_in(title="=1+1", text="路灯")
    send_in(title='逗号,引号"和\n换行')
    shown = {}
    for kind in ("csv", "xlsx"):
        table = tmp_path / f"cases.{kind}"
        table.write_bytes(export_cases(Case.objects.all(), desk, kind, acting_user=person("alpha_clerk")))
        shown[kind] = opened_in_office(table)
    assert shown["csv"][0] == shown["xlsx"][0] and len(shown["csv"]) == len(shown["xlsx"]) == 3
    titles = {row[2] for row in shown["xlsx"][1:]}
    assert any("1+1" in title for title in titles) and "2" not in titles
