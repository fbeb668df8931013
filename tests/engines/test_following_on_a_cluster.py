"""From the act to the cluster: what is published, corrected and withdrawn, with the queue in between."""

import pytest
from django_tenants.utils import tenant_context

from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from search.engine import Query
from search.engines.elasticsearch import ElasticsearchEngine
from search.indexing.actions import give_to_chosen
from search.queries import search
from tests import factories
from tests.reposts.conftest import corrected_at, live_at
from tests.search.conftest import run_jobs

from .opensearch import Node

pytestmark = [pytest.mark.opensearch, pytest.mark.django_db]


def test_publication_correction_and_withdrawal_reach_the_cluster(cluster: ElasticsearchEngine):
    page, _resource = live_at("alpha", title="关于开展秋季防火巡查的通知")
    assert cluster.count() == 0
    run_jobs()
    results = search("防火巡查")
    assert (results.engine, results.total) == ("elasticsearch", 1)
    corrected_at("alpha", page, title="关于冬季防寒的通知")
    run_jobs()
    assert (search("防火巡查").total, search("冬季防寒").total) == (0, 1)
    with tenant_context(get_tenant("alpha")):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert cluster.query(Query()).total == 1
    assert search("冬季防寒").total == 0
    run_jobs()
    assert cluster.query(Query()).total == 0


def test_what_was_published_while_it_was_away_waits_and_comes(cluster: ElasticsearchEngine, opensearch: Node):
    """PostgreSQL has it at once; what looks after the search every minute gives the cluster what is behind."""
    opensearch.kill()
    live_at("alpha", title="关于开展秋季防火巡查的通知")
    run_jobs()
    assert search("防火巡查").engine == "postgres"
    assert search("防火巡查").total == 1
    opensearch.restart()
    give_to_chosen()
    assert cluster.count() == 1
