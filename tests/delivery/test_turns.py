"""Whose turn it is: who waits longest, also while somebody goes on publishing; where many wait, pages before lists."""

from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from govplatform.delivery import publisher
from govplatform.delivery.changes import note_change
from govplatform.delivery.models import Change, SiteDelivery
from govplatform.delivery.pauses import Pauses
from govplatform.delivery.publisher import _deliver_changed
from govplatform.review.queries import site_path
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.reposts.conftest import live_at

from .delivered import delivered_on_both, lay_there
from .looking import delivered, out_of_date

__all__ = ["delivered_on_both"]


@pytest.fixture
def sites(delivered_on_both: Path, settings: Any, tmp_path: Path) -> tuple[Tenant, Tenant]:
    lay_there(delivered_on_both, settings, tmp_path)
    found = get_tenant("alpha"), get_tenant("beta")
    SiteDelivery.objects.exclude(pk__in=[site.pk for site in found]).update(whole=False)
    return found


def noted(monkeypatch: Any, then: Any = None) -> list[tuple[str, bool]]:
    """(site, whether its pages alone) in the order of turns; ``then``: called after each with its number."""
    turns: list[tuple[str, bool]] = []
    original = publisher.attempt

    def attempt(site: int, act: Any, pauses: Pauses) -> bool:
        turns.append((Tenant.objects.get(pk=site).code, act is publisher._pages_first))
        done = original(site, act, pauses)
        if then is not None:
            then(len(turns))
        return done

    monkeypatch.setattr(publisher, "attempt", attempt)
    return turns


def test_who_goes_on_publishing_keeps_nobody_waiting(sites: tuple[Tenant, Tenant], monkeypatch: Any):
    alpha, beta = sites

    def publish_on(turn: int) -> None:
        if turn < 4:
            note_change(alpha, [])

    turns = noted(monkeypatch, publish_on)
    note_change(alpha, [])
    note_change(beta, [])
    _deliver_changed(Pauses())
    assert [code for code, _pages in turns] == ["alpha", "beta", "alpha", "alpha"]
    assert not Change.objects.filter(tenant__in=[alpha, beta]).exists()


def test_where_many_wait_pages_go_before_what_shows_them(sites: tuple[Tenant, Tenant], monkeypatch: Any):
    alpha, beta = sites
    monkeypatch.setattr(publisher, "_FEW", 1)
    pages = {alpha: live_at("alpha", title="先见到的信息甲")[0], beta: live_at("beta", title="先见到的信息乙")[0]}
    seen: list[dict[str, tuple[bool, bool]]] = []

    def look(_turn: int) -> None:
        seen.append({site.code: (_shows(site, pages[site], site_path(pages[site])), _shows(site, pages[site], "/news/"))
                     for site in sites})  # fmt: skip

    turns = noted(monkeypatch, look)
    _deliver_changed(Pauses())
    assert turns[:2] == [("alpha", True), ("beta", True)]
    # Both pages are there while neither list names them, and at the end everything is as the application says.
    assert seen[1] == {"alpha": (True, False), "beta": (True, False)}
    assert {pages_alone for _code, pages_alone in turns[2:]} == {False}
    assert not Change.objects.exists() and all(out_of_date(site) == [] for site in sites)


def test_where_few_wait_a_page_and_its_lists_go_together(sites: tuple[Tenant, Tenant], monkeypatch: Any):
    alpha, _beta = sites
    turns = noted(monkeypatch)
    with tenant_context(alpha):
        page = factories.live_article(title="一起见到的信息")
    _deliver_changed(Pauses())
    assert turns == [("alpha", False)] and _shows(alpha, page, "/news/") and _shows(alpha, page, site_path(page))


def test_a_site_that_fails_keeps_no_other_waiting(sites: tuple[Tenant, Tenant], monkeypatch: Any):
    alpha, beta = sites
    note_change(alpha, [])
    note_change(beta, [])
    pauses = Pauses()
    pauses.note_failure(alpha.pk)
    _deliver_changed(pauses)
    assert list(Change.objects.values_list("tenant", flat=True)) == [alpha.pk]


def _shows(site: Tenant, page: Any, address: str) -> bool:
    return page.title.encode() in (delivered(site, address) or b"")
