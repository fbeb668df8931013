"""A standing decision is made knowingly: in numbers, with an opinion, for a time, and what came of it is looked at."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import PushTarget, StandingClearance
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.reach import reach_of, sampled_under
from content_library.distribution.recalls.actions import recall_resource
from content_library.distribution.standing import (
    approve_standing_clearance,
    latest_end,
    propose_standing_clearance,
)
from govplatform.accounts.models import Membership
from govplatform.refusals import Refused
from govplatform.review.models import AfterReview
from govplatform.review.submission.actions import decide_review
from govplatform.review.submission.followups import SAMPLE, judge_after_review, open_followups
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.rule_packs.working_days import local_day
from tests import factories

from .conftest import deliver_all, target_of


def today():
    return local_day(timezone.now())


def proposed(beta, **given):
    with tenant_context(beta):
        return propose_standing_clearance(
            acting_user=factories.user("beta_content"), **{"reason": "及时转载。", "level": "city", **given}
        )


def decided(beta, **given):
    made = proposed(beta, **given)
    with tenant_context(beta):
        return approve_standing_clearance(made, acting_user=factories.user("beta_secret"), opinion="同意。")


def pushed(resource):
    push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver_all(push)
    return target_of(push)


def is_live(target):
    with tenant_context(target.tenant):
        return Page.objects.get(pk=target.page_id).live


@pytest.fixture
def third(beta):
    """Another content reviewer of beta."""
    person = factories.user("both_content")
    assert Membership.objects.filter(user=person, tenant=beta).exists()
    return person


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"subject_class": "9999"}, "没有“9999”这个主题分类"),
        ({"ends_on": today() - timedelta(days=1)}, "不能早于今天"),
        ({"ends_on": today() + timedelta(days=4000)}, "最晚为"),
        ({"level": "planet"}, "没有“planet”这个层级"),
    ],
)
def test_what_it_names_exists_and_it_has_an_end(beta, given, why):
    with pytest.raises(Refused, match=why):
        proposed(beta, **given)
    assert not StandingClearance.objects.exists()


def test_without_a_day_it_lasts_as_long_as_the_rule_pack_lets_it(beta):
    made = proposed(beta)
    with tenant_context(beta):
        assert (
            made.ends_on == latest_end() == today() + timedelta(days=site_rule_pack().limit("standing_decision").days)
        )


def test_it_is_approved_with_an_opinion_and_the_whole_checklist(beta):
    made, secret = proposed(beta), factories.user("beta_secret")
    with tenant_context(beta):
        items = site_rule_pack().checklists["confidentiality"]
        with pytest.raises(Refused, match="请填写批准意见"):
            approve_standing_clearance(made, acting_user=secret, opinion=" ")
        with pytest.raises(Refused) as refusal:
            approve_standing_clearance(made, acting_user=secret, opinion="同意。", checklist={})
        assert len(refusal.value.reasons) == len(items) and items[0].text in refusal.value.reasons[0]
        approve_standing_clearance(made, acting_user=secret, opinion="同意。")
    made.refresh_from_db()
    assert made.opinion == "同意。" and all(made.checklist[item.code] for item in items)


def test_after_its_last_day_nothing_is_published_and_nothing_approved(beta, live):
    decided(beta)
    waiting = proposed(beta)
    StandingClearance.objects.update(ends_on=today() - timedelta(days=1))
    assert not is_live(pushed(live.resource("article")))
    waiting.refresh_from_db()
    with tenant_context(beta), pytest.raises(Refused, match="已经过去"):
        approve_standing_clearance(waiting, acting_user=factories.user("beta_secret"), opinion="同意。")


def test_it_shows_in_numbers_what_it_would_have_let_through(beta, live):
    returned, withdrawn, plain = (live.resource(name) for name in ("article", "second", "policy"))
    with tenant_context(beta):
        page = Page.objects.get(pk=pushed(returned).page_id)
        decide_review(page, acting_user=factories.user("beta_content"), approve=False, opinion="不适用于本县。")
    pushed(withdrawn)
    recall_resource(withdrawn, acting_user=factories.user("alpha_content"), reason="数字有误。")
    reach = reach_of(proposed(beta))
    assert (reach.pushed, reach.returned, reach.withdrawn) == (2, 1, 1)
    assert {one.pk for one in reach.newest} == {returned.pk, withdrawn.pk} and plain not in reach.newest
    assert reach.published >= 3
    assert reach_of(proposed(beta, kind="policy")).pushed == 0
    assert reach_of(proposed(beta, subject_class="02")).pushed == 1
    assert reach_of(proposed(beta, level="county")).published == 0


def test_the_first_and_every_so_many_are_looked_at_by_a_third_person(beta, live, third):
    decision = decided(beta)
    first, second = pushed(live.resource("article")), pushed(live.resource("second"))
    assert is_live(first) and is_live(second)
    with tenant_context(beta):
        assert [after.page_id for after in AfterReview.objects.all()] == [first.page_id]
        every = site_rule_pack().limit("standing_sample").count
    # As if so many had come that the turn is on the next.
    made = PushTarget.objects.get(pk=second.pk)
    for _more in range(every - 2):
        made.pk, made.push_id = (
            None,
            push_resource(live.resource("third"), selector="site=beta", acting_user=factories.user("alpha_content")).pk,
        )
        PushTarget.objects.filter(push=made.push_id).delete()
        made.standing = decision
        made.save()
    turn = pushed(live.resource("policy"))
    with tenant_context(beta):
        assert AfterReview.objects.filter(page_id=turn.page_id).exists()
        assert sampled_under(decision).waiting == 2
        for named in ("beta_content", "beta_secret"):
            assert [item for item in open_followups(factories.user(named)) if item.kind == SAMPLE] == []
        items = [item for item in open_followups(third) if item.kind == SAMPLE]
        assert {item.page_id for item in items} == {first.page_id, turn.page_id}
        assert f"第 {decision.pk} 号常设审查决定" in items[0].reason
        bad = AfterReview.objects.get(page_id=first.page_id)
        with pytest.raises(Refused, match="须由别人办理"):
            judge_after_review(bad, acting_user=factories.user("beta_content"), confirm=True, opinion="好。")
        judge_after_review(bad, acting_user=third, confirm=False, opinion="不适用于本县。")
        assert (sampled_under(decision).waiting, sampled_under(decision).withdrawn) == (1, 1)
    assert not is_live(first)


def test_who_is_to_approve_reads_of_it_on_their_start_page(beta, live, console):
    made = proposed(beta)
    address = f"/admin/incoming/standing/{made.pk}/"
    assert address in console("beta_secret", "beta").get("/admin/").content.decode()
    assert address not in console("beta_content", "beta").get("/admin/").content.decode()
    pushed(live.resource("article"))
    shown = console("beta_secret", "beta").get(address).content.decode()
    assert "推送到本站" in shown and live.resource("article").title in shown
    own = console("beta_content", "beta").get(address).content.decode()
    assert 'value="approve"' in shown and 'value="approve"' not in own


def test_near_its_end_it_is_decided_anew(beta, console):
    made = decided(beta)
    address = f"/admin/incoming/standing/{made.pk}/"
    reviewer = console("beta_content", "beta")
    assert "即将到期" not in reviewer.get("/admin/").content.decode()
    StandingClearance.objects.update(ends_on=today() + timedelta(days=3))
    assert "即将到期" in reviewer.get("/admin/").content.decode()
    assert reviewer.post(address, {"act": "renew", "reason": "继续。", "ends_on": "31.12.2026"}).status_code == 400
    again = reviewer.post(address, {"act": "renew", "reason": "继续。", "ends_on": ""})
    newer = StandingClearance.objects.exclude(pk=made.pk).get()
    assert again["Location"] == f"/admin/incoming/standing/{newer.pk}/"
    assert (newer.level, newer.approved_at) == (made.level, None)
    with tenant_context(beta):
        approve_standing_clearance(newer, acting_user=factories.user("beta_secret"), opinion="同意。")
    assert "即将到期" not in reviewer.get("/admin/").content.decode()


def test_from_the_shell(own_database, verb):
    def told(*words):
        done = verb("standing_decision", "--site", "beta", *words, "--json")
        return done.returncode, json.loads(done.stdout) if done.stdout else {}

    assert told() == (0, {"site": "beta", "decisions": []})
    assert told("--propose", "--level", "city", "--reason", "及时。")[0] == 2
    status, answer = told("--propose", "--class", "9999", "--level", "city", "--reason", "x", "--as", "beta_content")
    assert status == 3 and "9999" in answer["refused"][0]
    status, made = told("--propose", "--level", "city", "--reason", "及时。", "--as", "beta_content")
    assert (status, made["state"], made["last_year"]["pushed"]) == (0, "proposed", 0)
    number = str(made["standing"])
    assert told("--approve", number, "--as", "beta_secret")[0] == 3
    assert told("--approve", number, "--as", "beta_secret", "--opinion", "同意。")[1]["state"] == "valid"
    assert told("--end", number, "--as", "beta_content", "--reason", "暂停。")[1]["state"] == "ended"
    assert told("--end", "999", "--as", "beta_content", "--reason", "x")[0] == 3
    assert told("--propose", "--until", "soon", "--level", "city", "--reason", "x", "--as", "beta_content")[0] == 2
