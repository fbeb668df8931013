"""Running what is queued, and searching as a test asks."""

import pytest
from django.db import connection

from content_library.models import Resource
from govplatform.tenancy.queries import get_tenant
from search.checking import check_search
from search.indexing.actions import index_resources, index_site
from search.queries import search


def run_jobs() -> None:
    """Run what is queued for consequences and for the search, as the worker does, until nothing is left."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from govplatform.tenancy.jobs import run_in_schema

    while jobs := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        for job in jobs:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE public.procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            if job.args["task_path"].startswith(("govplatform.consequences", "content_library.distribution", "search")):
                run_in_schema(**job.args)


def assert_in_line() -> None:
    """Library, sites, documents and engines say the same: what ``check_search`` would print."""
    assert check_search().faults == []


def titles(text: str, **narrowed) -> list[str]:
    """Titles of the first page of results."""
    return [hit.title_text for hit in search(text, **narrowed).hits]


@pytest.fixture
def found(live, db) -> None:
    """Everything that is live, as the worker would have written it."""
    index_resources(Resource.objects.values_list("pk", flat=True))
    for code in ("alpha", "beta"):
        index_site(get_tenant(code).pk)
