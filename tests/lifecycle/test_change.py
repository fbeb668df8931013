"""A site changes its organiser, its host or its columns: filed, approved, announced where citizens would look."""

from datetime import timedelta

import pytest
from django.test import Client
from django_tenants.utils import tenant_context
from wagtail.models import Site

from govplatform.lifecycle.models import SiteNotice
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import forget_hosts, public_url
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.models import Domain
from govplatform.tenancy.queries import get_tenant

from .life import approve_to_the_end, clear_notices, file

pytestmark = pytest.mark.django_db

NEW = "baishi.localhost"


def moved():
    application = approve_to_the_end(file("change", wanted={"domain": NEW}))
    clear_notices(application)
    return application


def test_a_change_of_the_record_takes_effect_with_the_last_approval(citizen):
    application = approve_to_the_end(file("change", wanted={"organiser": "白石县人民政府办公室"}))
    assert (application.state, bool(application.carried_out_at)) == ("approved", True)
    assert get_tenant("beta").organiser == "白石县人民政府办公室"
    assert "白石县人民政府办公室" in citizen("beta").get("/").content.decode()
    assert not SiteNotice.objects.exists()


def test_the_columns_are_described_and_approved():
    application = approve_to_the_end(file("change", wanted={"columns": "增设“专题专栏”栏目。"}))
    assert application.carried_out_at


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        ({}, "要变更的项目"),
        ({"colour": "red"}, "没有“colour”"),
        ({"organiser": ""}, "不能为空"),
        ({"domain": "http://x/"}, "不合规则"),
        ({"domain": "alpha.localhost"}, "已经由"),
        ({"domain": "beta.localhost"}, "现在的域名"),
        ({"domain": "x.console.localhost"}, "后台域名"),
        ({"identity_code": "12"}, "标识码"),
        ({"organiser": "机密★10年"}, "主办单位"),
    ],
)
def test_what_does_not_fit_is_refused_before_anybody_approves_it(wanted, word):
    with pytest.raises(Refused) as refused:
        file("change", wanted=wanted)
    assert word in "".join(refused.value.reasons)


def test_the_old_host_tells_the_new_one_then_leads_there(monkeypatch):
    moved()
    forget_hosts()
    assert get_tenant("beta").public_host == NEW
    answer = Client(HTTP_HOST="beta.localhost").get("/news/?page=1")
    text = answer.content.decode()
    assert (
        answer.status_code == 200 and "域名变更公告" in text and public_url(get_tenant("beta"), "/news/?page=1") in text
    )
    assert "工作动态" not in text
    assert Client(HTTP_HOST=NEW).get("/news/").status_code == 200
    # It leads there when the term of the notice is over, and not a moment before.
    over = SiteNotice.objects.get().until
    assert Domain.objects.get(domain="beta.localhost").redirects_from == over
    later = over + timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    answer = Client(HTTP_HOST="beta.localhost").get("/news/?page=1")
    assert answer.status_code == 301 and answer.headers["Location"] == public_url(get_tenant("beta"), "/news/?page=1")


def test_a_former_host_leads_nowhere_else(monkeypatch):
    moved()
    forget_hosts()
    later = SiteNotice.objects.get().until
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    for path in ("//evil.example/", "/\\evil.example", "/%0d%0aX-Evil:1"):
        answer = Client(HTTP_HOST="beta.localhost").get(path)
        assert NEW in answer.headers["Location"].split("/")[2], path
        assert "X-Evil" not in answer.headers


def test_both_registries_of_hosts_agree_after_it():
    before = find_isolation_faults()[1]
    moved()
    with tenant_context(get_tenant("beta")):
        assert list(Site.objects.values_list("hostname", flat=True)) == [NEW]
    assert find_isolation_faults()[1] == before


def test_nobody_else_gets_the_former_host_and_the_site_may_return_to_it():
    moved()
    with pytest.raises(Refused, match="已经由"):
        file("change", "alpha", wanted={"domain": "beta.localhost"})
    application = approve_to_the_end(file("change", wanted={"domain": "beta.localhost"}))
    clear_notices(application)
    assert get_tenant("beta").public_host == "beta.localhost"
    rows = Domain.objects.filter(tenant=get_tenant("beta"), kind="public")
    assert {row.domain: row.is_primary for row in rows} == {"beta.localhost": True, NEW: False}


def test_an_application_can_be_taken_back_until_it_is_decided():
    from govplatform.lifecycle.applications.actions import withdraw_application
    from tests import factories

    from .life import approve

    application = file("change", wanted={"contact": "电话：0871-1234567"})
    with pytest.raises(Refused, match="站点管理员"):
        withdraw_application(application, acting_user=factories.user("alpha_admin"), reason="不需要。")
    application = withdraw_application(application, acting_user=factories.user("beta_admin"), reason="不需要。")
    assert application.state == "withdrawn"
    with pytest.raises(Refused, match="已撤回"):
        approve(application)
    assert file("change", wanted={"contact": "电话：0871-7654321"}).pk


def test_one_of_a_kind_at_a_time_and_only_by_the_site_itself():
    file("change", wanted={"organiser": "白石县人民政府办公室"})
    with pytest.raises(Refused, match="没有办结"):
        file("change", wanted={"organiser": "白石县政府"})
    for who in ("alpha_admin", "beta_editor", "beta_content", "supervisor", "outsider"):
        with pytest.raises(Refused, match="只有"):
            file("change", who=who, wanted={"contact": "电话"})


def test_the_library_leads_to_the_new_host():
    from content_library.models import Resource
    from content_library.resources.moved_sites import move_addresses
    from tests import factories

    with tenant_context(get_tenant("beta")):
        page = factories.live_article("beta")
    before = public_url(get_tenant("beta"), "")
    resource = Resource.objects.get(tenant__code="beta", page_id=page.pk)
    assert resource.url.startswith(before)
    moved()
    after = public_url(get_tenant("beta"), "")
    move_addresses(get_tenant("beta").pk, before, after)
    moved_to = Resource.objects.get(pk=resource.pk)
    assert moved_to.url == resource.url.replace(before, after) and moved_to.uuid == resource.uuid
    assert move_addresses(get_tenant("beta").pk, before, after) == 0
