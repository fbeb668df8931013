"""Running what is queued, and searching as a test asks."""

from django.db import connection

from search.checking import check_search
from search.queries import search

from .found import found

__all__ = ["found"]


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
