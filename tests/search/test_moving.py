"""Columns that move and sites that merge: results lead to where things are."""

import pytest
from django_tenants.utils import tenant_context

from govplatform.lifecycle.merge.carrying.running import carry, take_back
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.tenancy.queries import get_tenant
from search.narrowing import Filters
from search.queries import search
from tests import factories
from tests.columns.test_addresses_below import renamed
from tests.lifecycle.ending.ended import clean_folders
from tests.lifecycle.life import retiring

from .conftest import run_jobs, titles

pytestmark = pytest.mark.django_db


def test_a_column_that_is_placed_otherwise_takes_its_documents_along(alpha):
    with tenant_context(alpha):
        factories.live_article(title="关于秋季防火的通知", slug="fire")
    run_jobs()
    with tenant_context(alpha):
        renamed("news", "dongtai")
    run_jobs()
    here = {"site": alpha, "scope": "site"}
    [hit] = search("秋季防火", **here, filters=Filters(column="/dongtai/")).hits
    assert hit.url.endswith("/dongtai/fire/")
    assert search("秋季防火", **here, filters=Filters(column="/news/")).total == 0


def test_documents_of_a_merged_site_lead_to_the_destination_and_back(alpha):
    beta = get_tenant("beta")
    with tenant_context(beta):
        factories.live_article("beta", title="关于秋季防火的通知", slug="fire")
    run_jobs()
    with clean_folders():
        retiring()
        beta.refresh_from_db()
        merge = Merge.objects.create(source=beta, destination=alpha, application=retirement_of(beta))
        carry(merge, progress=lambda *_: None)
        [hit] = search("秋季防火").hits
        assert hit.site.code == "alpha"
        run_jobs()
        assert titles("秋季防火", site=alpha, scope="site") == ["关于秋季防火的通知"]
        take_back(merge)
        [hit] = search("秋季防火").hits
        assert hit.site.code == "beta"
        run_jobs()
        assert titles("秋季防火", site=alpha, scope="site") == []
