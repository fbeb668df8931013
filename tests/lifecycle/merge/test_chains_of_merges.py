"""A site that took others over closes itself: what came from them goes on, one hop away and provable."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import Membership
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.lifecycle.merge.actions import request_merge
from govplatform.lifecycle.merge.carrying.running import carry
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.merge.running import run_merge, run_reversal
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.refusals import Refused
from govplatform.review.models import Clearance, TransferredClearance
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.lifecycle.life import retiring

pytestmark = pytest.mark.django_db


def portal():
    """A third site, with the reviewers of the first."""
    tenant, _seconds = open_site(
        NewSite(
            code="gamma",
            host="gamma.localhost",
            console_host="gamma.console.localhost",
            full_name="云江省临江市人民政府",
            kind="portal",
            level="city",
            identity_code="5301990001",
        ),
        acting_user=None,
    )
    for name, role in (("alpha_content", "content-reviewer"), ("alpha_secret", "confidentiality-reviewer")):
        Membership.objects.create(user=factories.user(name), tenant=tenant, role=role)
    return tenant


@pytest.fixture
def gamma(db):
    return portal()


def merged(source, destination):
    source.refresh_from_db()
    merge = Merge.objects.create(source=source, destination=destination, application=retirement_of(source))
    carry(merge, progress=lambda *_: None)
    return merge


def test_from_a_into_b_into_c(gamma, alpha, site):
    beta = site("beta")
    with tenant_context(beta):
        picture = factories.image(uploader="beta_editor")
        factories.live_article("beta", title="防汛通知", slug="flood", picture=picture)
    retiring("beta")
    merged(beta, alpha)
    assert resolve_url("http://beta.localhost/news/flood/").location == public_url(alpha, "/news/flood/")
    retiring("alpha", into="gamma")
    second = merged(alpha, gamma)
    for host in ("beta", "alpha"):
        answer = resolve_url(f"http://{host}.localhost/news/flood/")
        assert (answer.status, answer.location) == (301, public_url(gamma, "/news/flood/"))
    with tenant_context(gamma):
        page = Page.objects.get(title="防汛通知")
        clearance = Clearance.objects.get(page_id=page.pk, status="valid")
        steps = TransferredClearance.objects.filter(clearance=clearance).order_by("merge_id")
        assert [step.source_schema for step in steps] == [beta.schema_name, alpha.schema_name]
        assert steps[0].source_digest == clearance.content_decision.digest
        assert find_gate_faults() == (1, [])
    assert find_merge_faults(second)[1] == []


def test_two_sites_into_one_parent(gamma, alpha, site):
    beta = site("beta")
    for tenant, name in ((beta, "beta"), (alpha, "alpha")):
        with tenant_context(tenant):
            factories.live_article(name, title=f"{name} 的通知", slug="same", picture=factories.image())
    retiring("beta", into="gamma")
    retiring("alpha", into="gamma")
    first, second = merged(beta, gamma), merged(alpha, gamma)
    assert find_merge_faults(first)[1] == [] and find_merge_faults(second)[1] == []
    assert resolve_url("http://beta.localhost/news/same/").location == public_url(gamma, "/news/same/")
    assert resolve_url("http://alpha.localhost/news/same/").location == public_url(gamma, "/news/same-alpha/")


def test_what_came_from_a_goes_no_further_before_that_is_confirmed(gamma, alpha, site):
    """A into B waits to be confirmed: B into C is refused, and not only by the one who asks."""
    beta, operator = site("beta"), factories.user("operator")
    retiring("beta")
    beta.refresh_from_db()
    first = run_merge(request_merge(beta, alpha, acting_user=operator, queued=False).pk)
    assert first.state == Merge.State.MOVED, first.reasons
    retiring("alpha", into="gamma")
    alpha.refresh_from_db()
    with pytest.raises(Refused) as refused:
        request_merge(alpha, gamma, acting_user=operator, queued=False)
    words = f"“{beta.full_name}”并入“{alpha.full_name}”（第 {first.pk} 号）还没有确认，请先确认或退回。"
    assert words in refused.value.reasons
    assert not Merge.objects.filter(source=alpha).exists() and not get_tenant("alpha").frozen
    # Asked for before, it is refused when its turn comes.
    waiting = Merge.objects.create(source=alpha, destination=gamma, application=retirement_of(alpha))
    waiting = run_merge(waiting.pk)
    assert waiting.state == Merge.State.REFUSED and words in waiting.reasons
    assert not get_tenant("alpha").frozen
    # Confirmed, or taken back, it stands in the way no longer.
    Merge.objects.filter(pk=first.pk).update(ended_by=operator, end_reason="改期。")
    assert run_reversal(first.pk).state == Merge.State.REVERTED
    assert request_merge(alpha, gamma, acting_user=operator, queued=False).state == Merge.State.QUEUED
