"""Nothing is granted that could not be carried out."""

import pytest

from govplatform.lifecycle.models import SiteApplication
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .life import approve, file, paper

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
