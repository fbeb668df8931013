"""What a rescan found is judged, corrected or taken down by the people of the site, and by nobody else."""

import pytest
from django.core.management import call_command
from django_tenants.utils import tenant_context

from govplatform.accounts.models import Membership
from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Disposition
from govplatform.refusals import Refused
from govplatform.review.models import RescanFinding, RescanRun, Withdrawal
from govplatform.review.rescans.actions import ask_to_correct, judge_rescan_finding
from govplatform.review.rescans.queries import newest_runs, open_counts, open_items, tenants_for
from govplatform.review.submission.actions import withdraw_page
from govplatform.review.submission.followups import confirm_withdrawal, open_followups
from tests.factories import approve, draft_article, publish, submit, user

from .rescan_content import WORD, forbid, found_later, old_page, rescan
from .reviewers import reviewer


@pytest.mark.parametrize("verdict", ["false_alarm", "ignored"])
def test_a_confidentiality_reviewer_judges_it_once(alpha, found, verdict):
    page, item = found
    given = judge_rescan_finding(item, acting_user=user("alpha_secret"), verdict=verdict, reason="公开的计划名称。")
    item.refresh_from_db()
    assert (item.outcome, item.closed_by_name) == (verdict, user("alpha_secret").signed_name)
    assert (given.finding_id, given.verdict) == (item.finding_id, verdict)
    assert Entry.objects.filter(chain=alpha.schema_name, act="finding.judge").exists()
    with pytest.raises(Refused, match="已经办结"):
        judge_rescan_finding(item, acting_user=user("alpha_secret"), verdict="false_alarm")
    assert rescan(alpha).new == 0
    assert page.live


@pytest.mark.parametrize(
    "who", ["alpha_editor", "alpha_content", "alpha_admin", "beta_secret", "supervisor", "outsider"]
)
def test_who_may_not_judge(alpha, found, who):
    _page, item = found
    with pytest.raises(Refused, match="不是本站的保密审查人"):
        judge_rescan_finding(item, acting_user=user(who), verdict="false_alarm")
    assert not Disposition.objects.exists()


def test_whoever_had_a_hand_in_the_page_does_not_judge_it(alpha):
    former = reviewer("former", alpha, "editor")
    text = [{"type": "rich_text", "value": f"<p>{WORD}</p>"}]
    _page, item = found_later(alpha, publish(draft_article("former", body=text)))
    former.memberships.all().delete()
    Membership.objects.create(user=former, tenant=alpha, role="confidentiality-reviewer")
    with pytest.raises(Refused, match="回避"):
        judge_rescan_finding(item, acting_user=user("former"), verdict="false_alarm")


def test_keeping_needs_a_reason_and_nothing_else_is_a_judgement(alpha, found):
    _page, item = found
    for verdict in ("ignored", "fixed", "to_mask", ""):
        with pytest.raises(Refused):
            judge_rescan_finding(item, acting_user=user("alpha_secret"), verdict=verdict)
    item.refresh_from_db()
    assert item.outcome == ""


def test_the_editor_corrects_it_and_it_closes_by_itself(alpha, found, console):
    page, item = found
    with pytest.raises(Refused, match="写明"):
        ask_to_correct(item, acting_user=user("alpha_content"), note=" ")
    ask_to_correct(item, acting_user=user("alpha_content"), note="删去计划名称。")
    home = console("alpha_editor", "alpha").get("/admin/").content.decode()
    assert "删去计划名称。" in home
    assert page.title in home
    with tenant_context(alpha):
        page.body = [{"type": "rich_text", "value": "<p>另有说明。</p>"}]
        page.save_revision(user=user("alpha_editor"))
        submit(page)
        approve(page, "alpha_content")
        item.refresh_from_db()
        assert item.outcome == ""
        approve(page, "alpha_secret")
        item.refresh_from_db()
        assert item.outcome == "fixed"
        assert Disposition.objects.get(finding__key=item.key).verdict == "fixed"
    assert "删去计划名称。" not in console("alpha_editor", "alpha").get("/admin/").content.decode()


def test_a_version_that_still_has_it_leaves_it_as_it_is_judged_there(alpha, found):
    from govplatform.review.findings.dispositions import dispose_finding, open_findings
    from govplatform.review.gate.scans import current_scan

    page, item = found
    page.body = [{"type": "rich_text", "value": f"<p>关于{WORD}的说明，有补充。</p>"}]
    page.save_revision(user=user("alpha_editor"))
    submit(page)
    approve(page, "alpha_content")
    for judged in open_findings(current_scan(page)):
        dispose_finding(judged.finding, acting_user=user("alpha_secret"), verdict="false_alarm")
    approve(page, "alpha_secret")
    item.refresh_from_db()
    assert item.outcome == "false_alarm"


def test_withdrawing_the_page_closes_it(alpha, found):
    page, item = found
    withdraw_page(page, acting_user=user("alpha_content"), reason="不宜公开。")
    item.refresh_from_db()
    assert item.outcome == "withdrawn"
    with pytest.raises(Refused, match="已经办结"):
        ask_to_correct(item, acting_user=user("alpha_content"), note="改")


def test_break_glass_from_the_list_to_the_confirmation(alpha, found, console):
    page, item = found
    supervisor = console("supervisor", "console")
    listed = supervisor.get("/admin/review/rescans/").content.decode()
    address = f"/admin/review/withdraw-at-once/?site=alpha&amp;page={page.pk}"
    assert address in listed
    screen = supervisor.get(address.replace("&amp;", "&")).content.decode()
    assert page.title in screen
    done = supervisor.post(
        "/admin/review/withdraw-at-once/", {"site": "alpha", "page": page.pk, "reason": "回溯扫描发现不宜公开的内容。"}
    )
    assert done.status_code == 302
    with tenant_context(alpha):
        page.refresh_from_db()
        item.refresh_from_db()
        assert (page.live, item.outcome, item.closed_by_name) == (False, "withdrawn", str(user("supervisor")))
        withdrawal = Withdrawal.objects.get()
        with pytest.raises(Refused):
            confirm_withdrawal(withdrawal, acting_user=user("supervisor"), confirm=True, opinion="属实。")
        confirmation = confirm_withdrawal(withdrawal, acting_user=user("alpha_secret"), confirm=True, opinion="属实。")
        assert confirmation.verdict == "confirmed"
        assert open_followups(user("supervisor")) == []


def test_each_sees_the_sites_that_are_theirs(alpha, found):
    page, item = found
    assert [line.number for line in open_items(tenants_for(user("alpha_secret")))] == [item.pk]
    assert [line.title for line in open_items(tenants_for(user("supervisor")))] == [page.title]
    assert open_items(tenants_for(user("both_content")))
    for who in ("beta_secret", "alpha_editor", "alpha_admin", "alpha_auditor", "operator", "outsider"):
        assert open_items(tenants_for(user(who))) == [], who
    (line,) = open_counts(tenants_for(user("supervisor")))
    assert (line.tenant.code, line.open, line.late, line.oldest) == ("alpha", 1, 0, item.opened_at)


@pytest.mark.parametrize(
    ("who", "site"),
    [("alpha_editor", "alpha"), ("alpha_admin", "alpha"), ("alpha_auditor", "alpha"), ("beta_secret", "beta"),
     ("operator", "console")],
)  # fmt: skip
def test_the_screens_are_closed_to_others(alpha, found, console, who, site):
    page, item = found
    client = console(who, site)
    answers = [
        client.get("/admin/review/rescans/"),
        client.get(f"/admin/review/rescans/one/?number={item.pk}"),
        client.post("/admin/review/rescans/one/", {"number": item.pk, "act": "false_alarm"}),
        client.post("/admin/review/rescans/", {"act": "start", "site": "alpha"}),
    ]
    assert all(page.title not in answer.content.decode() for answer in answers)
    with tenant_context(alpha):
        assert not Disposition.objects.exists()
        assert RescanRun.objects.count() == 1


def test_the_screens_of_a_reviewer(alpha, found, console):
    page, item = found
    client = console("alpha_secret", "alpha")
    listed = client.get("/admin/review/rescans/").content.decode()
    assert page.title in listed
    assert "词库词语" in listed
    assert "回溯扫描的新发现" in client.get("/admin/").content.decode()
    shown = client.get(f"/admin/review/rescans/one/?number={item.pk}").content.decode()
    assert "同一内容按两版规则扫描" in shown
    assert "新规则多发现 1 处" in shown
    refused = client.post("/admin/review/rescans/one/", {"number": item.pk, "act": "ignored", "words": ""})
    assert "理由" in refused.content.decode()
    done = client.post("/admin/review/rescans/one/", {"number": item.pk, "act": "ignored", "words": "名称已公布。"})
    assert done.status_code == 302
    assert "没有待处理的回溯发现" in client.get("/admin/review/rescans/").content.decode()
    assert client.get("/admin/review/rescans/one/?number=999999").status_code == 404
    assert client.get("/admin/review/rescans/one/?number=x").status_code == 404


def test_a_reviewer_starts_and_stops_it_in_the_console(alpha, console):
    old_page()
    client = console("alpha_content", "alpha")
    assert client.post("/admin/review/rescans/", {"act": "start", "since": "gestern"}).status_code == 200
    assert client.post("/admin/review/rescans/", {"act": "start"}).status_code == 302
    shown = client.get("/admin/review/rescans/")
    assert shown.headers["Refresh"] == "5"
    assert "停止" in shown.content.decode()
    assert client.post("/admin/review/rescans/", {"act": "stop"}).status_code == 302
    with tenant_context(alpha):
        assert RescanRun.objects.get().state == "stopped"
    assert "Refresh" not in client.get("/admin/review/rescans/").headers


def test_the_supervisor_sees_what_runs_everywhere(alpha, found, console):
    RescanRun.objects.update(
        requested_by=user("supervisor"), failures=[{"page": 7, "title": "旧页面", "reason": "附件已不在存储中"}]
    )
    (line,) = newest_runs(tenants_for(user("supervisor"))).values()
    assert (line.tenant.code, line.working, line.dead, line.run.new) == ("alpha", False, False, 1)
    shown = console("supervisor", "console").get("/admin/review/rescans/").content.decode()
    assert "附件已不在存储中" in shown
    assert str(user("supervisor")) in shown
    with tenant_context(alpha):
        RescanRun.objects.update(state="running")
    assert "再次发起即从中断处继续" in console("supervisor", "console").get("/admin/review/rescans/").content.decode()


def test_the_supervisor_starts_all_sites(alpha, console, site):
    assert console("supervisor", "console").post("/admin/review/rescans/", {"act": "start"}).status_code == 302
    for code in ("alpha", "beta"):
        with tenant_context(site(code)):
            assert RescanRun.objects.get().state == "queued", code


def test_the_site_s_own_word_finds_nothing_elsewhere(alpha, site, capsys):
    old_page()
    with tenant_context(site("beta")):
        from tests.factories import live_article

        live_article("beta", body=[{"type": "rich_text", "value": f"<p>{WORD}</p>"}])
    forbid(tenant=alpha)
    call_command("rescan", "--all")
    assert "新发现 1 处" in capsys.readouterr().out
    with tenant_context(site("beta")):
        assert not RescanFinding.objects.exists()
