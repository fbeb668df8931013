"""The history is written once for a module and rolled back after it; each test works on top of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from content_library.models import Resource
from tests import database
from tests.layers import transaction_of_tests
from tests.reposts.conftest import live_at

from .history import many_pushes, many_recalls, many_sites


@dataclass(frozen=True)
class Years:
    """What lies behind: so many pushes, and twenty recalls, of one resource to so many sites; all done, all over."""

    sites: int
    pushes: int
    resource: Resource


_SMALL, _PROVINCE = (250, 40), (1_000, 100)


@pytest.fixture(scope="module", autouse=True)
def _nothing_dead(bare_sites: None) -> None:
    """What earlier tests wrote and rolled back is cleared away, as the server does by itself on a platform at work.

    An index leads to dead rows too, and a list's cost would depend on how many tests have run before it.
    """
    database.clear_away_dead_rows()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(_SMALL, id="ten-thousand-targets"),
        pytest.param(_PROVINCE, id="a-hundred-thousand-targets", marks=pytest.mark.soak),
    ],
)
def years(request: Any, bare_sites: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Years]:
    from django.conf import settings

    sites, pushes = request.param
    library = settings.LIBRARY_ROOT
    settings.LIBRARY_ROOT = tmp_path_factory.mktemp("library")
    with django_db_blocker.unblock(), transaction_of_tests():
        _page, resource = live_at("alpha")
        many_sites(sites)
        many_pushes(resource, pushes)
        many_recalls(resource, 20)
        yield Years(sites, pushes, resource)
        transaction.set_rollback(True)
    settings.LIBRARY_ROOT = library


@pytest.fixture
def later(years: Years, django_db_blocker: Any) -> Iterator[Years]:
    """What the test adds to the years is gone after it."""
    with django_db_blocker.unblock(), transaction_of_tests():
        yield years
        transaction.set_rollback(True)
