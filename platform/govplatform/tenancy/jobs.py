"""Jobs that carry their schema (decision 8, trap T7).

Wagtail and our own code enqueue ``django_tasks`` tasks; they are stored in procrastinate's
tables in the same transaction, together with the schema they were enqueued in.  The worker
enters that schema before it runs one; a job without a schema is refused.
"""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json
from django_tenants.utils import get_tenant_model, schema_context, tenant_context
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as procrastinate_app

from .current import current_schema

RUNNER = "govplatform.run_in_schema"


class SchemaMissing(Exception):
    """A job names no schema, or one that is gone: it must not run anywhere."""


def enter_schema(schema: str) -> Any:
    """Context manager: the site's schema, or ``public`` for work that belongs to no site."""
    if not schema:
        raise SchemaMissing("the job carries no schema")
    if schema == "public":
        return schema_context("public")
    tenant = get_tenant_model().objects.filter(schema_name=schema).first()
    if tenant is None:
        raise SchemaMissing(f"no site has the schema {schema}")
    return tenant_context(tenant)


def run_in_schema(*, schema: str = "", task_path: str = "", args: list[Any], kwargs: dict[str, Any]) -> None:
    """What the worker calls for every job."""
    with schema_context("public"):
        context = enter_schema(schema)
    with context:
        task = import_string(_present_path(task_path))
        task.call(*args, **kwargs)


def _present_path(task_path: str) -> str:
    module, _dot, name = task_path.rpartition(".")
    return f"{settings.MOVED_TASKS.get(module, module)}.{name}"


def register(app: App) -> None:
    """Called by procrastinate when its app is ready."""
    app.task(name=RUNNER, retry=RetryStrategy(max_attempts=4, exponential_wait=3))(run_in_schema)


class TenantTaskBackend(BaseTaskBackend):
    """``django_tasks`` backend: stores the current schema with every job."""

    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        schema = current_schema()
        job = procrastinate_app.configure_task(
            RUNNER,
            queue=task.queue_name,
            priority=task.priority,
            schedule_at=task.run_after,
            lock=None,
        )
        job_id = job.defer(
            schema=schema,
            task_path=task.module_path,
            args=normalize_json(list(args)),
            kwargs=normalize_json(dict(kwargs)),
        )
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
