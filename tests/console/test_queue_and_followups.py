"""Queue, emergency, follow-ups and the supervisor's withdrawal, through the console."""

import datetime
import re

import pytest
from django.db import connection
from django_tenants.utils import schema_context, tenant_context
from wagtail.models import Page

from govplatform.accounts.models import Absence
from govplatform.review.gate.scans import scan_now
from govplatform.review.models import AfterReview, Claim, Submission, Withdrawal, WithdrawalConfirmation
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.queries import get_tenant
from tests.factories import approve, draft_article, submit, user

QUEUE = "/admin/review/"
AGAIN = "/admin/review/again/"


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def waiting(**fields):
    page = draft_article(**fields)
    submit(page)
    return page


def line(page, **more):
    return {"site": "alpha", "page": str(page.pk), **more}


def test_an_empty_queue_says_so(alpha, console):
    html = text(console("alpha_secret", "alpha").get(QUEUE))
    assert "没有等待你审查的信息" in html
    assert "外出代办" in html


def test_the_queue_shows_deadline_filter_and_keys(alpha, console):
    waiting(title="防汛预案公布")
    waiting(title="停水通知", column="notices")
    client = console("alpha_content", "alpha")
    html = text(client.get(QUEUE))
    assert "办理期限" in html
    assert "共 2 条待办" in html
    assert "<kbd>c</kbd>" in html
    html = text(client.get(QUEUE, {"words": "停水"}))
    assert "停水通知" in html
    assert "防汛预案公布" not in html
    assert "没有符合条件的待办" in text(client.get(QUEUE, {"late": "1"}))


def test_claiming_and_letting_go(alpha, console):
    page = waiting(title="防汛预案公布")
    mine, other = console("alpha_content", "alpha"), console("both_content", "beta")
    response = mine.post("/admin/review/claim/", line(page, act="claim", back_words="防汛"))
    assert response.url == f"/admin/review/?words=%E9%98%B2%E6%B1%9B#waits-alpha-{page.pk}"
    assert "我已认领" in text(mine.get(QUEUE))
    html = text(other.get(QUEUE))
    assert "甲内审" in html
    assert "我已认领" not in html
    # From the console of another site, on which both review.
    other.post("/admin/review/claim/", line(page, act="claim"))
    assert Claim.objects.get().person == user("alpha_content")
    mine.post("/admin/review/claim/", line(page, act="release"))
    assert not Claim.objects.exists()


def test_handing_over(alpha, console):
    page = waiting(title="防汛预案公布")
    client = console("alpha_content", "alpha")
    html = text(client.get("/admin/review/hand-over/", line(page)))
    assert "双站内审" in html
    assert "甲密审" not in html
    assert "请选择转交给谁" in text(client.post("/admin/review/hand-over/", line(page)))
    client.post("/admin/review/hand-over/", line(page, to="both_content", note="我下午开会。"))
    assert Claim.objects.get().person == user("both_content")
    assert "我下午开会" in text(console("both_content", "alpha").get(QUEUE))


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "alpha_auditor"])
def test_queue_screens_are_for_reviewers(alpha, console, who):
    page = waiting()
    client = console(who, "alpha")
    for address in (QUEUE, "/admin/review/hand-over/", AGAIN, "/admin/review/again/one/", "/admin/absence/"):
        assert client.get(address, line(page)).status_code == 403, address
    assert client.post("/admin/review/claim/", line(page, act="claim")).status_code == 403
    assert not Claim.objects.exists()


def test_absence_is_registered_and_ended(alpha, console):
    client = console("alpha_content", "alpha")
    assert "双站内审" in text(client.get("/admin/absence/"))
    form = {"act": "register", "deputy": "both_content", "starts_on": "2026-01-01", "ends_on": "2999-12-31"}
    assert "开始日期" in text(client.post("/admin/absence/", {**form, "starts_on": "明天"}))
    assert "请从列表里选择" in text(client.post("/admin/absence/", {**form, "deputy": "beta_content"}))
    assert client.post("/admin/absence/", form).status_code == 302
    absence = Absence.objects.get()
    assert "甲内审" in text(console("both_content", "alpha").get("/admin/absence/"))
    assert (
        console("both_content", "alpha").post("/admin/absence/", {"act": "end", "absence": absence.pk}).status_code
        == 404
    )
    client.post("/admin/absence/", {"act": "end", "absence": absence.pk})
    absence.refresh_from_db()
    assert absence.ended_at is not None


def test_an_emergency_from_the_editor_to_the_review_after_the_fact(alpha, console):
    page = draft_article(title="防汛预警")
    editor = console("alpha_editor", "alpha")
    address = f"/admin/review/{page.pk}/emergency/"
    assert address in text(editor.get(f"/admin/pages/{page.pk}/edit/"))
    html = text(editor.get(address))
    assert set(re.findall(r'<option value="(\w+)"', html)) == {"alpha_content", "both_content", "alpha_secret"}
    form = {"content": "alpha_content", "confidentiality": "alpha_secret", "reason": ""}
    assert "须写明理由" in text(editor.post(address, form))
    assert editor.post(address, {**form, "reason": "台风将至。"}).status_code == 302
    assert Submission.objects.get(page_id=page.pk).emergency
    assert "紧急" in text(console("alpha_content", "alpha").get(QUEUE))
    assert "指定由" in text(console("both_content", "alpha").get(f"/admin/review/{page.pk}/"))

    scan_now(page, acting_user=user("alpha_editor"))
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    after = AfterReview.objects.get(page_id=page.pk)
    third = console("both_content", "alpha")
    assert "防汛预警" in text(third.get("/admin/"))
    named = {"site": "alpha", "kind": "after_review", "number": after.pk}
    assert "台风将至" in text(third.get("/admin/review/again/one/", named))
    assert "请填写复核意见" in text(third.post("/admin/review/again/one/", {**named, "verdict": "yes"}))
    for who in ("alpha_content", "alpha_secret"):
        assert console(who, "alpha").get("/admin/review/again/one/", named).status_code == 404
    third.post("/admin/review/again/one/", {**named, "verdict": "yes", "opinion": "属实。"})
    after.refresh_from_db()
    assert after.verdict == "confirmed"
    assert "没有等待事后复核" in text(third.get(AGAIN))


def test_a_supervisor_finds_a_page_by_its_address_and_withdraws_it(alpha, live, console):
    page = live("article")
    client = console("supervisor", "console")
    address = f"http://alpha.localhost:8000/news/{page.slug}/"
    screen = "/admin/review/withdraw-at-once/"
    assert screen in text(client.get("/admin/"))
    for asked in (
        {"address": address},
        {"site": "alpha", "page": page.pk},
        {"address": f"alpha.localhost/news/{page.slug}"},
    ):
        assert page.title in text(client.get(screen, asked)), asked
    for asked in (
        {"address": "http://elsewhere.example/x/"},
        {"address": "http://alpha.localhost/nothing/"},
        {"address": "http://[broken"},
        {"site": "alpha", "page": "x"},
        {"site": "nosuch", "page": "1"},
        {"site": "alpha", "page": page.get_parent().pk},
    ):
        assert "没有办成" in text(client.get(screen, asked)), asked
    assert "须写明理由" in text(client.post(screen, line(page, reason=" ")))
    assert client.post(screen, line(page, reason="附件泄密。")).status_code == 302
    assert not Page.objects.get(pk=page.pk).live
    withdrawal = Withdrawal.objects.get()
    # It waits, on the supervisor's own screen without a way to confirm it.
    named = {"site": "alpha", "kind": "withdrawal", "number": withdrawal.pk}
    assert page.title in text(client.get("/admin/"))
    told = client.post("/admin/review/again/one/", {**named, "verdict": "yes", "opinion": "本人确认"}, follow=True)
    assert "不再由你办理。你写的意见没有提交：本人确认" in text(told)
    assert not WithdrawalConfirmation.objects.exists()
    reviewer = console("alpha_content", "alpha")
    assert "附件泄密" in text(reviewer.get(AGAIN))
    reviewer.post("/admin/review/again/one/", {**named, "verdict": "no", "opinion": "并不涉密。"})
    assert WithdrawalConfirmation.objects.get().verdict == "contested"


@pytest.mark.parametrize(
    ("who", "where"),
    [("operator", "console"), ("alpha_content", "alpha"), ("alpha_editor", "alpha"), ("alpha_admin", "alpha")],
)
def test_nobody_else_finds_the_supervisor_s_screen(alpha, live, console, who, where):
    page = live("article")
    client = console(who, where)
    assert client.get("/admin/review/withdraw-at-once/").status_code == 403
    assert client.post("/admin/review/withdraw-at-once/", line(page, reason="x")).status_code == 403
    assert Page.objects.get(pk=page.pk).live


def test_what_is_stuck_names_the_person_of_an_emergency(alpha, console):
    from tests.review.reviewers import emergency

    page = draft_article(title="防汛预警")
    submit_for_review(page, acting_user=user("alpha_editor"), emergency=emergency())
    html = text(console("alpha_editor", "alpha").get("/admin/"))
    assert "甲内审" in html
    assert "双站内审" not in html


def test_a_long_queue_is_paged_and_the_start_page_shows_its_head(alpha, console, monkeypatch):
    monkeypatch.setattr("govplatform.review.screens.queue_views.PER_PAGE", 2)
    monkeypatch.setattr("govplatform.review.screens.panels.ROWS", 2)
    pages = [waiting(title=f"第{number}号停水通知") for number in range(5)]
    client = console("alpha_content", "alpha")
    html = text(client.get(QUEUE, {"words": "停水", "page": "2"}))
    assert "第 2 页，共 3 页" in html
    assert "第2号停水通知" in html
    assert "第0号停水通知" not in html
    assert "words=%E5%81%9C%E6%B0%B4&amp;page=3" in html
    assert "第4号停水通知" in text(client.get(QUEUE, {"page": "99"})), "a page past the end is the last one"
    response = client.post("/admin/review/claim/", line(pages[2], act="claim", back_words="停水", back_page="2"))
    assert response.url.endswith(f"&page=2#waits-alpha-{pages[2].pk}")
    html = text(client.get("/admin/"))
    assert "这里是最先到期的 2 条，共 5 条" in html
    assert "第4号停水通知" not in html


def test_the_queue_says_what_the_scan_found_and_what_is_late(alpha, console):
    waiting(title="停水通知")
    late = waiting(title="名单公示", body=[{"type": "rich_text", "value": "<p>经办人手机13800138000。</p>"}])
    state = late.current_workflow_task_state
    state.started_at -= datetime.timedelta(days=30)
    state.save()
    submit_for_review(draft_article(title="还没有扫描"), acting_user=user("alpha_editor"))
    html = text(console("alpha_content", "alpha").get(QUEUE))
    assert "需要判断 1" in html
    assert re.search(r'class="bad">已超 \d+ 个工作日<', html)
    assert "1 条已超时" in html
    assert "尚未扫描" in html or "正在扫描" in html
    assert html.index("名单公示") < html.index("停水通知"), "the late one comes first"


def test_handing_over_what_is_gone_leads_back_to_the_queue(alpha, console):
    page = waiting()
    client = console("alpha_content", "alpha")
    approve(page, "both_content")
    for response in (
        client.get("/admin/review/hand-over/", line(page), follow=True),
        client.post("/admin/review/hand-over/", line(page, to="both_content"), follow=True),
    ):
        assert response.redirect_chain[-1][0] == QUEUE
        assert "可能刚由他人办结" in text(response)


def test_a_supervisor_finds_what_to_take_down_by_its_title(live, console):
    page = live("article")
    with schema_context("site_alpha"):
        column = page.get_parent().title
    client, screen = console("supervisor", "console"), "/admin/review/withdraw-at-once/"
    assert '<option value="alpha"' in text(client.get(screen))
    found = text(client.get(screen, {"site": "alpha", "title": page.title[2:6]}))
    assert f"?site=alpha&amp;page={page.pk}" in found
    assert page.title in text(client.get(screen, {"site": "alpha", "page": page.pk}))
    assert "没有标题含有这几个字" in text(client.get(screen, {"site": "beta", "title": "绝无此文"}))
    assert "请选择站点，并填写标题" in text(client.get(screen, {"site": "alpha"}))
    assert "请选择站点，并填写标题" in text(client.get(screen, {"title": page.title}))
    for site in ("console", "nowhere"):
        assert client.get(screen, {"site": site, "title": "x"}).status_code == 200
    assert "?site=alpha&amp;page=" not in text(client.get(screen, {"site": "alpha", "title": column})), "a column"


def test_the_queue_says_age_and_limit_in_words_and_groups_by_site(alpha, console):
    first, other = draft_article(title="甲站一号"), draft_article(title="甲站二号")
    submit(first)
    with tenant_context(get_tenant("beta")):
        submit(draft_article("beta_editor", title="乙站一号"), "beta_editor")
    connection.set_tenant(alpha)
    submit(other)
    client = console("both_content", "alpha")
    flat = client.get("/admin/review/").content.decode()
    assert "还剩 1 个工作日" in flat
    assert "刚到" in flat
    assert "queue__site" not in flat
    grouped = client.get("/admin/review/?group=site").content.decode()
    places = [grouped.index(f">{title}<") for title in ("甲站一号", "甲站二号", "乙站一号")]
    assert places == sorted(places), "a site's lines stand together"
    assert grouped.count("queue__site") == 2
    assert "清除" not in grouped, "the order is no filter"
