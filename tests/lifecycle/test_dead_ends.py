"""Nothing is granted that could not be carried out."""

import pytest

from govplatform.lifecycle.models import SiteApplication
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .life import approve, approve_to_the_end, clear_notices, file, paper

pytestmark = pytest.mark.django_db


def retirement(site="beta", **asked):
    papers = [paper("approval"), paper("division-change")]
    return file("retire", site, ground="division-change", papers=papers, **asked)


def test_a_destination_that_ended_meanwhile_is_seen_by_the_last_approval():
    application = approve(retirement())
    Tenant.objects.filter(code="alpha").update(status="retired")
    with pytest.raises(Refused, match="不能迁入内容"):
        approve(application)
    assert approve(application, approve=False).state == SiteApplication.State.REJECTED


def test_a_site_to_which_others_come_does_not_go_before_they_are_here():
    """Their content would have no place: nobody can name another one any more."""
    approve_to_the_end(retirement("beta"))
    with pytest.raises(Refused, match="请先完成它的并入"):
        retirement("alpha", into="beta")
    clear_notices(SiteApplication.objects.get())
    with pytest.raises(Refused, match="请先完成它的并入"):
        retirement("alpha", into="beta")
