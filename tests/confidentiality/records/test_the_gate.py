"""No approval without a finished scan of the very digest, and none over a finding that nobody has judged."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Disposition, Finding, PublicCopy, Scan, ScannedFile
from govplatform.confidentiality.queries import judged_findings
from govplatform.refusals import Refused
from govplatform.review.findings.dispositions import (
    Judgement,
    dispose_finding,
    ignore_open_warnings,
    open_findings,
)
from govplatform.review.gate.scans import current_scan, request_scan, scan_now
from govplatform.review.models import Clearance
from govplatform.review.submission.actions import decide_review, submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from sites.media.models import SiteDocument
from tests import factories
from tests.confidentiality.records.records_content import (
    NUMBER,
    article_with,
    docx_with_comment,
    exchange_bytes,
    plain_docx,
)
from tests.factories import user
from tests.review.reviewers import use_pack
from tests.rule_packs.stated import limit


def decide(page, reviewer="alpha_content", approve=True):
    return decide_review(page, acting_user=user(reviewer), approve=approve, opinion="同意。")


def bring_to_confidentiality(page):
    factories.submit(page)
    factories.approve(page, "alpha_content")
    return current_scan(page)


def number_in(scan: Scan) -> Finding:
    return next(finding for finding in scan.findings.all() if finding.rule == "id-card")


def test_submitting_puts_a_scan_into_the_queue(alpha):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    scan = current_scan(page)
    assert scan is not None
    assert (scan.state, scan.purpose, scan.requested_by) == ("queued", "review", user("alpha_editor"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT args -> 'kwargs' ->> 'scan_id' FROM public.procrastinate_jobs ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone()[0] == str(scan.pk)


@pytest.mark.parametrize(("state", "told"), [("queued", "排队中"), ("running", "扫描中"), ("failed", "存储满了")])
def test_no_approval_before_the_scan_is_done(alpha, state, told):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    Scan.objects.filter(page_id=page.pk).update(state=state, failure="存储满了。" if state == "failed" else "")
    with pytest.raises(Refused, match=told):
        decide(page)


def test_no_approval_without_any_scan(alpha):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    Scan.objects.all().delete()
    with pytest.raises(Refused, match="还没有经过保密扫描"):
        decide(page)


def test_returning_needs_no_scan(alpha):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    assert decide(page, approve=False).verdict == "rejected"


def test_exchanged_bytes_leave_the_page_without_a_scan(alpha):
    page = article_with(plain_docx())
    factories.submit(page)
    assert current_scan(page).state == "done"
    exchange_bytes(SiteDocument.objects.get(), docx_with_comment())
    assert current_scan(page) is None
    with pytest.raises(Refused, match="还没有经过保密扫描"):
        decide(page)
    assert number_in(scan_now(page, acting_user=None)).where == "comment 1"


def test_a_newer_scanner_leaves_the_page_without_a_scan(alpha, monkeypatch):
    page = factories.draft_article()
    factories.submit(page)
    monkeypatch.setattr("govplatform.review.gate.scans.SCANNER_VERSION", "next")
    with pytest.raises(Refused, match="还没有经过保密扫描"):
        decide(page)
    assert scan_now(page, acting_user=None).scanner_version == "next"
    assert Scan.objects.filter(page_id=page.pk).count() == 2
    decide(page)


def test_a_number_in_a_comment_of_an_attachment_blocks_the_approval(at_confidentiality):
    page, _scan, found = at_confidentiality
    name = SiteDocument.objects.get().filename
    assert (found.where, found.attachment_name, found.severity) == ("comment 1", name, "block")
    assert NUMBER not in found.excerpt
    with pytest.raises(Refused) as refused:
        factories.approve(page, "alpha_secret")
    assert any(f"发现编号 {found.pk}" in reason and name in reason for reason in refused.value.reasons)
    page.refresh_from_db()
    assert not page.live


def test_a_false_alarm_lets_it_pass_and_everything_is_kept(at_confidentiality):
    page, scan, found = at_confidentiality
    decide_from_the_shell(
        page,
        acting_user=user("alpha_secret"),
        approve=True,
        opinion="附件为样表。",
        judgements=[Judgement(found.pk, "false_alarm", "样表中的虚构号码。")],
    )
    clearance = Clearance.objects.get(page_id=page.pk)
    assert clearance.scan == scan
    record = clearance.record
    assert record["scan"]["scanner_version"] == scan.scanner_version
    assert record["scan"]["rule_pack"] == scan.rule_pack
    assert record["scan"]["dictionary_version"] == scan.dictionary_version
    assert record["scan"]["digest"] == clearance.digest
    name = SiteDocument.objects.get().filename
    assert [file["name"] for file in record["scan"]["files"]] == [name]
    kept = next(item for item in record["findings"] if item["rule"] == "id-card")
    assert kept["attachment"] == name
    assert kept["disposition"]["verdict"] == "false_alarm"
    assert kept["disposition"]["reason"] == "样表中的虚构号码。"
    assert kept["disposition"]["person"] == user("alpha_secret").signed_name
    assert all(item["disposition"] for item in record["findings"])
    assert {decision["step"] for decision in record["decisions"]} == {"content", "confidentiality"}
    assert all(all(decision["checklist"].values()) for decision in record["decisions"])
    assert NUMBER not in str(record)
    assert Entry.objects.filter(act="finding.judge", object_id=str(found.pk)).exists()


def test_the_opinion_is_the_reason_for_what_only_warns(alpha):
    page = factories.draft_policy()
    scan = bring_to_confidentiality(page)
    assert [item.finding.rule for item in open_findings(scan)] == ["metadata"]
    factories.approve(page, "alpha_secret")
    given = Disposition.objects.get(finding__rule="metadata")
    assert (given.verdict, given.reason, given.person) == ("ignored", "同意。", user("alpha_secret"))


def test_the_console_judges_warnings_one_by_one(alpha):
    page = factories.draft_policy()
    bring_to_confidentiality(page)
    with pytest.raises(Refused, match="没有关联解读材料"):
        decide(page, "alpha_secret")


def test_keeping_a_finding_needs_a_reason(at_confidentiality):
    _page, _scan, found = at_confidentiality
    with pytest.raises(Refused, match="须写明理由"):
        dispose_finding(found, acting_user=user("alpha_secret"), verdict="ignored", reason="  ")


def test_nobody_says_fixed_by_hand(at_confidentiality):
    _page, _scan, found = at_confidentiality
    with pytest.raises(Refused, match="由下一次扫描认定"):
        dispose_finding(found, acting_user=user("alpha_secret"), verdict="fixed", reason="改了")


@pytest.mark.parametrize("username", ["alpha_editor", "beta_secret", "alpha_content"])
def test_only_who_may_take_the_step_that_is_due_judges(at_confidentiality, username):
    _page, _scan, found = at_confidentiality
    with pytest.raises(Refused):
        dispose_finding(found, acting_user=user(username), verdict="false_alarm")
    assert not Disposition.objects.exists()


def test_a_finding_of_an_earlier_version_is_not_judged_any_more(alpha):
    page = article_with(docx_with_comment())
    found = number_in(bring_to_confidentiality(page))
    exchange_bytes(SiteDocument.objects.get(), plain_docx())
    scan_now(page, acting_user=None)
    with pytest.raises(Refused, match="不是当前版本"):
        dispose_finding(found, acting_user=user("alpha_secret"), verdict="false_alarm")


def test_a_wish_to_mask_is_no_mask(at_confidentiality):
    page, _scan, found = at_confidentiality
    dispose_finding(found, acting_user=user("alpha_secret"), verdict="to_mask", reason="请遮盖")
    with pytest.raises(Refused, match=f"发现编号 {found.pk}"):
        factories.approve(page, "alpha_secret")


def test_a_judgement_is_carried_to_the_next_version_and_what_went_is_fixed(alpha):
    page = article_with(docx_with_comment(), summary="联系人电话13800138000。")
    scan = bring_to_confidentiality(page)
    phone = next(item.finding for item in open_findings(scan) if item.finding.rule == "mobile")
    dispose_finding(number_in(scan), acting_user=user("alpha_secret"), verdict="false_alarm", reason="样表。")
    decide(page, "alpha_secret", approve=False)
    page = type(page).objects.get(pk=page.pk)
    page.summary = "联系方式见附件。"
    page.save_revision(user=user("alpha_editor"))
    again = bring_to_confidentiality(page)
    assert again.pk != scan.pk
    carried = next(item for item in judged_findings(again) if item.finding.rule == "id-card")
    assert carried.carried
    assert carried.closed
    factories.approve(page, "alpha_secret")
    fixed = Disposition.objects.get(finding=phone)
    assert (fixed.verdict, fixed.person) == ("fixed", None)


def test_what_was_fixed_and_comes_back_is_judged_anew(alpha):
    page = factories.draft_article(summary="电话13800138000。")
    bring_to_confidentiality(page)
    factories.approve(page, "alpha_secret")
    for summary, open_rules in (("没有电话。", []), ("电话13800138000。", ["mobile"])):
        page = type(page).objects.get(pk=page.pk)
        page.summary = summary
        page.save_revision(user=user("alpha_editor"))
        assert [item.finding.rule for item in open_findings(bring_to_confidentiality(page))] == open_rules
        factories.approve(page, "alpha_secret")


def test_the_database_refuses_a_clearance_without_its_scan(alpha, live):
    page = live("article")
    kept = Clearance.objects.get(page_id=page.pk)
    other = factories.draft_article()
    factories.submit(other)
    for scan in (None, current_scan(other)):
        with pytest.raises(DatabaseError, match="no finished confidentiality scan"), transaction.atomic():
            Clearance.objects.create(
                page_id=page.pk,
                revision=kept.revision,
                digest=kept.digest,
                content_decision=kept.content_decision,
                confidentiality_decision=kept.confidentiality_decision,
                scan=scan,
                rule_pack=kept.rule_pack,
                granted_at=timezone.now(),
            )


def test_a_finished_scan_stays_as_it_is(at_confidentiality):
    page, scan, found = at_confidentiality
    for change in (
        lambda: Scan.objects.filter(pk=scan.pk).update(state="failed"),
        lambda: Finding.objects.filter(pk=found.pk).update(severity="info"),
        lambda: Finding.objects.create(scan=scan, rule="x", severity="info", where="body", offset=0, length=0, key="x"),
        lambda: Scan.objects.create(page_id=page.pk, digest="0" * 64, state="done"),
    ):
        with pytest.raises(DatabaseError, match="gate: "), transaction.atomic():
            change()


def test_a_draft_goes_with_its_scans_unless_somebody_judged(alpha):
    page = article_with(docx_with_comment())
    scan_now(page, acting_user=user("alpha_editor"))
    page.delete()
    assert not Scan.objects.exists()
    page = article_with(docx_with_comment())
    factories.submit(page)
    found = number_in(current_scan(page))
    dispose_finding(found, acting_user=user("alpha_content"), verdict="to_mask", reason="请遮盖")
    page = type(page).objects.get(pk=page.pk)
    with pytest.raises(Refused, match="处理结论"):
        page.delete()


def test_asking_again_for_what_is_done_changes_nothing(alpha):
    page = factories.draft_article()
    scan = scan_now(page, acting_user=None)
    assert request_scan(page, acting_user=user("alpha_editor")).pk == scan.pk
    assert Scan.objects.count() == 1


def test_the_same_bytes_are_read_once(alpha, monkeypatch):
    page = article_with(docx_with_comment())
    first = scan_now(page, acting_user=None)
    page.summary = "新的摘要。"
    page.save_revision(user=user("alpha_editor"))

    def refuse(*args):
        raise AssertionError("read a second time")

    monkeypatch.setattr("govplatform.confidentiality.running.read_file_guarded", refuse)
    second = scan_now(page, acting_user=None)
    assert second.pk != first.pk
    assert number_in(second).key == number_in(first).key
    assert ScannedFile.objects.filter(scan=second).count() == 1
    assert second.parts.filter(attachment_kind="document").exists()
    assert PublicCopy.objects.count() == 1


def test_persons_over_the_last_items_of_a_column(alpha, settings, tmp_path):
    names = ["张三丰", "李四光", "王五魁", "赵六合", "钱七巧", "孙八方"]
    for name in names:
        page = factories.draft_article(body=[{"type": "rich_text", "value": f"<p>姓名：{name}，手机：13800138000</p>"}])
        factories.submit(page)
        ignore_open_warnings(scan_now(page, acting_user=None), acting_user=user("alpha_content"), reason="已核实。")
        factories.approve(page, "alpha_content")
        scan = current_scan(page)
        for item in open_findings(scan):
            dispose_finding(item.finding, acting_user=user("alpha_secret"), verdict="ignored", reason="已核实。")
        factories.approve(page, "alpha_secret")
    use_pack(alpha, settings, tmp_path, limit("aggregation_column_persons", 4, "persons"))
    page = factories.draft_article(body=[{"type": "rich_text", "value": "<p>姓名：周九州，手机：13800138001</p>"}])
    scan = scan_now(page, acting_user=None)
    assert scan.persons
    assert "column" in [finding.where for finding in scan.findings.filter(rule="aggregation")]
