"""Reading the state of reviews: one page, and the queue over all sites."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.accounts.queries import tenants_where
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .actions import due_step_name
from .digest import digest_covers, referred_files
from .gate import is_structural, valid_clearance
from .models import Clearance, ConfidentialityReviewTask, ContentReviewTask
from .status import page_status


def get_page(page_id: int) -> Page:
    """The specific page of that id on the current site. Raises Refused when there is none."""
    page = Page.objects.filter(pk=page_id, depth__gt=1).first()
    if page is None:
        raise Refused(_("本站没有编号为 %(id)s 的页面。") % {"id": page_id})
    return page.specific


def describe_page(page: Page, tenant: Tenant) -> dict[str, Any]:
    """The page as the verb ``show_page`` prints it."""
    clearance = Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).first()
    return {
        "id": page.pk,
        "title": page.title,
        "status": page_status(page),
        "url": public_url(tenant, site_path(page)) if page.live else None,
        "clearance": clearance.pk if clearance else None,
        "digest": clearance.digest if clearance else None,
        "next_step": due_step_name(page),
    }


def site_path(page: Page) -> str:
    """Path of the page on its public host: ``/news/x/`` (the first part of url_path is the root)."""
    parts = page.url_path.split("/")
    return "/" + "/".join(parts[2:])


@dataclass(frozen=True)
class WaitingReview:
    """One line of the reviewer's queue."""

    tenant: Tenant
    page_id: int
    title: str
    step: str
    column: str
    submitted_by: str
    waiting_since: datetime


_WAITING = """
SELECT {label} AS schema_name, p.id, coalesce(nullif(p.draft_title, ''), p.title), ct.model,
       parent.title, coalesce(u.full_name, ''), s.started_at
FROM {s}.wagtailcore_taskstate s
JOIN {s}.wagtailcore_workflowstate w ON w.current_task_state_id = s.id AND w.status = 'in_progress'
JOIN {s}.wagtailcore_task t ON t.id = s.task_id
JOIN {s}.django_content_type ct ON ct.id = t.content_type_id
JOIN {s}.wagtailcore_page p ON p.id = w.object_id::bigint
JOIN {s}.wagtailcore_page parent
  ON parent.path = left(p.path, length(p.path) - 4) AND parent.depth = p.depth - 1
LEFT JOIN public.accounts_user u ON u.id = w.requested_by_id
WHERE s.status = 'in_progress' AND ct.model = ANY({models})
"""


def waiting_reviews(user: User) -> list[WaitingReview]:
    """What waits for ``user`` on all sites where they review, oldest first; one statement."""
    by_schema: dict[str, tuple[Tenant, list[str]]] = {}
    steps = {str(task._meta.model_name): task for task in (ContentReviewTask, ConfidentialityReviewTask)}
    for model, task in steps.items():
        for tenant in tenants_where(user, {task.role}):
            by_schema.setdefault(tenant.schema_name, (tenant, []))[1].append(model)
    if not by_schema:
        return []
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL(_WAITING).format(
            label=sql.Literal(schema),
            s=sql.Identifier(schema),
            models=sql.Literal(models),
        )
        for schema, (_tenant, models) in sorted(by_schema.items())
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("{} ORDER BY 7").format(query))
        rows = cursor.fetchall()
    return [
        WaitingReview(by_schema[schema][0], page_id, title, str(steps[model].step), column, who, since)
        for schema, page_id, title, model, column, who, since in rows
    ]


def find_gate_faults() -> tuple[int, list[dict[str, Any]]]:
    """(live pages checked, one entry per page that is not what was cleared) on the current site."""
    faults: list[dict[str, Any]] = []
    checked = 0
    for page in Page.objects.filter(live=True, depth__gt=1).specific().iterator(chunk_size=100):
        if is_structural(page):
            continue
        checked += 1
        if problem := _gate_problem(page):
            faults.append({"page": page.pk, "title": page.title, "problem": problem})
    return checked, faults


def _gate_problem(page: Page) -> str | None:
    clearance = valid_clearance(page)
    if clearance is None:
        return _("没有有效的审查通过")
    files = referred_files(page)
    if digest_covers(clearance.digest, page, files):
        return None
    cleared = {(f.kind, f.object_id): f.sm3 for f in clearance.files.all()}
    changed = [f for f in files if cleared.get((f.kind, f.object_id)) != f.sm3]
    if changed:
        return _("图片或附件与审查通过时不同：%(files)s") % {
            "files": "、".join(f"{f.kind} {f.object_id}" for f in changed)
        }
    return _("内容与审查通过时不同")
