"""Historical content: under a decision of two reviewers the drafts of an arrival go public after their scan."""

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.models import AfterReview, Clearance, Decision, Submission
from govplatform.review.queries import find_gate_faults, site_path
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.hosts import forget_hosts, public_url
from govplatform.tenancy.queries import get_tenant
from sites.arrivals.actions import change_arrival, start_import
from sites.arrivals.clearing import (
    approve_historical_clearance,
    propose_historical_clearance,
    revoke_historical_clearance,
)
from sites.arrivals.models import Arrival, HistoricalClearance, OldAddress
from sites.arrivals.running import work_on
from sites.articles.models import Article
from tests import factories
from tests.arrivals.old_site import HOST, WORDS, Answer, article
from tests.arrivals.uploading import ARRIVALS, surveyed
from tests.attacks.conftest import execute

ID_NUMBER = "110101199003074610"


def pages(count=6):
    return [
        Answer(f"/xw/{n}.html", article(f"岚河县第{n}号供水通知", words=(f"第{n}号。", *WORDS))) for n in range(count)
    ]


@pytest.fixture
def alpha_site(db):
    with tenant_context(get_tenant("alpha")):
        yield


def decide(arrival, **more):
    decision = propose_historical_clearance(
        arrival, acting_user=factories.user("alpha_content"), reason="旧网站已公开的内容。", **more
    )
    return approve_historical_clearance(decision, acting_user=factories.user("alpha_secret"), opinion="同意。")


def bring_in(arrival, user="alpha_editor"):
    work_on(start_import(arrival, acting_user=factories.user(user)))
    arrival.refresh_from_db()
    assert arrival.state == Arrival.State.DONE, arrival.reason


def held_back():
    return "".join(OldAddress.objects.exclude(held_back="").values_list("held_back", flat=True))


def nothing_is_public(why):
    assert not Article.objects.filter(live=True).exists()
    assert not Submission.objects.exists() and not Decision.objects.exists()
    assert why in held_back(), held_back()


def test_without_a_decision_everything_is_a_draft(alpha_site, tmp_path):
    bring_in(surveyed(tmp_path, pages(2)))
    assert Article.objects.count() == 2 and not Article.objects.filter(live=True).exists() and held_back() == ""


def test_under_a_decision_what_the_scan_lets_through_is_public(alpha_site, tmp_path, citizen):
    answers = [
        *pages(6),
        Answer("/xw/id.html", article("岚河县公布名单", words=(f"张三身份证号{ID_NUMBER}。", *WORDS))),
    ]
    arrival = surveyed(tmp_path, answers)
    decision = decide(arrival)
    bring_in(arrival)
    live = Article.objects.filter(live=True)
    assert live.count() == 6
    draft = Article.objects.get(live=False)
    assert draft.title == "岚河县公布名单" and not draft.workflow_in_progress
    assert "发现编号" in held_back()
    page = live.order_by("pk").first()
    assert page.original_published_at.isoformat() == "2019-03-02T02:20:00+00:00"
    assert page.first_published_at.year > 2019
    people = {(one.step, one.reviewer.username) for one in Decision.objects.filter(page_id=page.pk)}
    assert people == {("content", "alpha_content"), ("confidentiality", "alpha_secret")}
    opinions = set(Decision.objects.values_list("opinion", flat=True))
    assert opinions == {f"依据第 {decision.pk} 号历史内容审查决定自动办理，未逐件审阅。"}
    every = site_rule_pack().limit("standing_sample").count
    assert AfterReview.objects.count() == 1 + (6 - 1) // every
    published = Entry.objects.filter(act="arrival.publish")
    assert published.count() == 6 and published.first().actor_id is None
    assert find_gate_faults() == (6, [])
    # Once more: nothing is published twice, and what is held back stays.
    bring_in(arrival)
    assert Clearance.objects.count() == 6 and Article.objects.filter(live=True).count() == 6
    place = public_url(get_tenant("alpha"), site_path(page))
    old = OldAddress.objects.get(page=page, first=True).address.partition(HOST)[2]
    html = citizen("alpha").get(page.get_url()).content.decode()
    assert "原发布时间：" in html and "接收自原网站" in html
    # Whoever follows an old link comes to it, once the old name leads to this platform.
    forget_hosts()
    answer = Client(HTTP_HOST=HOST).get(old)
    assert (answer.status_code, answer.headers["Location"]) == (301, place)
    assert Client(HTTP_HOST=HOST).get("/never/there.html").status_code == 404


def test_the_button_says_what_it_does_before_and_after_the_import(alpha_site, tmp_path, console):
    arrival = surveyed(tmp_path)
    decision = decide(arrival)
    address, words = f"/admin/arrivals/{arrival.pk}/", f"并按第 {decision.pk} 号决定发布"
    assert words in console("alpha_editor", "alpha").get(address).content.decode()
    with tenant_context(get_tenant("alpha")):
        bring_in(arrival)
    shown = console("alpha_editor", "alpha").get(address).content.decode()
    assert words not in shown and "再次导入" in shown


def test_a_decision_after_the_import_reaches_the_drafts_that_nobody_touched(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(3))
    bring_in(arrival)
    touched, handed_in, _left = Article.objects.order_by("pk")
    draft = touched.get_latest_revision_as_object()
    draft.summary = "改过的摘要"
    draft.save_revision(user=factories.user("alpha_editor2"), log_action=True)
    factories.submit(handed_in)
    decide(arrival)
    bring_in(arrival)
    assert [page.live for page in Article.objects.order_by("pk")] == [False, False, True]
    assert "修改过" in held_back() and "送审过" in held_back()


def test_pages_that_were_read_with_little_confidence_stay_drafts(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, [*pages(1), Answer("/xw/doubt.html", article("没有日期的一页", day="-"))])
    decide(arrival, least_confidence=0.9)
    bring_in(arrival)
    assert Article.objects.get(live=True).title == "岚河县第0号供水通知"
    assert "低于决定的最低把握" in held_back()


def test_who_may_decide(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(1))
    for user in ("alpha_editor", "alpha_secret", "alpha_admin", "beta_content", "supervisor"):
        with pytest.raises(Refused):
            propose_historical_clearance(arrival, acting_user=factories.user(user), reason="理由。")
    content = factories.user("alpha_content")
    with pytest.raises(Refused, match="理由"):
        propose_historical_clearance(arrival, acting_user=content, reason=" ")
    decision = propose_historical_clearance(arrival, acting_user=content, reason="理由。")
    with pytest.raises(Refused, match="已有"):
        propose_historical_clearance(arrival, acting_user=content, reason="理由。")
    for user in ("alpha_content", "both_content", "alpha_editor", "beta_secret"):
        with pytest.raises(Refused):
            approve_historical_clearance(decision, acting_user=factories.user(user), opinion="同意。")
    secret = factories.user("alpha_secret")
    with pytest.raises(Refused, match="检查清单"):
        approve_historical_clearance(decision, acting_user=secret, opinion="同意。", checklist={})
    approve_historical_clearance(decision, acting_user=secret, opinion="同意。")
    revoke_historical_clearance(decision, acting_user=secret, reason="另有安排。")
    bring_in(arrival)
    assert not Article.objects.filter(live=True).exists() and held_back() == ""


def test_the_one_who_started_it_decides_nothing(alpha_site, tmp_path):
    """Who uploaded it, and became a reviewer since, as far as a row can say."""
    arrival = surveyed(tmp_path, pages(1))
    Arrival.objects.filter(pk=arrival.pk).update(uploaded_by=factories.user("alpha_content"))
    arrival.refresh_from_db()
    with pytest.raises(Refused, match="上传或发起"):
        propose_historical_clearance(arrival, acting_user=factories.user("alpha_content"), reason="理由。")
    decision = propose_historical_clearance(arrival, acting_user=factories.user("both_content"), reason="理由。")
    Arrival.objects.filter(pk=arrival.pk).update(uploaded_by=factories.user("alpha_secret"))
    with pytest.raises(Refused, match="上传或发起"):
        approve_historical_clearance(decision, acting_user=factories.user("alpha_secret"), opinion="同意。")


def test_changed_settings_and_exchanged_crawls_end_it(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(2))
    decide(arrival)
    arrival = change_arrival(
        arrival, acting_user=factories.user("alpha_editor"), rules="", column=factories.column(), limit=None
    )
    work_on(arrival)
    bring_in(arrival)
    nothing_is_public("有了变化")


def test_a_crawl_that_was_exchanged_after_the_decision(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(2))
    decide(arrival)
    other = surveyed(tmp_path, [Answer(f"/xw/{n}.html", article(f"换掉的第{n}页")) for n in range(2)])
    execute(
        "UPDATE arrivals_arrival SET crawl = %s, sha256 = %s WHERE id = %s",
        [other.crawl.name, other.sha256, arrival.pk],
    )
    arrival.refresh_from_db()
    bring_in(arrival)
    nothing_is_public("有了变化")
    # With the old sum left in place the file itself is refused.
    execute("UPDATE arrivals_arrival SET sha256 = %s WHERE id = %s", ["0" * 64, arrival.pk])
    arrival.refresh_from_db()
    work_on(start_import(arrival, acting_user=factories.user("alpha_editor")))
    arrival.refresh_from_db()
    assert "不一致" in arrival.reason and not Article.objects.filter(live=True).exists()


def test_a_decision_written_past_the_product_publishes_nothing(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(2))
    content, secret = factories.user("alpha_content"), factories.user("alpha_secret")
    HistoricalClearance.objects.create(
        arrival=arrival, host=arrival.host, crawl_sha256=arrival.sha256, settings_sha256=arrival.settings_sha256,
        pages=2, least_confidence=0, reason="伪造", ends_on="2999-01-01", proposed_by=content, approved_by=secret,
        approved_at="2026-01-01T00:00:00+08:00", opinion="伪造",
    )  # fmt: skip
    bring_in(arrival)
    nothing_is_public("审计记录中没有与这一决定相符")


def test_a_proposal_that_was_approved_by_raw_sql_publishes_nothing(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(1))
    decision = propose_historical_clearance(arrival, acting_user=factories.user("alpha_content"), reason="理由。")
    forged = "UPDATE arrivals_historicalclearance SET approved_by_id = %s, approved_at = now() WHERE id = %s"
    execute(forged, [factories.user("alpha_secret").pk, decision.pk])
    bring_in(arrival)
    nothing_is_public("审计记录中没有与这一决定相符")


def test_a_decision_that_was_widened_by_raw_sql_publishes_nothing(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(1))
    decision = decide(arrival, least_confidence=1)
    execute("UPDATE arrivals_historicalclearance SET least_confidence = 0 WHERE id = %s", [decision.pk])
    bring_in(arrival)
    nothing_is_public("审计记录中没有与这一决定相符")


def test_a_draft_that_was_changed_by_raw_sql_is_not_published(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(2))
    bring_in(arrival)
    page = Article.objects.order_by("pk").first()
    execute(
        "UPDATE wagtailcore_revision SET content = jsonb_set(content, '{summary}', '\"塞进来的话\"') WHERE id = %s",
        [page.latest_revision_id],
    )
    decide(arrival)
    bring_in(arrival)
    page.refresh_from_db()
    assert not page.live and Article.objects.filter(live=True).count() == 1
    assert "与生成时不同" in held_back()


def test_another_page_cannot_be_slipped_in(alpha_site, tmp_path):
    arrival = surveyed(tmp_path, pages(1))
    decide(arrival)
    own = factories.draft_article()
    OldAddress.objects.create(
        arrival=arrival, host=HOST, address=f"http://{HOST}/own.html", key="0" * 64, page=own, first=True, confidence=1
    )
    bring_in(arrival)
    own.refresh_from_db()
    assert not own.live and "没有这一页由这次接收生成的记录" in held_back()


def test_it_is_proposed_and_approved_on_the_screen(console, tmp_path):
    with tenant_context(get_tenant("alpha")):
        arrival = surveyed(tmp_path, pages(2))
    address = f"{ARRIVALS}{arrival.pk}/"
    content, secret = console("alpha_content", "alpha"), console("alpha_secret", "alpha")
    bad = content.post(address, {"act": "propose", "reason": "旧网站。", "least_confidence": "viel"})
    assert bad.status_code == 400 and "最低把握" in bad.content.decode()
    assert content.post(address, {"act": "propose", "reason": "旧网站。", "least_confidence": "0.8"}).status_code == 302
    assert "须由保密审查人批准" in content.get(address).content.decode()
    assert "待批准" in secret.get(address).content.decode()
    # Whoever may approve it learns of it where the work of the day stands, and nobody else does.
    assert "历史内容审查决定待批准" in secret.get("/admin/").content.decode()
    assert "历史内容审查决定待批准" not in content.get("/admin/").content.decode()
    bare = secret.post(address, {"act": "approve", "opinion": "同意。"})
    assert bare.status_code == 400 and "检查清单" in bare.content.decode()
    with tenant_context(get_tenant("alpha")):
        checks = [item.code for item in site_rule_pack().checklists["confidentiality"]]
    assert secret.post(address, {"act": "approve", "opinion": "同意。", "checked": checks}).status_code == 302
    with tenant_context(get_tenant("alpha")):
        bring_in(arrival)
        assert Article.objects.filter(live=True).count() == 2
    assert "历史内容审查决定待批准" not in secret.get("/admin/").content.decode()
    shown = secret.get(address).content.decode()
    assert "按决定发布" in shown and "已发布" in shown
    assert secret.post(address, {"act": "revoke", "reason": "到此为止。"}).status_code == 302
    assert "已终止" in secret.get(address).content.decode()
