"""Jobs that carry their schema (decision 009, trap T7).

Wagtail and our own code enqueue ``django_tasks`` tasks; they are stored in procrastinate's
tables in the same transaction, together with the schema they were enqueued in.  The worker
enters that schema before it runs one; a job without a schema is refused.
"""

import logging
import time
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json
from django_tenants.utils import get_tenant_model, schema_context, tenant_context
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.exceptions import AlreadyEnqueued

from govplatform.figures.counted import JOB_SECONDS
from govplatform.logs.context import during_job

from .current import current_schema
from .each_site import recover_connection
from .models import Tenant
from .postgresql.frozen import SiteFrozen
from .turns import RetryInTurn, next_turn

RUNNER = "govplatform.run_in_schema"
#: Indexing for search and references: enqueued at every save, of drafts too, which may be deleted at once.
_ABOUT_ONE_OBJECT = ("modelsearch.tasks.", "wagtail.tasks.update_reference_index_task", "wagtail.images.tasks.")

#: The site whose turn the running job takes. What it queues outside of a site takes that site's turn as well.
_on_behalf_of: ContextVar[str] = ContextVar("on_behalf_of", default="")

logger = logging.getLogger("govplatform.jobs")
#: A job that would write in a frozen site is put off so long, again and again, until the site is thawed or retired.
FROZEN_PAUSE = timedelta(minutes=10)


class SchemaMissing(Exception):
    """A job names no schema, or one that is gone: it must not run anywhere."""


class SiteDropped(SchemaMissing):
    """The schema was that of a site that was dropped."""


def enter_schema(schema: str) -> Any:
    """Return a context manager that enters the schema of a site, or ``public`` for work that belongs to no site.

    Raises SchemaMissing for '' and for a schema that belongs to no site, SiteDropped for one that does no more.
    """
    if not schema:
        raise SchemaMissing("the job carries no schema")
    if schema == "public":
        return schema_context("public")
    tenant = get_tenant_model().objects.filter(schema_name=schema).first()
    if tenant is None:
        raise SchemaMissing(f"no site has the schema {schema}")
    if tenant.dropped_at is not None:
        raise SiteDropped(f"the site with the schema {schema} was dropped")
    return tenant_context(tenant)


def run_in_schema(
    *, schema: str = "", task_path: str = "", args: list[Any], kwargs: dict[str, Any], site: str = ""
) -> None:
    """Run a task in its schema; the one function that the worker calls for every job.

    ``task_path``: the task as ``module.name``, with its ``args`` and ``kwargs``. ``site``: schema of the site on whose
    behalf it runs; jobs that it queues take their turn as that site's. Raises SchemaMissing, ImportError, and whatever
    the task raises, except that a library's job about an object that was deleted meanwhile counts as done. A job that
    is refused because its site is frozen is put off; when the site is retired, it ends. So does one of a site that was
    dropped meanwhile: no later attempt would find anything.
    """
    with schema_context("public"):
        try:
            context = enter_schema(schema)
        except SiteDropped:
            logger.warning("%s in %s ends, the site was dropped", task_path, schema)
            return
    with context:
        task = import_string(_present_path(task_path))
        asked_by = _on_behalf_of.set(site)
        try:
            task.call(*args, **kwargs)
        except SiteFrozen as refusal:
            recover_connection()
            _put_off(task, schema, args, kwargs, site, refusal)
        except ObjectDoesNotExist:
            if not _is_about_what_is_gone(task_path, args):
                raise
            logger.info("%s: %s is gone, nothing is left to do", task_path, args)
        finally:
            _on_behalf_of.reset(asked_by)


def _put_off(task: Task, schema: str, args: list[Any], kwargs: dict[str, Any], site: str, refusal: SiteFrozen) -> None:
    with schema_context("public"):
        if Tenant.objects.filter(schema_name=schema, status=Tenant.Status.RETIRED).exists():
            logger.info("%s in %s ends, the site is retired: %s", task.module_path, schema, refusal)
            return
        logger.info("%s in %s is put off: %s", task.module_path, schema, refusal)
        _defer(task.using(run_after=timezone.now() + FROZEN_PAUSE), schema, args, kwargs, on_behalf_of=site)


def _is_about_what_is_gone(task_path: str, args: list[Any]) -> bool:
    """A job of a library for one object (app label, model name, key) that was deleted before its turn came."""
    if not task_path.startswith(_ABOUT_ONE_OBJECT) or len(args) != 3:
        return False
    model = apps.get_model(args[0], args[1])
    return not model._base_manager.filter(pk=args[2]).exists()


def _present_path(task_path: str) -> str:
    module, _dot, name = task_path.rpartition(".")
    return f"{settings.MOVED_TASKS.get(module, module)}.{name}"


def register(app: App) -> None:
    """Register ``run_in_schema`` as the one task of procrastinate; called by procrastinate when its app is ready."""
    app.task(name=RUNNER, pass_context=True, retry=RetryInTurn(max_attempts=4, exponential_wait=3))(_run_job)


def _run_job(context: JobContext, **arguments: Any) -> None:
    """Run one job of a worker; it is timed, and its lines in the log carry its number."""
    began, end = time.monotonic(), "failed"
    try:
        with during_job(context.job.id):
            run_in_schema(**arguments)
        end = "done"
    finally:
        JOB_SECONDS.labels(context.job.queue, end).observe(time.monotonic() - began)


def enqueue(
    job: str, *, in_schema: str = "", once: str = "", queue: str = "", on_behalf_of: str = "", **arguments: Any
) -> None:
    """Queue the job ``package.tasks.job`` with ``arguments``, in the transaction of the caller.

    For an act in a layer below its job: the job is named by its dotted path, because importing it would close a circle.
    ``in_schema``: where it runs, by default the current schema. ``once``: a name under which only one job waits at a
    time; when one waits already, nothing is queued. ``queue``: by default that of the task. ``on_behalf_of``: schema of
    the site whose turn it takes, by default the one in which it runs. Raises ImportError for a job that does not exist.
    """
    task = import_string(job)
    if queue:
        task = task.using(queue_name=queue)
    if not once:
        _defer(task, in_schema or current_schema(), [], arguments, on_behalf_of=on_behalf_of)
        return
    try:
        with transaction.atomic():
            schema = in_schema or current_schema()
            _defer(task, schema, [], arguments, queueing_lock=once, on_behalf_of=on_behalf_of)
    except AlreadyEnqueued:
        pass


class TenantTaskBackend(BaseTaskBackend):
    """Backend of ``django_tasks`` that stores the current schema with every job, for ``run_in_schema``."""

    supports_defer = True
    #: Sites take turns; a task that came first by its own priority would keep others from theirs.
    supports_priority = False

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        job_id = _defer(task, current_schema(), args, kwargs)
        return TaskResult(
            task=task,
            id=str(job_id) if job_id is not None else get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def _defer(
    task: Task, schema: str, args: Any, kwargs: Any, *, queueing_lock: str | None = None, on_behalf_of: str = ""
) -> int | None:
    site = on_behalf_of or (schema if schema != "public" else _on_behalf_of.get() or schema)
    priority, lock = next_turn(task.queue_name, site)
    job = procrastinate_app.configure_task(
        RUNNER,
        queue=task.queue_name,
        priority=priority,
        schedule_at=task.run_after,
        lock=lock,
        queueing_lock=queueing_lock,
    )
    return job.defer(
        schema=schema,
        site=site,
        task_path=task.module_path,
        args=normalize_json(list(args)),
        kwargs=normalize_json(dict(kwargs)),
    )
