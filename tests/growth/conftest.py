"""The history is written once for a module and rolled back after it; each test works on top of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from content_library.models import Resource
from tests.reposts.conftest import live_at

from .history import many_pushes, many_recalls, many_sites


@pytest.fixture(scope="module")
def years(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Resource]:
    """A thousand sites, a hundred pushes and twenty recalls of one resource to all of them: all done, all over."""
    from django.conf import settings

    library = settings.LIBRARY_ROOT
    settings.LIBRARY_ROOT = tmp_path_factory.mktemp("library")
    with django_db_blocker.unblock(), transaction.atomic():
        _page, resource = live_at("alpha")
        many_sites()
        many_pushes(resource)
        many_recalls(resource, 20)
        yield resource
        transaction.set_rollback(True)
    settings.LIBRARY_ROOT = library


@pytest.fixture
def later(years: Resource, django_db_blocker: Any) -> Iterator[Resource]:
    """What the test adds to the years is gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield years
        transaction.set_rollback(True)
