"""A page that the application could not answer once, for a moment's reason, stays a file and is the new one."""

from typing import Any

import pytest
from django.db import OperationalError
from django_tenants.utils import tenant_context

from govplatform.delivery.actions import ask_to_bake
from govplatform.delivery.delivering import deliver
from govplatform.review.queries import site_path
from govplatform.tenancy.models import Tenant
from sites.home.models import HomePage
from tests import factories

from .delivered import delivered_once, site
from .looking import delivered, out_of_date

pytestmark = pytest.mark.django_db
__all__ = ["delivered_once", "site"]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The database refuses what the home page asks, so many times as ``left`` says."""
    counted, shown = {"left": 0, "refused": 0}, HomePage.get_context

    def context(page: HomePage, *args: Any, **kwargs: Any) -> Any:
        if counted["left"]:
            counted["left"] -= 1
            counted["refused"] += 1
            raise OperationalError("could not serialize access due to concurrent update")
        return shown(page, *args, **kwargs)

    monkeypatch.setattr(HomePage, "get_context", context)
    return counted


@pytest.mark.parametrize("whole", [False, True])
def test_it_is_asked_once_more_in_a_state_of_its_own(site: Tenant, refused: dict[str, int], whole: bool):
    with tenant_context(site):
        factories.live_article(title="静态发布测试一")
    if whole:
        ask_to_bake(site, acting_user=None)
    refused["left"] = 1
    deliver(site)
    assert refused == {"left": 0, "refused": 1}
    assert "静态发布测试一".encode() in (delivered(site, "/") or b"")
    assert out_of_date(site) == []


def test_one_that_fails_for_good_is_left_to_the_application(site: Tenant, refused: dict[str, int]):
    with tenant_context(site):
        page = factories.live_article(title="静态发布测试一")
    refused["left"] = 1_000
    deliver(site)
    assert refused["refused"] == 2
    assert delivered(site, "/") is None
    assert "静态发布测试一".encode() in (delivered(site, site_path(page)) or b"")
