"""Below which site another one may stand, and how those are told apart that are called alike."""

import pytest

from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.lifecycle.forms import NewSiteForm
from govplatform.lifecycle.record_views import FactsForm
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

pytestmark = pytest.mark.django_db


def test_a_closed_site_is_offered_to_nobody_and_refused_by_the_verb(site):
    alpha, _beta = site("alpha"), site("beta")
    Tenant.objects.filter(pk=alpha.pk).update(status="retired")
    forms = (NewSiteForm().fields["parent_code"], FactsForm(get_tenant("beta")).fields["parent"])
    assert [("alpha" in dict(field.choices)) for field in forms] == [False, False]
    new = NewSite(
        code="below", host="below.localhost", console_host="below.console.localhost", full_name="下级测试站",
        kind="portal", level="county", parent_code="alpha",
    )  # fmt: skip
    with pytest.raises(Refused, match="已经关停，不能作为上级站点"):
        open_site(new, acting_user=None)


def test_sites_that_are_called_alike_have_their_code_behind_the_name(site):
    alpha, beta = site("alpha"), site("beta")
    Tenant.objects.filter(pk=beta.pk).update(full_name=alpha.full_name)
    offered = dict(NewSiteForm().fields["parent_code"].choices)
    assert offered["alpha"] == f"{alpha.full_name}（alpha）" and offered["beta"] == f"{alpha.full_name}（beta）"
