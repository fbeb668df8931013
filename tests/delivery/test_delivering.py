"""Files follow what happens on a site: after each act and its delivery they say what the application says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.delivery import delivering
from govplatform.delivery.actions import ask_to_bake, ask_to_go_back
from govplatform.delivery.delivering import deliver, take_down
from govplatform.delivery.keys import publishers_key
from govplatform.delivery.models import Change, SiteRelease
from govplatform.delivery.release.entries import read_part
from govplatform.delivery.release.layout import moved_place_of, place_of
from govplatform.delivery.release.signed import Release, read_signed
from govplatform.delivery.release.store import Store
from govplatform.delivery.release.trees import Site
from govplatform.lifecycle.site_facts import NO, YES, change_site_facts
from govplatform.locks.holding import holding
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.traditional.addresses import variant_of
from sites.columns.actions import change_column
from sites.columns.listing import list_page_in
from sites.columns.models import Column
from sites.columns.pinning import pin_page
from sites.home.actions import change_home
from sites.home.models import HomePage
from sites.home.recommending import recommend_page
from tests import factories

from .delivered import delivered_once, site
from .looking import delivered, folder_of, is_gone, out_of_date

__all__ = ["delivered_once", "site"]


@pytest.fixture(autouse=True)
def _static_files(settings: Any, tmp_path: Path) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"


def after(tenant: Tenant) -> list[str]:
    deliver(tenant)
    return out_of_date(tenant)


def test_a_first_delivery_is_what_the_application_answers(site: Tenant):
    assert out_of_date(site) == []
    assert delivered(site, "/") and delivered(site, "/robots.txt") and delivered(site, "/sitemap.xml")
    first = SiteRelease.objects.filter(tenant=site).order_by("sequence").first()
    assert first is not None and first.cause == SiteRelease.Cause.WHOLE


def test_what_is_published_corrected_and_withdrawn_is_followed(site: Tenant):
    with tenant_context(site):
        page = factories.live_article(title="静态发布测试一")
    address = site_path(page)
    assert after(site) == []
    assert "静态发布测试一".encode() in (delivered(site, address) or b"")
    assert "静态发布测试一".encode() in (delivered(site, "/") or b"")
    with tenant_context(site):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert take_down(site) is not None
    assert is_gone(site, address)
    assert after(site) == []
    assert is_gone(site, address)
    assert "静态发布测试一".encode() not in (delivered(site, "/") or b"")


def test_acts_that_change_no_page_are_followed(site: Tenant, live: Any):
    """Lists, home page, columns, names: each is compared as a whole, so that nothing that shows it is forgotten."""
    with tenant_context(site):
        page = live("article")
        news, other = factories.column("news"), Column.objects.exclude(slug="news").filter(live=True).first()
        pin_page(page, news, timezone.localdate(), acting_user=factories.user("alpha_editor"))
    assert after(site) == []
    with tenant_context(site):
        recommend_page(page, acting_user=factories.user("alpha_editor"))
        list_page_in(page, [other], acting_user=factories.user("alpha_editor"))
    assert after(site) == []
    with tenant_context(site):
        change_column(other, acting_user=None, title="改过名字的栏目")
    assert after(site) == []
    assert "改过名字的栏目".encode() in (delivered(site, "/") or b"")
    with tenant_context(site):
        home = HomePage.objects.get()
        change_home(home, acting_user=None, links=[{"group": "测试", "title": "友情", "url": "https://www.gov.cn/"}])
    assert after(site) == []
    site.full_name = "改过名字的网站"
    site.save()
    assert after(site) == []


def test_what_has_moved_leaves_a_mark_and_says_so_while_nobody_can_be_asked(site: Tenant):
    """Through whole deliveries too, whatever is known elsewhere of where it went."""
    with tenant_context(site), holding():
        news, other = factories.column("news"), Column.objects.exclude(slug="news").filter(live=True).first()
        before = site_path(news)
        news.move(other, pos="last-child")
        after_move = site_path(Column.objects.get(pk=news.pk))
    assert before != after_move and after(site) == []
    assert (folder_of(site) / moved_place_of(before)).read_bytes() == b""
    assert not (folder_of(site) / place_of(before)).exists()
    ask_to_bake(site, acting_user=None)
    assert after(site) == [] and (folder_of(site) / moved_place_of(before)).exists()
    assert "没有找到这个页面".encode() in (folder_of(site) / ".answers" / "404.html").read_bytes()


def test_traditional_pages_lie_beside_the_others_and_come_down_with_them(site: Tenant):
    change_site_facts(site, acting_user=None, traditional=YES)
    site.refresh_from_db()
    with tenant_context(site):
        page = factories.live_article(title="云里雾里的发布会")
    address, traditional = site_path(page), variant_of(site_path(page))
    assert after(site) == []
    assert "雲裡霧裡的發布會".encode() in (delivered(site, traditional) or b"")
    assert "雲裡霧裡的發布會".encode() in (delivered(site, variant_of("/")) or b"")
    assert delivered(site, variant_of("/news/")) and not delivered(site, "/zh-hant/robots.txt")
    with tenant_context(site):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert take_down(site) is not None
    assert is_gone(site, address) and is_gone(site, traditional)
    assert after(site) == []
    # Going back brings no traditional page of what came down, either.
    with tenant_context(site):
        factories.live_article(title="后来的信息")
    assert after(site) == []
    first = SiteRelease.objects.filter(tenant=site, cause=SiteRelease.Cause.WHOLE).latest("sequence")
    ask_to_go_back(site, first.sequence, acting_user=None, reason="测试")
    deliver(site)
    assert is_gone(site, traditional)
    change_site_facts(site, acting_user=None, traditional=NO)
    site.refresh_from_db()
    assert after(site) == []
    assert delivered(site, traditional) is None and delivered(site, variant_of("/")) is None


def test_policy_and_interpretation_name_each_other(site: Tenant):
    with tenant_context(site):
        policy = factories.publish(factories.draft_policy())
        deliver(site)
        explained = factories.publish(factories.draft_interpretation(policy))
    assert after(site) == []
    with tenant_context(site):
        withdraw_page(explained, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert after(site) == []


def test_one_article_touches_few_files(site: Tenant):
    with tenant_context(site):
        factories.live_article(title="只改几个文件")
    done = deliver(site)
    assert done is not None and 0 < done.written < 30


def test_a_day_that_is_over_is_followed(site: Tenant, live: Any, time_machine: Any):
    with tenant_context(site):
        pin_page(live("article"), factories.column(), timezone.localdate(), acting_user=factories.user("alpha_editor"))
    assert after(site) == []
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert out_of_date(site) != []
    assert after(site) == []


def test_a_site_that_is_not_served_lies_nowhere(site: Tenant):
    site.status = Tenant.Status.OFFLINE
    site.save()
    take_down(site)
    assert list(folder_of(site).iterdir()) == [folder_of(site) / ".release.json"]
    site.status = Tenant.Status.LIVE
    site.save()
    assert after(site) == []


def test_a_release_says_what_lies_there_and_is_signed(site: Tenant):
    root, found = Path(settings.DELIVERY_ROOT), _in_place(site)
    entries = [entry for digest in found.parts.values() for entry in read_part(Store(root).read(digest))]
    lying = {str(path.relative_to(folder_of(site))) for path in folder_of(site).rglob("*") if path.is_file()}
    packed = {f"{entry.place}{ending}" for entry in entries for ending, _digest, _size in entry.packed}
    assert {entry.place for entry in entries} | packed == lying - {".release.json"}
    assert (found.site, found.files) == (site.code, len(entries))


def test_what_was_withdrawn_while_it_was_rendered_is_not_put_there(site: Tenant, live: Any, monkeypatch: Any):
    with tenant_context(site):
        page = factories.live_article(title="正在生成时撤回")
    original = delivering.release

    def withdrawn_meanwhile(*arguments: Any, **facts: Any) -> Any:
        monkeypatch.setattr(delivering, "release", original)
        with tenant_context(site):
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        take_down(site)
        return original(*arguments, **facts)

    monkeypatch.setattr(delivering, "release", withdrawn_meanwhile)
    assert after(site) == []
    assert delivered(site, site_path(page)) is None
    assert not Change.objects.filter(tenant=site).exists()


def test_going_back_brings_files_of_before_and_nothing_that_came_down(site: Tenant):
    with tenant_context(site):
        page, stays = factories.live_article(title="将被撤回的信息"), factories.live_article(title="照常公开的信息")
    deliver(site)
    before = SiteRelease.objects.filter(tenant=site).latest("sequence")
    home = delivered(site, "/sitemap/") or b""
    name, site.full_name = site.full_name, "写错了的名称"
    site.save()
    assert after(site) == []
    with tenant_context(site):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    deliver(site)
    assert "写错了的名称".encode() in (delivered(site, "/sitemap/") or b"")
    ask_to_go_back(site, before.sequence, acting_user=None, reason="名称写错")
    done = deliver(site)
    assert done is not None and done.releases[0].cause == SiteRelease.Cause.ROLLED_BACK
    assert delivered(site, "/sitemap/") == home
    assert name.encode() in (delivered(site, site_path(stays)) or b"")
    assert is_gone(site, site_path(page))
    assert done.releases[0].withheld > 0
    assert "将被撤回的信息".encode() not in b"".join(path.read_bytes() for path in folder_of(site).rglob("*.html"))
    # And everything is as it is now once it is rendered again.
    ask_to_bake(site, acting_user=None)
    assert after(site) == []


def test_a_text_leads_to_nothing_that_came_down(site: Tenant):
    with tenant_context(site):
        target = factories.live_article(title="被引用的信息")
        link = f'<p>详见<a linktype="page" id="{target.pk}">另文</a>。</p>'
        page = factories.live_article(body=[{"type": "rich_text", "value": link}])
        address, leads_to = site_path(page), f'href="{site_path(target)}"'.encode()
    assert after(site) == []
    assert leads_to in (delivered(site, address) or b"").partition(b"</article>")[0]
    with tenant_context(site):
        withdraw_page(target, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert after(site) == []
    assert leads_to not in (delivered(site, address) or b"")


def test_of_many_files_a_change_writes_a_few_parts(live: Any, db: None, monkeypatch: Any):
    monkeypatch.setattr("govplatform.delivery.release.entries._IN_A_PART", 1)
    tenant = get_tenant("alpha")
    deliver(tenant)
    before = _in_place(tenant)
    with tenant_context(tenant):
        factories.live_article(title="只改几个分区")
    deliver(tenant)
    now = _in_place(tenant)
    assert (before.depth, now.depth) == (2, 2)
    assert 0 < len(set(now.parts.values()) - set(before.parts.values())) < len(before.parts)
    store = Store(Path(settings.DELIVERY_ROOT))
    entries = [entry for digest in now.parts.values() for entry in read_part(store.read(digest))]
    assert len(entries) == len({entry.place for entry in entries}) == now.files
    assert all((folder_of(tenant) / entry.place).stat().st_size == entry.size for entry in entries)
    assert out_of_date(tenant) == []


def _in_place(tenant: Tenant) -> Release:
    envelope = Site(Path(settings.DELIVERY_ROOT), tenant.public_host).envelope()
    return read_signed(envelope, publishers_key().public_key())
