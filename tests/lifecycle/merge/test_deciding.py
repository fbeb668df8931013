"""What people decide about a merge: it is begun, confirmed or taken back, with every reason against it named."""

import json
from html import unescape

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.models import Page

from govplatform.accounts.actions import grant_role
from govplatform.accounts.models import RoleOffer
from govplatform.audit.models import Entry
from govplatform.lifecycle.merge.actions import (
    ask_to_revert,
    ask_to_verify,
    begin_or_resume,
    confirm_merge,
    request_merge,
)
from govplatform.lifecycle.merge.running import alone_at, run_merge, run_reversal, verify_merge
from govplatform.lifecycle.merge.showing import missing_notices
from govplatform.lifecycle.models import Merge, SiteApplication, SiteNotice
from govplatform.lifecycle.notices.reviewers import reviewers_in_words
from govplatform.lifecycle.tasks import merge_site_job, revert_merge_job, verify_merge_job
from govplatform.refusals import Refused
from govplatform.tenancy.freezing import SiteFrozen
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.verbs import call_verb

from ..life import asked_merge, carried_merge, retiring, retiring_beta
from .frozen import freeze

pytestmark = pytest.mark.django_db
__all__ = ["asked_merge", "carried_merge", "retiring_beta"]


def ask(source="beta", destination="alpha", who="operator", **more):
    return request_merge(get_tenant(source), get_tenant(destination), acting_user=factories.user(who), **more)


def acts_of(code):
    return list(Entry.objects.filter(chain=get_tenant(code).schema_name).values_list("act", flat=True))


def test_without_a_retirement_it_is_refused():
    with pytest.raises(Refused, match="没有已批准并公告的关停申请"):
        ask()
    assert not Merge.objects.exists()


def test_all_reasons_are_told_at_once_those_of_the_map_among_them(retiring_beta):
    SiteNotice.objects.update(down_at="2026-01-01T00:00Z")
    with pytest.raises(Refused) as refused:
        ask(wishes={"nowhere": "news", "news": "a b"})
    told = "".join(refused.value.reasons)
    for words in ("迁移公告", "没有栏目“nowhere”", "“a b”不是栏目路径"):
        assert words in told


def test_it_is_on_record_in_both_chains_and_the_source_is_frozen_from_then_on(retiring_beta):
    merge = ask(wishes={"news": "news"}, drafts=True)
    assert (merge.state, merge.wishes, merge.drafts) == ("queued", {"news": "news"}, True)
    assert merge.application == SiteApplication.objects.get()
    assert get_tenant("beta").frozen and not get_tenant("alpha").frozen
    assert "merge.request" in acts_of("beta") and "merge.request" in acts_of("alpha")
    assert "site.freeze" in acts_of("beta")
    with tenant_context(get_tenant("beta")), pytest.raises(SiteFrozen), transaction.atomic():
        factories.draft_article("beta_editor")


def test_frozen_once_it_is_on_record_once(asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    run_merge(merge.pk)
    assert acts_of("beta").count("site.freeze") == 1


def test_a_request_that_is_refused_freezes_nothing():
    with pytest.raises(Refused):
        ask()
    assert not get_tenant("beta").frozen


def test_there_is_no_second_one_of_the_same_site(asked_merge):
    with pytest.raises(Refused, match="已在办理"):
        ask()


def test_broken_off_it_is_resumed_and_not_with_another_map(asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    sites = get_tenant("beta"), get_tenant("alpha")
    operator = factories.user("operator")
    assert begin_or_resume(*sites, acting_user=operator, wishes={}, drafts=False) == merge
    with pytest.raises(Refused, match="另一份对照表"):
        begin_or_resume(*sites, acting_user=operator, wishes={"news": "-"}, drafts=False)


def test_a_reason_that_came_since_ends_it_and_the_source_can_be_edited(asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    SiteNotice.objects.update(down_at="2026-01-01T00:00Z")
    merge = run_merge(merge.pk)
    assert merge.state == "refused" and "迁移公告" in merge.reasons[0]
    assert not get_tenant("beta").frozen
    assert "merge.refuse" in acts_of("beta")
    # It may be begun again.
    SiteNotice.objects.update(down_at=None)
    assert ask().pk != merge.pk


def test_taken_back_before_anything_was_carried_it_only_opens_the_source_again(asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    with pytest.raises(Refused, match="理由"):
        ask_to_revert(merge, acting_user=factories.user("operator"), reason=" ", queued=False)
    ask_to_revert(merge, acting_user=factories.user("operator"), reason="改期办理。", queued=False)
    merge = run_reversal(merge.pk)
    assert (merge.state, merge.reasons, merge.ended_by) == ("refused", ["改期办理。"], factories.user("operator"))
    assert not get_tenant("beta").frozen
    assert "merge.refuse" in acts_of("beta") and "merge.refuse" in acts_of("alpha")
    assert run_merge(merge.pk).state == "refused"


def test_a_reversal_that_was_decided_keeps_the_work_from_beginning(asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    ask_to_revert(merge, acting_user=factories.user("supervisor"), reason="改期办理。", queued=False)
    assert run_merge(merge.pk).state == "queued"
    assert run_reversal(merge.pk).state == "refused"
    assert not get_tenant("beta").frozen


def test_it_is_confirmed_when_nothing_is_missing_and_the_site_is_retired(carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    merge = confirm_merge(merge, acting_user=factories.user("supervisor"))
    assert merge.state == "confirmed" and get_tenant("beta").status == "retired"
    assert "merge.confirm" in acts_of("beta") and "merge.confirm" in acts_of("alpha")
    with pytest.raises(Refused, match="已经确认"):
        ask_to_revert(merge, acting_user=factories.user("operator"), reason="反悔。")


def test_with_faults_or_without_the_notice_it_is_not_confirmed(carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    Merge.objects.update(faults=[{"what": "page", "reason": "missing"}])
    SiteNotice.objects.filter(kind="completion").update(live_at=None)
    with pytest.raises(Refused) as refused:
        confirm_merge(merge, acting_user=factories.user("operator"))
    told = "".join(refused.value.reasons)
    assert "1 处差错" in told and "公告还没有发布" in told
    assert get_tenant("beta").status == "retiring"


def test_what_was_not_carried_cannot_be_verified(asked_merge):
    with pytest.raises(Refused, match="没有可核对的内容"):
        verify_merge(Merge.objects.get(pk=asked_merge))


# --- verbs -------------------------------------------------------------------------------


def test_the_list_of_merges_is_printed_for_all_and_for_one_site(carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    for words, there in ((), 1), (("--site", "beta"), 1), (("--site", "console"), 0):
        done = call_verb("merges", *words, "--json")
        assert done.returncode == 0
        told = json.loads(done.stdout)["merges"]
        assert len(told) == there
    told = json.loads(call_verb("merges", "--json").stdout)["merges"][0]
    assert (told["merge"], told["state"], told["source"], told["destination"]) == (merge.pk, "moved", "beta", "alpha")


def test_verbs_confirm_and_refuse_with_reasons(carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    done = call_verb("confirm_merge", str(merge.pk), "--as", "operator", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"merge": merge.pk, "state": "confirmed"})
    done = call_verb("revert_merge", str(merge.pk), "--as", "operator", "--reason", "反悔。", "--json")
    assert done.returncode == 3 and "已经确认" in done.stdout
    assert call_verb("confirm_merge", "99999", "--as", "operator", "--json").returncode == 3


# --- screens -----------------------------------------------------------------------------


def address(merge):
    return reverse("lifecycle_merge", args=[merge.pk])


def test_nothing_is_there_yet_and_the_plan_leads_on(console):
    told = console("operator", "console").get(reverse("lifecycle_merges")).content.decode()
    assert "还没有站点并入" in told and reverse("lifecycle_merge_plan") in told


def test_the_plan_says_what_stands_against_it_and_begins_when_nothing_does(console):
    operator, plan = console("operator", "console"), reverse("lifecycle_merge_plan")
    asked = {"source": "beta", "destination": "alpha"}
    told = operator.get(plan, asked).content.decode()
    assert "没有已批准并公告的关停申请" in told and 'name="begin"' not in told
    refused = operator.post(plan, {**asked, "to:news": "news", "begin": "on"})
    assert refused.status_code == 400 and "没有已批准并公告的关停申请" in refused.content.decode()
    retiring()
    assert 'name="begin"' in operator.get(plan, asked).content.decode()
    begun = operator.post(plan, {**asked, "to:news": "news", "begin": "on"})
    merge = Merge.objects.get()
    assert begun.status_code == 302 and begun.headers["Location"] == address(merge)
    assert merge.wishes["news"] == "news" and merge.requested_by.username == "operator"
    news = operator.get(address(merge), headers={"accept": "application/json"}).json()
    assert (news["state"], news["running"], news["label"]) == ("queued", True, "等待执行")
    assert "data-batch" in operator.get(address(merge)).content.decode()


def test_a_merge_shows_what_is_missing_and_is_confirmed(console, carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    SiteNotice.objects.filter(kind="completion").update(live_at=None)
    Merge.objects.update(not_moved=[{"kind": "草稿", "count": 3, "reason": "没有选择迁移草稿。"}], counts={"pages": 7})
    supervisor = console("supervisor", "console")
    told = supervisor.get(address(merge)).content.decode()
    page = SiteNotice.objects.get(kind="completion").page_id
    for words in ("确认之前还缺", "请该站的审核人办理", "没有选择迁移草稿", "退回原因"):
        assert words in told, words
    # Who clears it is named; the way there is offered to whoever may go it.
    people = reviewers_in_words(merge.destination)
    assert "内容审核：" in people and people in told and f"/admin/review/{page}/" not in told
    [notice] = missing_notices(merge, factories.user("alpha_content"))
    assert notice["url"].endswith(f"/admin/review/{page}/")
    assert 'name="confirm"' not in told
    refused = supervisor.post(address(merge), {"confirm": ""})
    assert refused.status_code == 400 and "公告还没有发布" in refused.content.decode()
    SiteNotice.objects.filter(kind="completion").update(live_at="2026-01-01T00:00Z")
    assert 'name="confirm"' in supervisor.get(address(merge)).content.decode()
    assert supervisor.post(address(merge), {"confirm": ""}).status_code == 302
    assert get_tenant("beta").status == "retired"
    told = supervisor.get(address(merge)).content.decode()
    assert 'name="revert"' not in told and "已确认" in told


def test_the_application_leads_to_the_merge_that_was_begun_and_not_to_a_plan(console, carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    application = reverse("site_application", args=[merge.application_id])
    shown = console("operator", "console").get(application).content.decode()
    assert address(merge) in shown and "内容并入已经发起" in shown and "拟定并入方案" not in shown


def test_between_the_switch_and_its_proof_the_screen_waits_and_sends_nobody_looking(console, carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    Merge.objects.filter(pk=merge.pk).update(verified_at=None)
    address = reverse("lifecycle_merge", args=[merge.pk])
    with alone_at(merge.pk):
        answer = console("operator", "console").get(address)
        text = answer.content.decode()
        assert "已切换，正在核对" in text and "data-batch" in text
        for too_early in ("请先核对", "请检查该站的公告栏目", 'name="confirm"', 'name="revert"'):
            assert too_early not in text
    text = console("operator", "console").get(address).content.decode()
    assert "data-batch" not in text and 'name="verify"' in text


def test_a_reversal_wants_its_reason_and_is_done_by_the_worker(console, asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    Merge.objects.update(requested_at="2026-01-01T00:00Z")
    operator = console("operator", "console")
    told = operator.get(address(merge)).content.decode()
    assert "已中断" in told and 'name="resume"' in told
    assert operator.post(address(merge), {"resume": ""}).status_code == 302
    refused = operator.post(address(merge), {"revert": "", "reason": " "})
    assert refused.status_code == 400 and "退回须写明理由" in refused.content.decode()
    assert operator.post(address(merge), {"revert": "", "reason": "改期办理。"}).status_code == 302
    news = operator.get(address(merge), headers={"accept": "application/json"}).json()
    assert (news["running"], news["label"]) == (True, "退回中")
    run_reversal(merge.pk)
    assert "改期办理。" in operator.get(address(merge)).content.decode()


def test_a_proof_that_is_asked_for_again_and_again_is_made_once(console, carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    operator = console("operator", "console")
    for _turn in range(3):
        assert operator.post(address(merge), {"verify": ""}).status_code == 302
    assert ProcrastinateJob.objects.filter(queueing_lock=f"verify:{merge.pk}", status="todo").count() == 1


def test_administrators_of_both_sites_read_it_and_nobody_else_there(console, asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    for site in ("beta", "alpha"):
        admin = console(f"{site}_admin", site)
        told = admin.get(address(merge))
        assert told.status_code == 200 and 'name="' + "resume" not in told.content.decode()
        assert admin.post(address(merge), {"revert": "", "reason": "x"}).status_code == 403
        assert console(f"{site}_editor", site).get(address(merge)).status_code == 403
    freeze()
    assert address(merge) in console("beta_admin", "beta").get("/admin/").content.decode()


# --- the worker --------------------------------------------------------------------------


def test_the_worker_carries_a_merge_out_announces_it_and_offers_roles(alpha, asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    merge_site_job.func(merge.pk)
    merge.refresh_from_db()
    assert (merge.state, merge.faults) == ("moved", []) and merge.verified_at is not None
    assert merge.counts["checked"] > 0
    notice = SiteNotice.objects.get(kind="completion")
    assert notice.page_id is not None and notice.live_at is None
    offers = RoleOffer.objects.filter(tenant=alpha, state="waiting")
    assert offers.filter(person__username="beta_editor", role="editor", offered_by=merge.requested_by).exists()
    # Reviews alpha already, so there is nothing to offer.
    assert not offers.filter(person__username="both_content").exists()
    # Once more: nothing is left to be done.
    merge_site_job.func(merge.pk)
    assert offers.count() == len(set(offers.values_list("person_id", "role")))


def test_what_separation_forbids_is_told_among_what_was_not_moved(asked_merge):
    merge = Merge.objects.get(pk=asked_merge)
    grant_role(factories.user("beta_auditor"), "editor", tenant=get_tenant("alpha"), acting_user=None)
    merge = run_merge(merge.pk)
    [told] = [one["reason"] for one in merge.not_moved if "乙审计" in one["reason"]]
    assert "没有邀请" in told and "须由不同的人担任" in told


def test_the_worker_takes_it_back(alpha, asked_merge):
    merge = run_merge(asked_merge)
    notice = SiteNotice.objects.get(kind="completion")
    ask_to_revert(merge, acting_user=factories.user("operator"), reason="栏目有误。")
    revert_merge_job.func(merge.pk)
    merge.refresh_from_db()
    assert merge.state == "reverted" and not get_tenant("beta").frozen
    assert not SiteNotice.objects.filter(kind="completion").exists()
    # The draft that nobody has decided on goes with it.
    assert merge.reasons == []
    with tenant_context(alpha):
        assert not Page.objects.filter(pk=notice.page_id).exists()


def test_a_completion_notice_that_was_decided_on_stays_and_the_record_says_so(alpha, console, asked_merge):
    merge = run_merge(asked_merge)
    notice = SiteNotice.objects.get(kind="completion")
    with tenant_context(alpha):
        factories.approve(Page.objects.get(pk=notice.page_id).specific, "alpha_content")
    ask_to_revert(merge, acting_user=factories.user("operator"), reason="栏目有误。")
    revert_merge_job.func(merge.pk)
    merge.refresh_from_db()
    assert merge.state == "reverted"
    [told] = merge.reasons
    assert alpha.full_name in told and "须保留备查" in told
    with tenant_context(alpha):
        page = Page.objects.get(pk=notice.page_id)
        assert not page.live and not page.workflow_in_progress
    assert told in unescape(console("operator", "console").get(address(merge)).content.decode())


def test_a_completion_notice_that_is_up_comes_down_with_the_merge_that_is_taken_back(alpha, carried_merge):
    """It may be taken back until it is confirmed, and the notice is up before that."""
    merge = Merge.objects.get(pk=carried_merge)
    page_id = SiteNotice.objects.get(kind="completion", live_at__isnull=False).page_id
    ask_to_revert(merge, acting_user=factories.user("operator"), reason="栏目有误。")
    revert_merge_job.func(merge.pk)
    merge.refresh_from_db()
    assert (merge.state, merge.reasons, get_tenant("beta").frozen) == ("reverted", [], False)
    with tenant_context(alpha):
        assert not Page.objects.get(pk=page_id).live


@pytest.mark.parametrize("gone", ["beta", "alpha"])
def test_of_a_site_that_was_dropped_since_nothing_is_compared_and_the_last_proof_stands(gone, carried_merge):
    merge = confirm_merge(Merge.objects.get(pk=carried_merge), acting_user=factories.user("operator"))
    Tenant.objects.filter(code=gone).update(dropped_at=timezone.now())
    done = call_verb("verify_merge", str(merge.pk), "--json")
    [told] = json.loads(done.stdout)["refused"]
    assert done.returncode == 3 and f"restore_site 恢复站点 {gone}" in told and "差错 0 处" in told
    with pytest.raises(Refused, match="已备份并移除"):
        ask_to_verify(Merge.objects.get(pk=merge.pk))
    # Asked for before: the job ends, and the result of the last proof is what it was.
    verify_merge_job.func(merge.pk)
    after = Merge.objects.get(pk=merge.pk)
    assert (after.verified_at, after.faults) == (merge.verified_at, [])
