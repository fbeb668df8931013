"""What the parent pushed to a site that is merged into it: nobody owes anybody their own words afterwards."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import PushTarget
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.queries import push_status
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.carrying.running import take_back
from govplatform.lifecycle.merge.planning import plan_merge
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.queries import get_tenant
from sites.reposts.models import RepostPage
from tests import factories
from tests.lifecycle.merge.moving import moved
from tests.pushes.conftest import deliver_all, target_of
from tests.reposts.conftest import record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def beta(alpha):
    return get_tenant("beta")


@pytest.fixture
def push(alpha, beta, live):
    """An article of alpha, pushed to beta, whose reviewers have it before them."""
    made = push_resource(live.resource("article"), selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver_all(made)
    return made


def published(push):
    """The address at which beta shows what was pushed."""
    with tenant_context(get_tenant("beta")):
        page = RepostPage.objects.get(pk=target_of(push).page_id)
        for reviewer in ("beta_content", "beta_secret"):
            factories.approve(page, reviewer)
    return record_of(page).path


def test_what_beta_shows_of_it_leads_to_the_parent_s_own_page(alpha, beta, live, push):
    path = published(push)
    merge = moved(beta, alpha)
    assert find_merge_faults(merge)[1] == []
    with tenant_context(alpha):
        page = live("article")
        assert Page.objects.filter(title=page.title, live=True).count() == 1
        assert find_gate_faults()[1] == []
    own = push.resource.url
    assert (answer := resolve_url(f"http://beta.localhost{path}")).status == 301
    assert own.endswith(answer.location) or answer.location == own
    row = push_status(push.resource)["targets"][0]
    assert (row["site"], row["late"]) == ("beta", False)
    assert PushTarget.objects.get(push=push).done_at is not None


def test_what_waits_for_beta_s_reviewers_is_owed_by_nobody(alpha, beta, push):
    plan = plan_merge(beta, alpha)
    assert any("推送" in one.kind for one in plan.concerns)
    before = PushTarget.objects.values().get(push=push)
    merge = moved(beta, alpha)
    assert find_merge_faults(merge)[1] == []
    target = PushTarget.objects.get(push=push)
    assert target.ended_at is not None and alpha.full_name in target.reason
    assert not PushTarget.objects.filter(tenant=alpha, ended_at=None).exists()
    with tenant_context(alpha):
        assert not RepostPage.objects.filter(title=Page.objects.get(pk=push.resource.page_id).title).exists()
    take_back(merge)
    assert PushTarget.objects.values().get(push=push) == before
