"""Pages that wait when their site closes, for their reviewers or for their day: told before, chosen, told after."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.lifecycle.merge.actions import begin_or_resume, request_merge
from govplatform.lifecycle.merge.planning import plan_merge
from govplatform.lifecycle.merge.running import run_merge, verify_merge
from govplatform.lifecycle.models import Merge
from govplatform.refusals import Refused
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.review.tasks import publish_due_pages
from govplatform.review.transfers.waiting import waiting_pages
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from tests import factories
from tests.layers import layered
from tests.lifecycle.life import merge_asked_for, retiring
from tests.verbs import call_verb

pytestmark = pytest.mark.django_db

#: Still to come when the run gets here.
LATER = timezone.now() + timedelta(hours=6)
DECIDED, SCHEDULED, IN_REVIEW = "已有审查意见、没有审完的信息", "已审定、待发布的信息", "审查中、从未公开的信息"


@layered
def who_wait():
    """beta with a page for each way of waiting."""
    beta = get_tenant("beta")
    with tenant_context(beta):
        factories.publish(
            factories.draft_article("beta_editor", title="明日公布", slug="later", go_live_at=LATER), "beta"
        )
        fresh = factories.draft_article("beta_editor", title="新送审", slug="fresh")
        factories.submit(fresh, "beta_editor")
        changed = factories.live_article("beta", title="更正中", slug="changed")
        changed.title = "更正过的"
        changed.save_revision(user=factories.user("beta_editor"))
        submit_for_review(Article.objects.get(pk=changed.pk), acting_user=factories.user("beta_editor"))
        factories.approve(Article.objects.get(pk=changed.pk), "beta_content")
        factories.draft_article("beta_editor", title="草稿", slug="draft")


@pytest.fixture
def sites(who_wait, alpha):
    return get_tenant("beta"), alpha


def told(plan):
    left = {one.kind: one.count for one in plan.left}
    return {name: left[name] for name in (SCHEDULED, IN_REVIEW, "草稿") if name in left}, {
        one.kind: (one.count, one.outcome) for one in plan.concerns
    }


def test_the_site_knows_who_waits(sites):
    beta, _alpha = sites
    with tenant_context(beta):
        found = waiting_pages()
        slugs = dict(Article.objects.values_list("pk", "slug"))
    assert {slugs[pk] for pk in found.scheduled} == {"later"}
    assert {slugs[pk] for pk in found.under_review} == {"fresh", "changed"}
    assert {slugs[pk] for pk in found.decided_on} == {"changed"}


def test_the_plan_names_them_and_what_becomes_of_them(sites):
    left, concerns = told(plan_merge(*sites))
    assert left == {IN_REVIEW: 1, "草稿": 1}
    assert concerns[SCHEDULED] == (1, "迁入后仍到预定时间在并入站点公开。")
    count, outcome = concerns[DECIDED]
    assert count == 1 and "编辑重新送审" in outcome and "请在并入之前审查完毕" in outcome
    assert f"“更正过的”（内容审核：{factories.user('beta_content')}）" in outcome
    left, concerns = told(plan_merge(*sites, scheduled=False))
    assert left == {SCHEDULED: 1, IN_REVIEW: 1, "草稿": 1} and SCHEDULED not in concerns
    left, concerns = told(plan_merge(*sites, drafts=True, scheduled=False))
    assert left == {} and concerns[SCHEDULED][0] == 1 and concerns["审查中的信息"][0] == 1


def test_what_is_cleared_for_later_goes_along_and_is_public_there_on_its_day(sites, monkeypatch):
    beta, alpha = sites
    retiring()
    beta.refresh_from_db()
    merge = run_merge(request_merge(beta, alpha, acting_user=factories.user("operator"), queued=False).pk)
    assert (merge.state, merge.faults) == ("moved", [])
    left = {one["kind"]: one for one in merge.not_moved}
    assert SCHEDULED not in left and left[IN_REVIEW]["count"] == 1
    assert left["已作出的审查意见"]["count"] == 1 and "编辑重新送审" in left["已作出的审查意见"]["reason"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER + timedelta(hours=1))
    with tenant_context(alpha):
        assert not Article.objects.get(slug="later").live
        publish_due_pages()
        assert Article.objects.get(slug="later").live
    assert verify_merge(merge)["faults"] == []


def test_by_choice_it_stays_and_is_told(sites):
    beta, alpha = sites
    retiring()
    beta.refresh_from_db()
    asked = {"acting_user": factories.user("operator"), "wishes": {}, "drafts": False}
    merge = begin_or_resume(beta, alpha, **asked, scheduled=False)
    with pytest.raises(Refused, match="另一份对照表"):
        begin_or_resume(beta, alpha, **{**asked, "drafts": True})
    merge = run_merge(merge.pk)
    assert (merge.state, merge.faults, merge.scheduled) == ("moved", [], False)
    left = {one["kind"]: one for one in merge.not_moved}
    assert left[SCHEDULED]["count"] == 1 and "到时也不会公开" in left[SCHEDULED]["reason"]
    with tenant_context(alpha):
        assert not Article.objects.filter(slug="later").exists()


def test_a_resumed_merge_keeps_to_its_choice(sites):
    merge = merge_asked_for()
    with pytest.raises(Refused, match="另一份对照表"):
        begin_or_resume(*sites, acting_user=factories.user("operator"), wishes={}, drafts=False, scheduled=False)
    assert Merge.objects.get().pk == merge.pk


def test_it_is_chosen_on_the_screen(sites, console):
    operator, plan = console("operator", "console"), reverse("lifecycle_merge_plan")
    asked = {"source": "beta", "destination": "alpha"}
    html = operator.get(plan, asked).content.decode()
    assert f"{SCHEDULED} 1 项：迁入后仍到预定时间" in html and f"{DECIDED} 1 项" in html
    html = operator.get(plan, {**asked, "leave_scheduled": "on"}).content.decode()
    assert f"{SCHEDULED} 1 项：方案选择不迁移" in html
    assert '<input type="hidden" name="leave_scheduled" value="on">' in html
    retiring()
    begun = operator.post(plan, {**asked, "to:news": "news", "leave_scheduled": "on", "begin": "on"})
    assert begun.status_code == 302
    merge = Merge.objects.get()
    assert (merge.scheduled, merge.drafts) == (False, False)


def test_by_verb(sites):
    plan = json.loads(call_verb("plan_merge", "beta", "alpha", "--leave-scheduled", "--json").stdout)
    assert {one["kind"]: one["count"] for one in plan["not_moved"]}[SCHEDULED] == 1
    plan = json.loads(call_verb("plan_merge", "beta", "alpha", "--json").stdout)
    assert SCHEDULED in [one["kind"] for one in plan["concerned"]]


def test_the_next_reviewer_reads_whose_opinion_does_not_count(sites):
    """A digest names the page by its number, and the two people who share a clearance are of one site."""
    beta, alpha = sites
    retiring()
    beta.refresh_from_db()
    merge = run_merge(request_merge(beta, alpha, acting_user=factories.user("operator"), queued=False).pk)
    named = str(factories.user("beta_content"))
    [told] = [one["reason"] for one in merge.not_moved if one["kind"] == "已作出的审查意见"]
    assert f"“更正过的”（内容审核：{named}）" in told
    with tenant_context(alpha):
        page = Article.objects.get(slug="changed")
        with pytest.raises(Refused) as refused:
            factories.approve(page, "alpha_secret")
        [reason] = [one for one in refused.value.reasons if "不能沿用" in one]
        assert beta.full_name in reason and named in reason and "内容审核" in reason
        # The way out that it names: sent back, handed in again, from the first step.
        decide_from_the_shell(page, acting_user=factories.user("alpha_secret"), approve=False, opinion="请重新送审。")
        factories.publish(Article.objects.get(slug="changed"), "alpha")
        assert Article.objects.get(slug="changed").title == "更正过的"
    assert verify_merge(merge)["faults"] == []
