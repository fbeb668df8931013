"""What comes in without waiting for anybody: under a decision of two reviewers, or as drafts without duty."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import StandingClearance, Subscription
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.queries import push_status
from content_library.distribution.standing import (
    approve_standing_clearance,
    propose_standing_clearance,
    revoke_standing_clearance,
)
from content_library.distribution.subscriptions import deliver_to_subscribers, end_subscription, subscribe
from content_library.models import Repost
from govplatform.accounts.models import Membership
from govplatform.audit.models import Entry
from govplatform.consequences.models import Consequence
from govplatform.refusals import Refused
from govplatform.review.models import Clearance, Decision
from govplatform.review.queries import find_gate_faults
from tests import factories
from tests.consequences.happening import make_due, run
from tests.reposts.conftest import live_at

from .conftest import deliver_all, target_of


def proposed(beta, **scope):
    scope = scope or {"level": "city"}
    with tenant_context(beta):
        return propose_standing_clearance(
            acting_user=factories.user("beta_content"), reason="市级权威发布，及时转载。", **scope
        )


def standing(beta, **scope):
    made = proposed(beta, **scope)
    with tenant_context(beta):
        return approve_standing_clearance(made, acting_user=factories.user("beta_secret"), opinion="同意。")


def pushed(resource):
    push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver_all(push)
    return target_of(push)


def state_of(resource):
    return push_status(resource)["targets"][0]["state"]


def test_a_push_under_a_standing_clearance_goes_live_with_honest_records(beta, live):
    decision = standing(beta)
    resource = live.resource("article")
    target = pushed(resource)
    assert state_of(resource) == "live"
    with tenant_context(beta):
        page = Page.objects.get(pk=target.page_id)
        decisions = {d.step: d for d in Decision.objects.filter(page_id=page.pk)}
        assert {step: d.reviewer.username for step, d in decisions.items()} == {
            "content": "beta_content", "confidentiality": "beta_secret",
        }  # fmt: skip
        assert all(f"第 {decision.pk} 号常设审查决定" in d.opinion for d in decisions.values())
        assert Clearance.objects.get(page_id=page.pk).scan.state == "done"
        assert find_gate_faults()[1] == []
    act = Entry.objects.get(chain="site_beta", act="standing.publish")
    assert act.detail["standing"] == decision.pk and act.actor_id is None


def test_without_approval_or_after_the_end_it_waits_for_the_reviewers(beta, live):
    made = proposed(beta)
    first = live.resource("article")
    pushed(first)
    assert state_of(first) == "in_review"
    with tenant_context(beta):
        approve_standing_clearance(made, acting_user=factories.user("beta_secret"), opinion="同意。")
        revoke_standing_clearance(made, acting_user=factories.user("beta_content"), reason="暂停")
    second = live.resource("second")
    pushed(second)
    assert state_of(second) == "in_review"


@pytest.mark.parametrize("scope", [{"level": "province"}, {"level": "city", "kind": "policy"},
                                   {"level": "city", "subject_class": "05"}])  # fmt: skip
def test_outside_its_scope_nothing_is_published(beta, live, scope):
    standing(beta, **scope)
    resource = live.resource("second")
    assert (resource.kind, resource.subject_class) == ("article", "0201")
    pushed(resource)
    assert state_of(resource) == "in_review"


def test_what_the_scan_finds_goes_to_the_reviewers(beta):
    from govplatform.dictionaries.actions import add_word

    standing(beta)
    _page, resource = live_at("alpha", body=[{"type": "rich_text", "value": "<p>词语甲乙丙丁已经写在这里。</p>"}])
    add_word(beta, acting_user=None, word="甲乙丙丁", kind="sensitive", severity="block")
    target = pushed(resource)
    target.refresh_from_db()
    assert state_of(resource) == "in_review" and "转常规审查" in target.reason


def test_it_ends_with_the_role_of_who_decided(beta, live):
    standing(beta)
    Membership.objects.filter(user__username="beta_secret", tenant=beta).delete()
    resource = live.resource("article")
    target = pushed(resource)
    target.refresh_from_db()
    assert state_of(resource) == "in_review" and "职务" in target.reason


def test_two_people_decide(beta):
    made = proposed(beta)
    with tenant_context(beta):
        for username in ("beta_content", "beta_editor", "alpha_secret", "beta_admin"):
            with pytest.raises(Refused):
                approve_standing_clearance(made, acting_user=factories.user(username), opinion="同意。")
        with pytest.raises(Refused):
            propose_standing_clearance(acting_user=factories.user("beta_editor"), reason="x", level="city")
        with pytest.raises(Refused):
            propose_standing_clearance(acting_user=factories.user("beta_content"), reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingClearance.objects.filter(pk=made.pk).update(approved_by=made.proposed_by)


def test_a_subscription_makes_drafts_that_nobody_has_to_use(beta, live):
    with tenant_context(beta):
        subscribe(acting_user=factories.user("beta_editor"), subject_class="02")
    resource, other = live.resource("second"), live.resource("policy")
    assert (resource.subject_class, other.subject_class) == ("0201", "03")
    assert (deliver_to_subscribers(resource.pk), deliver_to_subscribers(other.pk)) == (1, 0)
    assert deliver_to_subscribers(resource.pk) == 0
    assert not Repost.objects.filter(tenant=beta, resource=other).exists()
    repost = Repost.objects.get(tenant=beta, resource=resource)
    assert (repost.state, repost.mode) == ("draft", "mirror")
    assert push_status(resource)["targets"] == []
    with tenant_context(beta):
        page = Page.objects.get(pk=repost.page_id)
        assert not page.workflow_in_progress
        factories.publish(page.specific, "beta")


def test_a_subscription_is_enqueued_with_the_publication(beta):
    with tenant_context(beta):
        subscribe(acting_user=factories.user("beta_editor"), kind="article")
    _page, resource = live_at("alpha")
    live_at("beta")
    row = Consequence.objects.get(line="deliver_to_subscribers")
    assert (row.arguments, row.state, row.kind) == ({"resource_id": resource.pk}, "ready", "job")


def test_a_site_that_could_not_be_served_is_named_and_served_later(beta, monkeypatch):
    def breaks(*_args, **_kwargs):
        raise DatabaseError("no room on the disk")

    with tenant_context(beta):
        subscribe(acting_user=factories.user("beta_editor"), kind="article")
    _page, resource = live_at("alpha")
    row = Consequence.objects.get(line="deliver_to_subscribers")
    with monkeypatch.context() as broken:
        broken.setattr("content_library.distribution.subscriptions.draft_in_site", breaks)
        run(row)
    row.refresh_from_db()
    assert (row.state, row.error) == ("ready", "Undelivered: beta (DatabaseError)")
    make_due(row)
    assert run(row) == 1
    assert Repost.objects.get(tenant=beta).resource_id == resource.pk


def test_an_ended_subscription_brings_nothing(beta, live):
    with tenant_context(beta):
        made = subscribe(acting_user=factories.user("beta_editor"), level="city")
        with pytest.raises(Refused):
            subscribe(acting_user=factories.user("beta_editor"), level="city")
        end_subscription(made, acting_user=factories.user("beta_editor"))
    resource = live.resource("article")
    assert deliver_to_subscribers(resource.pk) == 0


@pytest.mark.parametrize(("username", "asked"), [("beta_admin", {"level": "city"}), ("alpha_editor", {"level": "city"}),
                                                 ("beta_editor", {}), ("beta_editor", {"kind": "song"}),
                                                 ("beta_editor", {"level": "village"})])  # fmt: skip
def test_who_subscribes_and_to_what(beta, username, asked):
    with tenant_context(beta), pytest.raises(Refused):
        subscribe(acting_user=factories.user(username), **asked)
    assert not Subscription.objects.exists()
