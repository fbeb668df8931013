"""A site deletes the draft that a push made for it: the duty stays, until the site reposts the resource itself."""

from datetime import timedelta

import pytest
from django_tenants.utils import schema_context, tenant_context
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Page

from content_library.distribution.models import PushTarget
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.upkeep import remind
from content_library.distribution.queries import duties, open_duties, push_status
from content_library.distribution.recalls.actions import recall_resource
from content_library.distribution.subscriptions import deliver_to_subscribers, subscribe
from govplatform.review.submission.actions import take_back
from tests import factories
from tests.reposts.conftest import live_at, reposted_at

from .conftest import deliver_all, target_of


def pushed(resource):
    push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver_all(push)
    return push


def deleted(beta, target):
    """The editor takes the draft back and deletes it."""
    with tenant_context(beta):
        page = Page.objects.get(pk=target.page_id)
        take_back(page, acting_user=factories.user("beta_editor"))
        DeletePageAction(Page.objects.get(pk=page.pk).specific, user=factories.user("beta_editor")).execute()


def rows(resource):
    with schema_context("public"):
        return [(row["state"], row["late"]) for row in push_status(resource)["targets"]]


def overdue(push):
    PushTarget.objects.filter(push=push).update(due_at=target_of(push).due_at - timedelta(days=30))


@pytest.fixture
def duty(beta):
    """(resource, push) whose draft beta deleted."""
    _page, resource = live_at("alpha")
    push = pushed(resource)
    deleted(beta, target_of(push))
    return resource, push


def test_it_is_open_and_becomes_late(beta, duty):
    resource, push = duty
    assert rows(resource) == [("deleted", False)]
    with schema_context("public"):
        assert [item.state for item in duties(open_duties(beta))] == ["deleted"]
    overdue(push)
    assert rows(resource) == [("deleted", True)]
    assert remind(target_of(push).due_at + timedelta(days=31)) == 1


def test_the_site_s_own_repost_does_it(beta, duty):
    resource, push = duty
    own = reposted_at("beta", resource)
    assert target_of(push).page_id == own.pk
    assert rows(resource) == [("live", False)]
    with schema_context("public"):
        assert not open_duties(beta).exists()
        assert remind(target_of(push).due_at + timedelta(days=31)) == 0


def test_pushed_again_the_new_draft_does_both(beta, duty):
    resource, push = duty
    second = pushed(resource)
    assert target_of(push).page_id == target_of(second).page_id
    assert rows(resource) == [("in_review", False)] * 2


def test_a_subscription_that_brings_it_does_it(beta, duty):
    resource, _push = duty
    with tenant_context(beta):
        subscribe(acting_user=factories.user("beta_editor"), level="city")
    assert deliver_to_subscribers(resource.pk) == 1
    assert rows(resource) == [("draft", False)]


def test_what_was_taken_back_meanwhile_is_nobody_s_duty(beta, duty):
    resource, push = duty
    recall_resource(resource, acting_user=factories.user("alpha_content"), reason="数据有误。")
    overdue(push)
    assert rows(resource) == [("withdrawn", False)]
    with schema_context("public"):
        assert remind(target_of(push).due_at + timedelta(days=31)) == 0


def test_another_draft_of_the_same_resource_that_is_there_keeps_its_duty(beta):
    """Reposted a second time in a way that is allowed: the first page still does what it was made for."""
    _page, resource = live_at("alpha")
    push = pushed(resource)
    with tenant_context(beta):
        page = target_of(push).page_id
    from content_library.distribution.pushes.answering import answer_duties

    assert answer_duties(resource.pk, beta.pk, page + 1000) == 0
    assert target_of(push).page_id == page
