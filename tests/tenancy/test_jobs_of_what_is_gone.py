"""Libraries index at every save; a draft may be deleted before its turn comes, and then nothing is left to do."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django_tenants.utils import schema_context
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.actions.delete_page import DeletePageAction

from govplatform.tenancy.jobs import run_in_schema
from tests import factories

INDEXING = ("modelsearch.tasks.insert_or_update_object_task", "wagtail.tasks.update_reference_index_task")


def queued(alpha):
    """Arguments of the indexing jobs of the site, as the worker gets them."""
    jobs = ProcrastinateJob.objects.filter(status="todo", args__schema=alpha.schema_name).order_by("id")
    return [job.args for job in jobs if job.args["task_path"] in INDEXING]


def test_indexing_a_deleted_draft_is_done_at_once(alpha):
    page = factories.draft_article()
    with transaction.atomic():
        DeletePageAction(page, user=None).execute()
    waiting = [args for args in queued(alpha) if args["args"][2] == str(page.pk)]
    assert waiting
    with schema_context("public"):
        for args in waiting:
            run_in_schema(**args)


def test_something_else_that_is_missing_is_still_a_failure(alpha, monkeypatch):
    page = factories.draft_article()
    [first, *_more] = [args for args in queued(alpha) if args["args"][2] == str(page.pk)]

    def missing(*_args):
        raise ObjectDoesNotExist("another row")

    monkeypatch.setattr("modelsearch.index.insert_or_update_object", missing)
    monkeypatch.setattr("wagtail.models.ReferenceIndex.create_or_update_for_object", missing)
    with schema_context("public"), pytest.raises(ObjectDoesNotExist, match="another row"):
        run_in_schema(**first)
