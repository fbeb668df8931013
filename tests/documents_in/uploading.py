"""What the tests of 文档导入 in the console share: an upload, the jobs of the worker, a batch that was read."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.queries import get_tenant
from sites.documents_in.actions import queue_file, start_batch
from sites.documents_in.models import ImportBatch, ImportItem
from tests.documents_in.importing import NOTICE
from tests.factories import column, user

UPLOAD = "/admin/documents-in/"


def run_jobs():
    """What the worker does, with the schema that each job carries. Returns how many."""
    connection.set_schema_to_public()
    jobs = [job for job in ProcrastinateJob.objects.all() if "documents_in" in job.args.get("task_path", "")]
    for job in jobs:
        run_in_schema(**job.args)
    return len(jobs)


def column_of(site_code, slug="policies"):
    with tenant_context(get_tenant(site_code)):
        return column(slug).pk


def upload(client, *files, site_code="alpha", slug="policies", **more):
    return client.post(UPLOAD, {"column": column_of(site_code, slug), "documents": list(files), **more})


def text_file(name="通知.txt", lines=NOTICE):
    return SimpleUploadedFile(name, "\r\n".join(lines).encode("gb18030"))


def the_batch(site_code="alpha"):
    with tenant_context(get_tenant(site_code)):
        return ImportBatch.objects.get()


def make(client, batch, **more):
    """Have the drafts of a batch made, as its form asks for them; without fields, as they were recognised."""
    return client.post(reverse("documents_in_make", args=[batch.pk]), {"which": "all", **more}, follow=True)


def items_of(site_code="alpha"):
    with tenant_context(get_tenant(site_code)):
        return {item.filename: item for item in ImportItem.objects.select_related("batch", "page", "duplicate_of")}


def read_batch(*recognised: dict[str, Any], slug: str = "policies", who: str = "alpha_editor") -> ImportBatch:
    """A batch of ``who`` with a file for each of ``recognised``, which was read without its job: 0.txt, 1.txt, ..."""
    with tenant_context(get_tenant(who.partition("_")[0])):
        batch = start_batch(column(slug), acting_user=user(who))
        for number, found in enumerate(recognised):
            text = "\r\n".join([f"第{number}份。", *NOTICE])
            item = queue_file(batch, ContentFile(text.encode(), name=f"{number}.txt"), f"{number}.txt")
            item.note(state=ImportItem.State.READ, progress="", recognised=found)
        return batch
