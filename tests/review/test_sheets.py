"""审查单: one page and a period, sealed, with the rows of the audit chain behind every name."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from pypdf import PdfReader

from govplatform.accounts.actions import grant_role, set_password
from govplatform.accounts.credentials.resets import decide_reset, request_reset
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.models import Decision
from govplatform.review.sheets.actions import print_sheets, seal_of
from govplatform.review.sheets.fresh_identities import marks_of
from govplatform.review.sheets.paper import as_html, as_pdf
from govplatform.review.sheets.reading import sheet_of_page, sheets_of_period
from tests import factories


@pytest.fixture
def verb(verb_inside: Any) -> Any:
    return verb_inside


def test_a_sheet_names_who_signed_and_the_row_of_the_chain(alpha: Any, live: Any) -> None:
    sheet = sheet_of_page(live("article").pk)
    assert [s.name for s in sheet.signatures] == ["甲内审（alpha_content）", "甲密审（alpha_secret）"]
    assert all(s.opinion == "同意。" and s.checklist for s in sheet.signatures)
    hashes = set(Entry.objects.filter(act="review.approved").values_list("hash", flat=True))
    assert {s.entry.split(":")[1] for s in sheet.signatures} <= hashes
    assert sheet.scanner
    assert any("甲编辑" in hand for hand in sheet.hands)


def test_what_was_found_and_how_it_ended_stands_on_the_sheet(alpha: Any) -> None:
    page = factories.live_article(
        body=[{"type": "rich_text", "value": "<p>联系人手机 13800138000，欢迎来电。</p>"}], title="联系方式"
    )
    [finding] = [f for f in sheet_of_page(page.pk).findings if f["rule"] == "mobile"]
    assert finding["verdict"] == "说明理由后保留"
    assert finding["person"] == "甲密审（alpha_secret）"
    assert "13800138000" not in finding["excerpt"]


def test_printing_is_recorded_with_the_seal(alpha: Any, live: Any) -> None:
    page = live("article")
    sheets = [sheet_of_page(page.pk)]
    printed = print_sheets(sheets, heading="审查单", acting_user=factories.user("alpha_secret"))
    entry = Entry.objects.filter(act="review.sheet").latest("number")
    assert entry.detail["seal"] == printed.seal == seal_of([sheet_of_page(page.pk)])
    assert printed.entry == f"{entry.number}:{entry.hash}"


def test_a_withdrawal_shows_on_the_sheet_and_changes_its_seal(alpha: Any, live: Any) -> None:
    from govplatform.review.submission.actions import withdraw_page

    page = live("article")
    before = seal_of([sheet_of_page(page.pk)])
    withdraw_page(page, acting_user=factories.user("alpha_secret"), reason="数字有误")
    sheet = sheet_of_page(page.pk)
    assert any("数字有误" in line for line in sheet.later)
    assert seal_of([sheet]) != before


def test_a_page_that_was_never_cleared_has_no_sheet(alpha: Any) -> None:
    with pytest.raises(Refused, match="还没有通过审查"):
        sheet_of_page(factories.draft_article().pk)


def test_a_period_holds_its_days_and_refuses_nonsense(alpha: Any, live: Any) -> None:
    page = live("article")
    today = timezone.localdate(page.first_published_at)
    assert page.title in [sheet.title for sheet in sheets_of_period(today, today)]
    assert sheets_of_period(today + timedelta(days=1), today + timedelta(days=2)) == []
    with pytest.raises(Refused, match="早于"):
        sheets_of_period(today, today - timedelta(days=1))
    with pytest.raises(Refused, match="一年"):
        sheets_of_period(today - timedelta(days=400), today)


def test_html_escapes_and_pdf_reads_back(alpha: Any) -> None:
    page = factories.live_article(title="<b>粗</b>&标题")
    printed = print_sheets([sheet_of_page(page.pk)], heading="审查单", acting_user=None)
    html = as_html(printed)
    assert "&lt;b&gt;粗" in html
    assert "<script" not in html
    assert printed.seal in html
    reader = PdfReader(io.BytesIO(as_pdf(printed)))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "甲密审" in text
    assert printed.seal in text


def test_reviewers_print_in_the_console_and_nobody_else(console: Any, live: Any, alpha: Any) -> None:
    page = live("article")
    reviewer = console("alpha_secret", "alpha")
    button = f'action="/admin/review/{page.pk}/sheet/"'
    assert button in reviewer.get(f"/admin/review/{page.pk}/").content.decode()
    assert button not in console("alpha_editor", "alpha").get(f"/admin/review/{page.pk}/").content.decode()
    answer = reviewer.post(f"/admin/review/{page.pk}/sheet/")
    assert answer.status_code == 200
    assert page.title in answer.content.decode()
    answer = reviewer.post(f"/admin/review/{page.pk}/sheet/", {"form": "pdf"})
    assert answer.content.startswith(b"%PDF")
    today = timezone.localdate(page.first_published_at).isoformat()
    answer = reviewer.post("/admin/review/sheets/", {"since": today, "until": today})
    assert page.title in answer.content.decode()
    answer = reviewer.post("/admin/review/sheets/", {"since": "2026-13-40", "until": today})
    assert "起始日期" in answer.content.decode()
    for outsider in ("alpha_admin", "alpha_editor"):
        assert console(outsider, "alpha").post(f"/admin/review/{page.pk}/sheet/").status_code in (302, 403, 404)


def test_the_verb_writes_the_file(verb: Any, live: Any, tmp_path: Path) -> None:
    page = live("article")
    out = tmp_path / "sheet.pdf"
    done = verb("review_sheet", "--site", "alpha", "--page", str(page.pk), "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sheets"] == 1
    assert out.read_bytes().startswith(b"%PDF")
    done = verb("review_sheet", "--site", "alpha", "--page", "999999", "--out", str(out), "--json")
    assert done.returncode == 3
    done = verb("review_sheet", "--site", "alpha", "--page", str(page.pk), "--out", str(tmp_path / "x.doc"))
    assert done.returncode == 2
    day = timezone.localdate(page.first_published_at).isoformat()
    done = verb("review_sheet", "--site", "alpha", "--since", day, "--out", str(tmp_path / "all.html"), "--json")
    assert done.returncode == 0, done.stderr


def test_a_sheet_is_in_the_language_of_the_office_whatever_its_reader_has_chosen(alpha: Any, live: Any) -> None:
    page = live("article")
    before = seal_of([sheet_of_page(page.pk)])
    with translation.override("en"):
        sheet = sheet_of_page(page.pk)
        printed = print_sheets([sheet], heading="审查单", acting_user=None)
        html = as_html(printed)
    assert seal_of([sheet]) == before
    assert printed.printed_by == "命令行"
    assert "信息发布审查单" in html


def test_who_was_given_the_role_or_a_password_within_a_day_is_marked(alpha: Any, live: Any) -> None:
    """Whoever grants a role or resets an account could have signed in that person's place."""
    assert all(not s.marks for s in sheet_of_page(live("article").pk).signatures)
    granted = factories.user("outsider")
    grant_role(granted, "content-reviewer", tenant=alpha, acting_user=None)
    asked = {"what": "password", "reason": "忘记密码，当面核实。", "acting_user": factories.user("operator")}
    reset, _link = request_reset(factories.user("alpha_secret"), **asked)
    decide_reset(reset, confirm=True, acting_user=factories.user("supervisor"))
    page = factories.draft_article()
    factories.submit(page)
    factories.approve(page, "outsider")
    factories.approve(page, "alpha_secret")
    sheet = sheet_of_page(page.pk)
    content, secret = sheet.signatures
    assert len(content.marks) == 1 and "授予“内容审核”" in content.marks[0]
    assert "shell:" not in content.marks[0] and "由 命令行（" in content.marks[0], "an act of the shell in words"
    assert len(secret.marks) == 1 and "重设密码" in secret.marks[0]
    shown = as_html(print_sheets([sheet], heading="审查单", acting_user=factories.user("alpha_secret")))
    assert content.marks[0] in shown
    decisions = list(Decision.objects.filter(page_id=page.pk))
    for decision in decisions:
        decision.decided_at += timedelta(days=2)
    assert marks_of(decisions, "site_alpha") == {}


def test_a_password_that_somebody_changed_themselves_is_no_mark(alpha: Any) -> None:
    person = factories.user("alpha_content")
    set_password(person, "Another-long-1-口令", acting_user=person)
    page = factories.live_article()
    assert all(not s.marks for s in sheet_of_page(page.pk).signatures)
