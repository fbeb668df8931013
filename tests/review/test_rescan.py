"""What is public already is looked at by newer rules, once, whatever happens on the way."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Scan
from govplatform.refusals import Refused
from govplatform.review.models import RescanFinding, RescanRun
from govplatform.review.rescans import walking
from govplatform.review.rescans.actions import request_rescan, rescan_sites, stop_rescan
from govplatform.review.rescans.comparing import compare_scans, comparisons_of
from govplatform.review.rescans.tasks import request_when_due, rescan_site
from govplatform.review.submission.actions import withdraw_page
from tests.factories import document, draft_article, live_article, user
from tests.rule_packs.stated import limit

from .rescan_content import WORD, forbid, old_attachment, old_page, rescan
from .reviewers import use_levels, use_pack


def counts(run):
    return {name: getattr(run, name) for name in ("pages", "scanned", "skipped", "failed", "findings", "new")}


def test_what_was_scanned_by_these_rules_is_skipped(alpha):
    old_page()
    draft_article()
    run = rescan(alpha)
    assert counts(run) == {"pages": 1, "scanned": 0, "skipped": 1, "failed": 0, "findings": 0, "new": 0}
    assert run.state == "done"
    assert Entry.objects.filter(chain=alpha.schema_name, act="rescan.done").exists()


def test_a_new_word_makes_old_pages_and_their_attachments_turn_up(alpha):
    page, other, clean = old_page(), old_attachment(), live_article()
    forbid()
    run = rescan(alpha)
    assert counts(run) == {"pages": 3, "scanned": 3, "skipped": 0, "failed": 0, "findings": 2, "new": 2}
    items = {item.page_id: item for item in RescanFinding.objects.select_related("finding")}
    assert items[page.pk].finding.where == "body"
    assert items[other.pk].finding.attachment_name == "说明.docx"
    assert clean.pk not in items
    assert all(item.due_at > item.opened_at for item in items.values())
    assert set(Scan.objects.filter(purpose="rescan").values_list("page_id", flat=True)) == {
        page.pk,
        other.pk,
        clean.pk,
    }


def test_a_second_run_neither_scans_nor_asks_twice(alpha):
    old_page()
    forbid()
    first, second = rescan(alpha), rescan(alpha)
    assert (first.scanned, first.new) == (1, 1)
    assert (second.scanned, second.skipped, second.findings, second.new) == (0, 1, 1, 0)
    assert RescanFinding.objects.count() == 1


def test_what_was_killed_between_the_scan_and_the_list_is_made_up_for(alpha, monkeypatch):
    old_page()
    forbid()
    with monkeypatch.context() as patch:
        patch.setattr(walking, "_note_findings", raise_killed)
        run = request_rescan(acting_user=None)
        with pytest.raises(OperationalError):
            rescan_site.call(run.pk)
    again = rescan(alpha)
    assert (again.scanned, again.skipped, again.new) == (0, 1, 1)
    assert list(RescanRun.objects.order_by("pk").values_list("state", flat=True)) == ["broken", "done"]


def raise_killed(*args, **kwargs):
    raise OperationalError("the server went away")


def test_a_judgement_of_an_earlier_version_still_holds(alpha):
    from govplatform.review.rescans.actions import judge_rescan_finding

    page = old_page()
    forbid()
    rescan(alpha)
    item = RescanFinding.objects.get()
    judge_rescan_finding(item, acting_user=user("alpha_secret"), verdict="false_alarm", reason="公开的名称。")
    forbid("另一个词")
    run = rescan(alpha)
    assert (run.scanned, run.findings, run.new) == (1, 1, 0)
    assert page.live


def test_one_page_s_failure_does_not_stop_the_rest(alpha, monkeypatch):
    bad, good = old_page(), old_page()
    forbid()
    real = walking.finish_scan

    def fail(scan, title):
        if scan.page_id == bad.pk:
            raise ValueError("broken")
        return real(scan, title)

    monkeypatch.setattr(walking, "finish_scan", fail)
    run = rescan(alpha)
    assert (run.failed, run.scanned, run.new) == (1, 1, 1)
    assert [item["page"] for item in run.failures] == [bad.pk]
    assert RescanFinding.objects.get().page_id == good.pk


def test_a_missing_file_is_said_and_the_rest_is_scanned(alpha):
    page = old_attachment()
    other = old_page()
    from sites.media.models import SiteDocument

    Path(SiteDocument.objects.get().file.path).unlink()
    forbid()
    run = rescan(alpha)
    assert (run.failed, run.scanned, run.new) == (1, 1, 1)
    assert run.failures[0]["page"] == page.pk
    assert "说明" in run.failures[0]["reason"]
    assert RescanFinding.objects.get().page_id == other.pk


def test_a_hostile_file_in_an_old_page_costs_a_finding_only(alpha, monkeypatch):
    from sites.media.models import SiteDocument
    from tests.confidentiality.records.records_content import attached, exchange_bytes

    page = live_article(body=attached(document(b"x" * 20, "a.zip", uploader="alpha_editor")))
    exchange_bytes(SiteDocument.objects.get(), b"PK\x03\x04" + b"\xff" * 4000)
    run = rescan(alpha)
    # What citizens get is not what was cleared: said as well, and scanned all the same.
    assert run.failed == 1
    assert "verify_gate" in run.failures[0]["reason"]
    item = RescanFinding.objects.select_related("finding").get()
    assert (item.page_id, item.finding.rule) == (page.pk, "unreadable")


def test_a_page_withdrawn_while_it_is_scanned_gives_no_item(alpha, monkeypatch):
    page = old_page()
    forbid()
    real = walking.finish_scan

    def withdraw_meanwhile(scan, title):
        withdraw_page(page, acting_user=user("alpha_content"), reason="已过时。")
        return real(scan, title)

    monkeypatch.setattr(walking, "finish_scan", withdraw_meanwhile)
    run = rescan(alpha)
    assert (run.state, run.new) == ("done", 0)
    assert not RescanFinding.objects.exists()


def test_since_leaves_out_what_is_older(alpha):
    old_page()
    forbid()
    tomorrow = timezone.localdate() + timedelta(days=1)
    run = rescan_sites([alpha], since=tomorrow)[0].run
    assert (run.pages, run.scanned) == (0, 0)
    run = rescan_sites([alpha], since=date(2020, 1, 1))[0].run
    assert run.scanned == 1


def test_a_word_that_is_retired_closes_what_it_found(alpha):
    from govplatform.dictionaries.actions import retire_word
    from govplatform.dictionaries.models import Word

    old_page()
    forbid()
    rescan(alpha)
    retire_word(Word.objects.get(word=WORD), reason="词库调整", acting_user=None)
    rescan(alpha)
    assert RescanFinding.objects.get().outcome == "lapsed"


def test_a_job_from_the_console_can_be_stopped(alpha):
    old_page()
    old_page()
    forbid()
    run = request_rescan(acting_user=user("alpha_content"))
    with pytest.raises(Refused, match="正在回溯扫描"):
        request_rescan(acting_user=user("alpha_secret"))
    RescanRun.objects.update(state="running", stop_asked=True)
    rescan_site.call(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.scanned) == ("stopped", 0)
    with pytest.raises(Refused, match="已经结束"):
        stop_rescan(run, acting_user=user("alpha_content"))
    again = request_rescan(acting_user=user("supervisor"))
    rescan_site.call(run_id=again.pk)
    again.refresh_from_db()
    assert (again.state, again.scanned, again.new) == ("done", 2, 2)


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "beta_secret", "operator", "outsider"])
def test_who_may_not_start_one(alpha, who):
    with pytest.raises(Refused, match="审查人和监管员"):
        request_rescan(acting_user=user(who))


def test_the_calendar_is_off_until_the_rule_pack_asks(alpha, settings, tmp_path):
    assert not request_when_due()
    use_pack(alpha, settings, tmp_path, limit("rescan_every", 7, "days"))
    with tenant_context(alpha):
        assert request_when_due()
        assert not request_when_due()


def test_two_versions_of_the_rules_side_by_side(alpha, settings, tmp_path):
    page = old_page("<p>电话13912345678，请登记。</p>")
    before = Scan.objects.get(page_id=page.pk)
    use_levels(alpha, settings, tmp_path, 1)
    forbid("登记", severity="warn")
    with tenant_context(alpha):
        rescan(alpha)
    after = Scan.objects.filter(page_id=page.pk).order_by("-pk").first()
    assert before.digest == after.digest
    assert before.rule_pack != after.rule_pack
    found = compare_scans(before, after)
    assert [finding.rule for finding in found.more] == ["dictionary"]
    assert (found.less, found.same) == ((), 1)
    assert [finding.rule for finding in compare_scans(after, before).less] == ["dictionary"]
    assert len(comparisons_of(before)) == 1
    with pytest.raises(Refused, match="不能比较"):
        compare_scans(before, Scan.objects.get(page_id=old_page().pk))
