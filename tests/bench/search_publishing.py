"""From the commit of a publication until it is found, at fifty publications a second.

A publication is what it leaves in the library, a resource with its version, and the line of the sheet of consequences
that has it indexed. One worker of the platform is at work, as ``serve`` runs it; found is what another connection sees.
The sites are opened ones: the search asks each page's site for its picture.
"""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

_A_SECOND = 50
_LONGEST_SECONDS = 60
#: Sites that publish, opened for it: those of the other documents are rows alone.
_SITES = 5
_ROOT = Path(__file__).resolve().parents[2]


def publish(first: int, number: int, logs: Path | None = None) -> dict[str, Any]:
    """Publish documents ``first`` to ``first + number``; milliseconds until they are found, and how many were not.

    Processor seconds of the worker, and of the database whose data lie in ``logs``, are told beside it.
    """
    from .processor import database_seconds, tree_seconds
    from .search import spread

    sites = _open_sites()
    committed, found = dict[int, float](), dict[int, float]()
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "run_workers", "publishing"],
        cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    looking = threading.Thread(target=_look, args=(first, number, found))
    try:
        # A worker that has only begun would be measured by its start.
        time.sleep(10)
        before = tree_seconds(worker.pid), database_seconds(logs)
        looking.start()
        began = time.perf_counter()
        for turn in range(number):
            time.sleep(max(0.0, began + turn / _A_SECOND - time.perf_counter()))
            _publish_one(first + turn, sites)
            committed[first + turn + 1] = time.perf_counter()
        took = time.perf_counter() - began
        looking.join()
        # What waits in the queue when all are found has to be done as well.
        while _jobs_waiting():
            time.sleep(0.1)
        spent = tree_seconds(worker.pid) - before[0], database_seconds(logs) - before[1]
    finally:
        worker.terminate()
        worker.wait()
    times = [(found[key] - committed[key]) * 1000 for key in committed if key in found]
    return {
        **spread(times), "a_second": round(number / took), "not_found": number - len(times),
        "worker_processor_seconds": round(spent[0], 1), "database_processor_seconds": round(spent[1], 1),
        "jobs": _jobs_done(),
    }  # fmt: skip


def _jobs_waiting() -> int:
    return _count_jobs("status IN ('todo', 'doing')")


def _jobs_done() -> int:
    return _count_jobs("status = 'succeeded'")


def _count_jobs(where: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM public.procrastinate_jobs WHERE queue_name = 'publishing' AND {where}")
        return int(cursor.fetchone()[0])


def _open_sites() -> list[int]:
    """Return the keys of the sites that publish, opened where they are missing."""
    from django.db import connection

    from govplatform.lifecycle.actions import NewSite, open_site
    from govplatform.tenancy.models import Tenant

    for number in range(_SITES):
        code = f"bench-open-{number}"
        if not Tenant.objects.filter(code=code).exists():
            new = NewSite(
                code=code,
                host=f"{code}.localhost",
                console_host=f"{code}.console.localhost",
                full_name=f"第{number}个发布站",
                kind="portal",
                level="county",
            )
            open_site(new, acting_user=None)
    connection.close()
    return list(Tenant.objects.filter(code__startswith="bench-open-").order_by("pk").values_list("pk", flat=True))


def _publish_one(number: int, sites: list[int]) -> None:
    from django.db import transaction

    from content_library.models import Resource, ResourceVersion
    from content_library.resources.events import ResourceRestored
    from govplatform.consequences.models import Consequence
    from govplatform.consequences.rows import write_row
    from govplatform.events.sheet import RETRIED

    from .search_texts import written

    one = written(number)
    with transaction.atomic():
        resource = Resource.objects.create(
            pk=number + 1, tenant_id=sites[number % len(sites)], page_id=number + 1, status="in_force",
            current_id=number + 1, title=one.title, kind=one.kind, disclosure="proactive", level="county",
            url=f"http://bench-open-{number % len(sites)}.localhost/news/{number + 1}/",
            published_at=one.published, updated_at=one.published, folded="",
        )  # fmt: skip
        ResourceVersion.objects.create(
            pk=number + 1, resource=resource, number=1, title=one.title, metadata={}, html="", text=one.body,
            digest="0" * 64, cleared_at=one.published,
        )  # fmt: skip
        line = "index_resource"
        write_row(ResourceRestored(resource), line, {"resource_id": resource.pk}, Consequence.Kind.JOB, RETRIED)


def _look(first: int, number: int, found: dict[int, float]) -> None:
    """Note when each of the documents is there for others to see."""
    from django.db import connection

    until = time.perf_counter() + number / _A_SECOND + _LONGEST_SECONDS
    try:
        while len(found) < number and time.perf_counter() < until:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT d.resource_id FROM public.search_searchdocument d JOIN public.search_postgresentry e"
                    " ON e.id = d.id WHERE d.resource_id > %s AND d.shown",
                    [first],
                )
                seen = time.perf_counter()
                for (key,) in cursor.fetchall():
                    found.setdefault(key, seen)
            time.sleep(0.01)
    finally:
        connection.close()
