"""Beside a whole site that is being rendered: what is published or comes down then does not wait for it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.delivery.changes import note_whole
from govplatform.delivery.delivering import deliver, deliver_early, take_down
from govplatform.delivery.models import Change, SiteRelease
from govplatform.delivery.queries import sites_behind
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .looking import delivered, is_gone, out_of_date


@pytest.fixture
def site(live: Any, own_database: str, settings: Any, tmp_path: Path) -> Tenant:
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    tenant = get_tenant("alpha")
    deliver(tenant)
    return tenant


def beside(act: Callable[[], Any]) -> Any:
    """What ``act`` returns in a thread with a connection of its own, as the publisher has for each of its works."""
    got: list[Any] = []

    def run() -> None:
        try:
            got.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert got, "the work beside failed"
    return got[0]


def test_what_happens_while_a_whole_site_is_rendered_does_not_wait_for_it(site: Tenant):
    """A page is published after the first address of the whole site was rendered, and comes down before the last."""
    with tenant_context(site):
        stays = factories.live_article(title="先撤下的信息")
    deliver(site)
    seen: list[str] = []

    def publish() -> str:
        with tenant_context(site):
            page = factories.live_article(title="全站生成期间发布的信息")
        assert sites_behind("alpha")[0].pending == 2
        done = deliver_early(site)
        assert done is not None and 0 < done.written < 30
        assert sites_behind("alpha")[0].pending == 1
        return site_path(page)

    def withdraw() -> None:
        with tenant_context(site):
            withdraw_page(stays, acting_user=factories.user("alpha_content"), reason="测试撤回")
        take_down(site)
        deliver_early(site)

    def meanwhile(made: int, total: int) -> None:
        if made == 1:
            # One site is delivered by one process; another one leaves it to that.
            assert beside(lambda: [deliver(site)]) == [None]
            seen.append(beside(publish))
            home = delivered(site, "/") or b""
            assert "全站生成期间发布的信息".encode() in home and "先撤下的信息".encode() in home
            assert "全站生成期间发布的信息".encode() in (delivered(site, seen[0]) or b"")
        elif made == total - 1:
            beside(withdraw)
            assert is_gone(site, site_path(stays))
            assert "先撤下的信息".encode() not in (delivered(site, "/") or b"")

    note_whole(site)
    done = deliver(site, tell=meanwhile)
    assert seen and done is not None
    assert not Change.objects.filter(tenant=site).exists()
    assert out_of_date(site) == [] and is_gone(site, site_path(stays))
    causes = list(SiteRelease.objects.filter(tenant=site).order_by("sequence").values_list("cause", flat=True))
    assert SiteRelease.Cause.CHANGE in causes


def test_before_its_first_release_nothing_of_a_site_goes_early(live: Any, db: None, settings: Any, tmp_path: Path):
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    tenant = get_tenant("alpha")
    with tenant_context(tenant):
        factories.live_article(title="第一次生成之前")
    done = deliver_early(tenant)
    assert done is not None and done.releases == []
    assert Change.objects.filter(tenant=tenant, early=False).exists()
