"""A merge that is taken back leaves the ledger as it was."""

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Resource
from govplatform.addresses.entering import enter_past
from govplatform.addresses.known import Kind, KnownAddress
from govplatform.addresses.models import Address
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.carrying.running import carry, take_back
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.columns.actions import create_column
from tests import factories
from tests.lifecycle.life import retiring
from tests.lifecycle.merge.county import body
from tests.lifecycle.merge.moving import moved
from tests.reposts.conftest import reposted_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def beta(alpha):
    return get_tenant("beta")


def ledger():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.code, a.host, a.path, a.kind, a.object_id, a.state, a.ending, a.to_tenant_id, a.to_kind,"
            " a.to_object FROM public.addresses_address a JOIN tenancy_tenant t ON t.id = a.tenant_id ORDER BY 1, 2, 3"
        )
        return {row[:3]: row[3:] for row in cursor.fetchall()}


def test_taken_back_the_ledger_is_as_it_was(alpha, beta):
    with tenant_context(alpha):
        origin = factories.live_article("alpha", title="市里的", slug="city")
    with tenant_context(beta):
        create_column("towns", title="乡镇动态", column_type="news", acting_user=None)
        create_column("villages", title="村", column_type="news", acting_user=None)
        factories.publish(factories.draft_page(Article, "towns", "beta_editor", title="乡镇一", slug="one"), "beta")
        factories.publish(factories.draft_page(Article, "villages", "beta_editor", title="村一", slug="one"), "beta")
        # This one has no counterpart and comes below a channel, which is gone with the merge.
        create_column("hamlets", title="屯", column_type="news", acting_user=None)
        factories.publish(factories.draft_page(Article, "hamlets", "beta_editor", title="屯一", slug="h"), "beta")
        paper = factories.document(uploader="beta_editor")
        page = factories.draft_article(
            "beta_editor", slug="more", body=body(("attachment", {"document": paper.pk, "title": "附件"}))
        )
        factories.publish(page, "beta")
    reposted_at("beta", Resource.objects.get(tenant=alpha, page_id=origin.pk), "mirror")
    retiring()
    beta.refresh_from_db()
    before = ledger()
    merge = Merge.objects.create(
        source=beta,
        destination=alpha,
        application=retirement_of(beta),
        wishes={"towns": "news", "villages": "news"},
    )
    carry(merge, progress=lambda *_: None)
    assert find_merge_faults(merge)[1] == []
    for path in ("/towns/", "/villages/", "/news/"):
        assert resolve_url(f"http://beta.localhost{path}").location.endswith("alpha.localhost:8000/news/")
    for path in ("/beta/", "/beta/feed.xml", "/beta/hamlets/"):
        assert resolve_url(f"http://alpha.localhost{path}").status == 200
    take_back(merge)
    after = ledger()
    wrong = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert wrong == {}
    new = {key: row for key, row in after.items() if key not in before}
    assert {key[0] for key in new} == {"alpha"} and not any(row[2] == "public" for row in new.values())
    for path, place in (("/beta/", "/"), ("/beta/hamlets/", "/hamlets/"), ("/beta/hamlets/h/", "/hamlets/h/")):
        assert resolve_url(f"http://alpha.localhost{path}").location == public_url(beta, place)
    assert resolve_url("http://alpha.localhost/beta/feed.xml").status == 410


def test_taken_back_a_merge_leaves_the_addresses_of_a_third_site_where_they_led(alpha, beta):
    """What led to a column of the source goes back with it; what led to that of the destination stays."""
    console = get_tenant("console")
    with tenant_context(alpha):
        there = Page.objects.get(slug="news").pk
    with tenant_context(beta):
        here = Page.objects.get(slug="news").pk
    enter_past(console, [(KnownAddress(f"/{name}/", Kind.LIST), "moved") for name in ("a", "b")])
    for name, tenant, number in (("a", alpha, there), ("b", beta, here)):
        Address.objects.filter(tenant=console, path=f"/{name}/").update(
            to_tenant=tenant, to_kind=Kind.LIST, to_object=number
        )
    before = ledger()
    merge = moved(beta, alpha)
    assert ledger()[("console", "", "/b/")] == ledger()[("console", "", "/a/")]
    take_back(merge)
    after = ledger()
    assert {key: row for key, row in after.items() if key[0] == "console"} == {
        key: row for key, row in before.items() if key[0] == "console"
    }


def test_taken_back_the_lists_of_the_destination_are_as_short_as_before(alpha, beta):
    with tenant_context(alpha):
        for _number in range(12):
            factories.live_article("alpha")
    with tenant_context(beta):
        for _number in range(12):
            factories.live_article("beta")
    merge = moved(beta, alpha)
    second = Address.objects.get(tenant=alpha, kind=Kind.LIST, path="/news/?page=2")
    assert second.state == "public"
    take_back(merge)
    second.refresh_from_db()
    assert second.state == "past"
    assert resolve_url("http://alpha.localhost/news/?page=2").location == "/news/"
