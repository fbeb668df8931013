"""The screens of static delivery: who sees which site, what is asked of the publisher, and how a refusal is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from govplatform.delivery.changes import note_change, pages_read
from govplatform.delivery.models import Change, FrontNode, NodeRelease, SiteDelivery, SiteRelease
from govplatform.delivery.nodes.queries import nodes_behind
from govplatform.tenancy.queries import get_tenant


@pytest.fixture
def releases(db: None) -> None:
    tenant = get_tenant("alpha")
    SiteDelivery.objects.create(tenant=tenant, host=tenant.public_host, sequence=2, whole=False)
    for number in (1, 2):
        SiteRelease.objects.create(
            tenant=tenant,
            sequence=number,
            cause=SiteRelease.Cause.CHANGE,
            files=30,
            bytes=1000,
            written=3,
            signed_at=timezone.now(),
        )
    Change.objects.create(tenant=tenant, reads=["x"], made_at=timezone.now())


def test_operators_see_what_waits_on_every_site(releases: None, console: Any):
    text = console("operator", "console").get("/admin/delivery/").content.decode()
    assert "1 个站点有信息已经发布、静态页面还没有更新" in text and "已等 不到 1 分钟" in text
    assert get_tenant("alpha").full_name in text and get_tenant("beta").full_name in text


def test_operators_see_how_far_each_front_node_is(releases: None, console: Any):
    tenant = get_tenant("alpha")
    behind = FrontNode.objects.create(name="north", error="拒绝连接")
    NodeRelease.objects.create(node=behind, host=tenant.public_host, sequence=1, files=30, accepted_at=timezone.now())
    text = console("operator", "console").get("/admin/delivery/").content.decode()
    assert "north" in text and "拒绝连接" in text
    assert [(row.sites, row.hosts) for row in nodes_behind()] == [(1, 1)]
    assert "north" not in console("alpha_admin", "alpha").get("/admin/delivery/").content.decode()


def test_an_administrator_sees_the_own_site_alone(releases: None, console: Any):
    client = console("alpha_admin", "alpha")
    text = client.get("/admin/delivery/").content.decode()
    assert get_tenant("alpha").full_name in text and "/admin/delivery/beta/" not in text
    assert client.get("/admin/delivery/beta/").status_code == 404


def test_going_back_is_asked_for_with_a_reason(releases: None, console: Any):
    client = console("alpha_admin", "alpha")
    refused = client.post("/admin/delivery/alpha/", {"act": "back", "release": "1", "reason": " "})
    assert "请写明退回以前版本的理由。" in refused.content.decode()
    nothing = client.post("/admin/delivery/alpha/", {"act": "back", "reason": "页头出错"})
    assert "请先选择要退回到哪一个版本" in nothing.content.decode() and 'value="页头出错"' in nothing.content.decode()
    client.post("/admin/delivery/alpha/", {"act": "back", "release": "1", "reason": "页头出错"})
    assert Change.objects.get(back_to__isnull=False).reason == "页头出错"
    client.post("/admin/delivery/alpha/", {"act": "bake"})
    assert Change.objects.filter(everything=True).exists()


def test_a_supervisor_looks_and_asks_for_nothing(releases: None, console: Any):
    client = console("supervisor", "console")
    assert 'name="act"' not in client.get("/admin/delivery/alpha/").content.decode()
    refused = client.post("/admin/delivery/alpha/", {"act": "bake"})
    assert "只有平台运维人员" in refused.content.decode()


def test_a_page_says_on_its_own_screen_how_long_citizens_wait_for_it(live: Any, db: None, console: Any):
    site, page = get_tenant("alpha"), live("article")
    Change.objects.filter(tenant=site).delete()
    address = f"/admin/pages/{page.pk}/edit/"
    assert "公众看到的页面正在更新" not in console("alpha_editor", "alpha").get(address).content.decode()
    note_change(site, pages_read(page.pk), page=page.pk)
    now = console("alpha_editor", "alpha").get(address).content.decode()
    assert "公众看到的页面正在更新，已等 不到 1 分钟" in now
    Change.objects.filter(tenant=site).update(made_at=timezone.now() - timedelta(minutes=12))
    text = console("alpha_editor", "alpha").get(address).content.decode()
    assert "改动已经生效，公众看到的页面正在更新，已等 12 分钟。" in text.replace("\xa0", " ")
    # another page of the site waits for nothing
    other = live("third")
    text = console("alpha_editor", "alpha").get(f"/admin/pages/{other.pk}/edit/").content.decode()
    assert "公众看到的页面正在更新" not in text
