"""A site that is dropped and comes back is not found, and nothing that looks after the search stumbles over it."""

from pathlib import Path

import pytest

from govplatform.lifecycle.ending.actions import drop_site
from govplatform.lifecycle.ending.restoring import Wish, restore_site
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from search.checking import check_search
from search.engines.choosing import own_engine
from search.indexing.actions import index_site
from search.models import SearchDocument
from search.rebuilding import rebuild_search
from tests import factories
from tests.lifecycle.ending.ended import clean_folders, ended
from tests.reposts.conftest import live_at

from .conftest import assert_in_line, run_jobs, titles

TITLE = "关于秋季防火的通知"


def test_a_dropped_site_is_brought_in_line_without_its_schema(own_database, tmp_path):
    """Everything that is asked of it by hand or by a late job is answered from what the platform keeps."""
    check_search(repair=True)
    with clean_folders():
        live_at("beta", title=TITLE)
        run_jobs()
        assert titles(TITLE) == [TITLE]
        beta = ended(tmp_path / "archive")
        # What a job did not come to before the schema went.
        drop_site(beta, acting_user=factories.user("operator"))
        assert titles(TITLE) == []
        assert SearchDocument.objects.filter(shown=True, tenant=beta).exists()
        index_site(beta.pk)
        run_jobs()
        assert_in_line()
        rebuild_search(own_engine(), site=get_tenant("beta"))
        rebuild_search(own_engine())
        assert_in_line()
        assert titles(TITLE) == []
        assert not SearchDocument.objects.filter(shown=True, tenant=beta).exists()


@pytest.mark.soak
def test_restored_as_it_was_and_beside_itself(own_database, tmp_path):
    check_search(repair=True)
    with clean_folders():
        live_at("beta", title=TITLE)
        run_jobs()
        beta = ended(tmp_path / "archive")
        index_site(beta.pk)
        path = Path(drop_site(beta, acting_user=factories.user("operator")).path)
        for code in ("beta", "gamma"):
            restore_site(path, Wish(code), acting_user=factories.user("operator"))
            run_jobs()
            index_site(get_tenant(code).pk)
            assert_in_line()
            assert titles(TITLE) == []
        assert not SearchDocument.objects.filter(shown=True, tenant__code__in=["beta", "gamma"]).exists()
        # The retired one opens again, as an operator may have to do by hand: it is found, and leads to itself.
        Tenant.objects.filter(code="beta").update(status=Tenant.Status.LIVE)
        index_site(beta.pk)
        assert_in_line()
        assert titles(TITLE) == [TITLE]
