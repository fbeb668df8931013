"""A site begins to run when its row says so, and is told of once."""

import pytest

from govplatform.tenancy.events import SiteOpened, SiteSaved
from govplatform.tenancy.models import Tenant


@pytest.fixture
def told(monkeypatch):
    events = []
    monkeypatch.setattr("govplatform.tenancy.opening.follow", events.append)
    return events


def openings(told):
    """Without what is told of every row that is saved."""
    return [event for event in told if not isinstance(event, SiteSaved)]


def test_only_the_row_s_own_status_opens_a_site(site, told):
    alpha = site("alpha")
    Tenant.objects.filter(pk=alpha.pk).update(status=Tenant.Status.PREPARING)
    alpha.status = Tenant.Status.LIVE
    alpha.save(update_fields=["contact"])
    assert openings(told) == [] and Tenant.objects.get(pk=alpha.pk).status == Tenant.Status.PREPARING
    alpha.save(update_fields=["status"])
    alpha.save()
    assert openings(told) == [SiteOpened(tenant=alpha)]
