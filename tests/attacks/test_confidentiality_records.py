"""Scans, findings, judgements and public copies, attacked past the screens: the page stays what was cleared."""

from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from govplatform.confidentiality.models import Disposition, Finding, PublicCopy, Scan
from govplatform.dictionaries.actions import add_word, allow_value, revoke_value
from govplatform.refusals import Refused
from govplatform.review.findings.dispositions import Judgement, dispose_finding, parse_judgement
from govplatform.review.gate.scans import current_scan, scan_now
from govplatform.review.models import Clearance, Decision
from govplatform.review.queries import find_gate_faults
from govplatform.review.submission.actions import decide_review, submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.review.tasks import SCAN_WAITS_AT_MOST, queue_waiting_scans, scan_page
from sites.media.models import SiteDocument
from tests import factories
from tests.confidentiality.records.records_content import (
    article_with,
    docx_with_comment,
    exchange_bytes,
    plain_docx,
)
from tests.factories import user

from .conftest import execute, is_live, refused


def waiting():
    """(page, finding of an identity number) at the step of the confidentiality review."""
    page = article_with(docx_with_comment())
    factories.submit(page)
    factories.approve(page, "alpha_content")
    return page, current_scan(page).findings.get(rule="id-card")


def test_a_clearance_with_the_scan_of_another_page(alpha):
    page, other = factories.draft_article(), factories.draft_article()
    factories.submit(page)
    factories.submit(other)
    factories.approve(page, "alpha_content")
    decide_review(page, acting_user=user("alpha_secret"), approve=True, opinion="同意。")
    given = Clearance.objects.get(page_id=page.pk)
    for scan in (current_scan(other), None):
        with refused("no finished confidentiality scan"):
            Clearance.objects.create(
                page_id=page.pk, revision=given.revision, digest=given.digest, rule_pack="x", scan=scan,
                content_decision=given.content_decision, confidentiality_decision=given.confidentiality_decision,
                granted_at=timezone.now(),
            )  # fmt: skip


def test_a_scan_forged_as_done(alpha):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    with refused("begins in the queue"):
        execute("INSERT INTO confidentiality_scan (page_id, digest,"
                " scanner_version, rule_pack, dictionary_version, purpose, state, queued_at, failure, persons)"
                " VALUES (%s, 'x', '1', 'x', 'x', 'review', 'done', now(), '', '[]')", [page.pk])  # fmt: skip
    execute("UPDATE confidentiality_scan SET state = 'done' WHERE page_id = %s", [page.pk])
    decide_review(page, acting_user=user("alpha_content"), approve=True, opinion="同意。")
    with refused("no finished confidentiality scan"):
        decide_review(page, acting_user=user("alpha_secret"), approve=True, opinion="同意。")
    assert not is_live(page)


def test_a_finished_scan_is_not_taken_over_by_another_digest(at_confidentiality):
    _page, _scan, found = at_confidentiality
    with refused("finished|another page"):
        execute("UPDATE confidentiality_scan SET digest = %s WHERE id = %s", ["0" * 64, found.scan_id])
    with refused("never changed"):
        execute("UPDATE confidentiality_finding SET severity = 'info' WHERE id = %s", [found.pk])
    with refused("."):
        execute("UPDATE confidentiality_disposition SET verdict = 'ignored'; DELETE FROM confidentiality_disposition")


def test_the_file_is_exchanged_after_the_scan(alpha):
    page = article_with(plain_docx())
    factories.submit(page)
    factories.approve(page, "alpha_content")
    exchange_bytes(SiteDocument.objects.get(), docx_with_comment())
    with refused("."):
        decide_review(page, acting_user=user("alpha_secret"), approve=True, opinion="同意。")
    assert not is_live(page)


def test_words_and_values_that_change_between_scan_and_approval(alpha):
    body = [{"type": "rich_text", "value": "<p>咨询电话 13812345678，联系特种词语。</p>"}]
    page = factories.draft_article(body=body)
    factories.submit(page)
    factories.approve(page, "alpha_content")
    before, keeper = current_scan(page), user("alpha_secret")
    allowed = allow_value(alpha, "13812345678", kind="number", reason="公开热线。", acting_user=keeper)
    with refused("还没有经过保密扫描"):
        decide_review(page, acting_user=keeper, approve=True, opinion="同意。")
    assert not scan_now(page, acting_user=None).findings.filter(rule="mobile").exists()
    revoke_value(allowed, reason="不再使用。", acting_user=keeper)
    # Again as before: the scan that was made by these very words and values.
    assert current_scan(page).pk == before.pk
    add_word(alpha, acting_user=keeper, word="特种词语", kind="sensitive", severity="block")
    with refused("还没有经过保密扫描"):
        decide_review(page, acting_user=keeper, approve=True, opinion="同意。")
    with refused("发现编号"):
        decide_from_the_shell(page, acting_user=keeper, approve=True, opinion="同意。")
    assert not is_live(page)


@pytest.mark.parametrize(
    "who", ["alpha_editor", "alpha_editor2", "alpha_admin", "beta_secret", "alpha_auditor", "outsider"]
)
def test_nobody_judges_who_may_not_decide(at_confidentiality, who):
    page, _scan, found = at_confidentiality
    with refused("."):
        dispose_finding(found, acting_user=user(who), verdict="false_alarm")
    with refused("."):
        decide_from_the_shell(
            page, acting_user=user(who), approve=True, opinion="同意。", judgements=[Judgement(found.pk, "false_alarm")]
        )
    assert not Disposition.objects.exists()
    assert not is_live(page)


def test_a_finding_of_another_page_or_an_older_scan(alpha):
    page, found = waiting()
    other, elsewhere = waiting()
    decide_review(other, acting_user=user("alpha_secret"), approve=False, opinion="退回。")
    with refused("."):
        decide_from_the_shell(
            page,
            acting_user=user("alpha_secret"),
            approve=True,
            opinion="同意。",
            judgements=[Judgement(elsewhere.pk, "false_alarm")],
        )
    exchange_bytes(SiteDocument.objects.order_by("pk").first(), docx_with_comment("另一份。"))
    with refused("不是当前版本"):
        dispose_finding(found, acting_user=user("alpha_secret"), verdict="false_alarm")
    assert not is_live(page)


@pytest.mark.parametrize(
    "text",
    ["", "=", "1", "1=fixed", "1=false_alarm", "-1=false-alarm", "1;2=false-alarm", "1=ignored\n2=false-alarm",
     "*=false-alarm", "1 OR 1=1=false-alarm", "１.5=ignored:x", "1=approved", "0x1=false-alarm"],
)  # fmt: skip
def test_words_of_dispose_that_mean_something_else(alpha, text):
    with pytest.raises(Refused):
        parse_judgement(text)


def test_a_reason_is_kept_as_it_was_given(at_confidentiality):
    _page, _scan, found = at_confidentiality
    reason = "1=false-alarm'; DROP TABLE confidentiality_finding; --:<b>"
    dispose_finding(found, acting_user=user("alpha_secret"), verdict="ignored", reason=reason)
    assert Disposition.objects.get().reason == reason
    with refused("理由"):
        dispose_finding(found, acting_user=user("alpha_secret"), verdict="ignored", reason=" \u3000")


def test_an_approval_while_a_scan_runs(alpha):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    Scan.objects.filter(page_id=page.pk).update(state="running", started_at=timezone.now())
    with refused("扫描中"):
        decide_review(page, acting_user=user("alpha_content"), approve=True, opinion="同意。")
    assert not Decision.objects.filter(page_id=page.pk).exists()


@pytest.mark.parametrize("way", ["bytes", "row", "gone"])
def test_an_exchanged_public_copy_is_not_sent_and_is_named(alpha, citizen, way):
    page = factories.publish(article_with(docx_with_comment("请核对。")))
    item, copy = SiteDocument.objects.get(), PublicCopy.objects.get()
    address = f"/documents/{item.pk}/{item.filename}"
    if way == "bytes":
        Path(copy.file.path).write_bytes(docx_with_comment())
    elif way == "gone":
        Path(copy.file.path).unlink()
    else:
        copy.file.storage.save("public_copies/other.docx", open(item.file.path, "rb"))  # noqa: SIM115
        PublicCopy.objects.update(file="public_copies/other.docx", sm3=copy.original_sm3)
    assert citizen("alpha").get(address).status_code == 404
    connection.set_tenant(alpha)
    assert [(fault["page"], "公众副本" in fault["problem"]) for fault in find_gate_faults()[1]] == [(page.pk, True)]


def test_a_copy_slipped_in_where_there_is_none(alpha, citizen):
    factories.publish(article_with(b"plain", "a.txt"))
    item = SiteDocument.objects.get()
    scan = Scan.objects.latest("pk")
    name = item.file.storage.save("public_copies/other.txt", open(__file__, "rb"))  # noqa: SIM115
    PublicCopy.objects.create(
        kind="document", object_id=item.pk, original_sm3=scan.files.get().sm3, file=name, sm3="0" * 64
    )
    response = citizen("alpha").get(f"/documents/{item.pk}/{item.filename}")
    assert b"".join(response.streaming_content) == b"plain"


def test_an_exchanged_original_is_not_sent(alpha, citizen):
    factories.publish(article_with(b"plain", "a.txt"))
    item = SiteDocument.objects.get()
    exchange_bytes(item, b"something else")
    assert citizen("alpha").get(f"/documents/{item.pk}/{item.filename}").status_code == 404


def test_a_scan_without_a_job_is_queued_again(alpha):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    scan = current_scan(page)
    assert queue_waiting_scans() == 0
    execute("DELETE FROM public.procrastinate_jobs")
    for state in ("queued", "running"):
        long_ago = timezone.now() - 2 * SCAN_WAITS_AT_MOST
        Scan.objects.filter(pk=scan.pk).update(state=state, queued_at=long_ago, started_at=long_ago)
        assert queue_waiting_scans() == 1
        assert queue_waiting_scans() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'schema', args -> 'kwargs' ->> 'scan_id' FROM public.procrastinate_jobs")
        assert set(cursor.fetchall()) == {(alpha.schema_name, str(scan.pk))}
    scan_page.call(scan_id=scan.pk)
    scan.refresh_from_db()
    assert scan.state == "done"
    assert queue_waiting_scans() == 0


def test_scans_of_two_rule_packs_stand_side_by_side(alpha):
    page = factories.draft_article()
    first = scan_now(page, acting_user=None)
    alpha.rule_pack = "hebei" if alpha.rule_pack != "hebei" else "jiangsu"
    assert current_scan(page) is None
    second = scan_now(page, acting_user=None)
    assert (first.digest, first.pk) != (second.digest, second.pk)
    assert first.rule_pack != second.rule_pack
    assert Finding.objects.filter(scan=first).count() == Finding.objects.filter(scan=second).count()
