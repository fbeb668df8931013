"""What the tests of the screens share: a crawl that is uploaded, and the jobs that read it."""

import io
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.queries import get_tenant
from sites.arrivals.actions import upload_crawl
from sites.arrivals.models import Arrival
from sites.arrivals.running import work_on
from tests import factories
from tests.arrivals.old_site import HOST, Answer, crawl, write_warc

ARRIVALS = "/admin/arrivals/"


def warc_bytes(folder: Path, answers: list[Answer] | None = None) -> bytes:
    return write_warc(folder / "old.warc.gz", answers or crawl()).read_bytes()


def upload(client: Any, content: bytes, name: str = "old.warc.gz", host: str = HOST, **more: str) -> Any:
    return client.post(ARRIVALS, {"crawl": SimpleUploadedFile(name, content), "host": host, **more})


def run_jobs() -> int:
    """What the worker does with the jobs of arrivals that wait, each once, in the order in which they were queued."""
    connection.set_schema_to_public()
    jobs = [job for job in ProcrastinateJob.objects.order_by("pk") if "arrivals" in job.args.get("task_path", "")]
    for job in jobs:
        run_in_schema(**job.args)
    return len(jobs)


def surveyed(folder: Path, answers: list[Answer] | None = None, *, user: str = "alpha_editor", **more: Any) -> Arrival:
    """An arrival with its report, on the current site."""
    file = ContentFile(warc_bytes(folder, answers), name="old.warc.gz")
    arrival = upload_crawl(file, name="old.warc.gz", host=HOST, acting_user=factories.user(user), **more)
    work_on(arrival)
    arrival.refresh_from_db()
    return arrival


def the_arrival(site: str = "alpha") -> Arrival:
    with tenant_context(get_tenant(site)):
        return Arrival.objects.select_related("started_by", "uploaded_by").get()


def stream(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)
