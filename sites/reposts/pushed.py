"""Making the drafts of a push: a thousand sites get the same page, each with all the records of a submission.

What ``actions.make_draft`` and ``review.actions.submit_for_review`` write row by row through Wagtail is written here
in two round trips to the database per site. The rows are the same; tests/pushes compares them.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from content_library.distribution.reposting import MadeRepost, SiteColumn
from content_library.models import Repost, Resource, ResourceVersion
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.confidentiality.models import Scan
from govplatform.refusals import Refused
from govplatform.review.gate.levels import WORKFLOW_NAMES
from govplatform.review.gate.scans import scan_now
from govplatform.review.models import Submission
from govplatform.review.queries import site_path
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.current import current_tenant
from sites.columns.models import Column
from sites.pages.given_addresses import given_slug

from .actions import _build_page
from .models import RepostPage

_FACTS = """
SELECT (SELECT jsonb_object_agg(t.app_label || '.' || t.model, t.id) FROM django_content_type t
        WHERE (t.app_label, t.model) IN (('wagtailcore', 'page'), ('reposts', 'repostpage'),
                                         ('wagtailcore', 'taskstate'))),
       c.path, c.depth, c.url_path, c.locale_id,
       (SELECT max(k.path) FROM wagtailcore_page k
        WHERE k.path > c.path AND k.path < c.path || chr(126) AND k.depth = c.depth + 1),
       nextval(pg_get_serial_sequence('wagtailcore_page', 'id')),
       nextval(pg_get_serial_sequence('wagtailcore_revision', 'id')),
       nextval(pg_get_serial_sequence('wagtailcore_workflowstate', 'id')),
       nextval(pg_get_serial_sequence('wagtailcore_taskstate', 'id')),
       w.id, w.name, s.task_id, k.name
FROM wagtailcore_page c
LEFT JOIN wagtailcore_workflow w ON w.active AND w.name = %s
LEFT JOIN LATERAL (SELECT x.task_id FROM wagtailcore_workflowtask x JOIN wagtailcore_task t ON t.id = x.task_id
                   WHERE x.workflow_id = w.id AND t.active ORDER BY x.sort_order LIMIT 1) s ON true
LEFT JOIN wagtailcore_task k ON k.id = s.task_id
WHERE c.id = %s FOR NO KEY UPDATE OF c
"""


@dataclass(frozen=True)
class _Facts:
    """What is read from the site about the column and its workflow, and the ids of the rows to write.

    ``last_child``: tree path of the column's last child, None without children; ``workflow``, ``task`` and their names:
    None where the site has no such workflow.
    """

    types: dict[str, int]
    path: str
    depth: int
    url_path: str
    locale: int
    last_child: str | None
    page: int
    revision: int
    workflow_state: int
    task_state: int
    workflow: int | None
    workflow_name: str | None
    task: int | None
    task_name: str | None


def site_columns() -> list[SiteColumn]:
    """Return the live columns of the current site, in the order of the tree."""
    found = Column.objects.filter(live=True).order_by("path").values_list("pk", "slug", "title", "column_type")
    return [SiteColumn(*row) for row in found]


def make_pushed_draft(
    resource: Resource,
    hold_version: Callable[[], ResourceVersion],
    *,
    column: SiteColumn,
    push: int,
    pushed_by: User,
    submit: bool,
) -> MadeRepost:
    """Make a mirror of the newest version on ``column``; with ``submit``, in review in the name of ``pushed_by``.

    Must be called inside a transaction that holds the site's chain. ``hold_version`` is called once the column is
    locked: it locks the resource and returns its newest version, or raises Refused. What speaks against submitting is
    in the answer's ``reasons``, and the draft stays for an editor. ``push``: the id of the push, for the audit. Raises
    Refused when the column is gone.
    """
    pack = site_rule_pack()
    levels = pack.levels_for(column.column_type, RepostPage._meta.label_lower)
    facts = _read_facts(column, WORKFLOW_NAMES[levels])
    version = hold_version()
    now = timezone.now()
    page = cast(RepostPage, _build_page(resource, version, mode=Repost.Mode.MIRROR, acting_user=None))
    place = Page(path=facts.path, depth=facts.depth, numchild=1 if facts.last_child else 0)
    page.slug = given_slug(page.title, place)
    page.pk = page.page_ptr_id = facts.page
    page.id = facts.page
    page.path = (
        Page(path=facts.last_child)._inc_path() if facts.last_child else Page._get_path(facts.path, facts.depth + 1, 1)
    )
    page.depth, page.numchild = facts.depth + 1, 0
    page.url_path = f"{facts.url_path}{page.slug}/"
    page.locale_id = facts.locale
    page.content_type_id = facts.types["reposts.repostpage"]
    page.latest_revision_id, page.latest_revision_created_at = facts.revision, now
    page.has_unpublished_changes = True
    reasons: list[str] = []
    if submit:
        # That the version is the newest and may be reposted, the caller has seen while holding the resource.
        reasons = super(RepostPage, page).reasons_against_submitting()
        if facts.task is None:
            reasons.append(_("本站没有配置审核流程，请联系平台运维人员。"))
    submitted = submit and not reasons
    base = Page(**{field.attname: getattr(page, field.attname) for field in Page._meta.local_concrete_fields})
    rows: list[models.Model] = [base, page, _revision(page, facts, now)]
    rows.append(_log(page, facts, "wagtail.create", None, content_changed=True))
    if submitted:
        rows += _submission(page, facts, levels, pack.stamp, pushed_by, now)
    rows.append(
        Repost(
            resource=resource,
            tenant=current_tenant(),
            page_id=page.pk,
            mode=Repost.Mode.MIRROR,
            state=Repost.State.IN_REVIEW if submitted else Repost.State.DRAFT,
            version=version.number,
            path=site_path(page),
        )
    )
    _insert(rows, f"UPDATE wagtailcore_page SET numchild = numchild + 1 WHERE id = {int(column.page_id)}")
    detail = {
        "resource": str(resource.uuid), "mode": "mirror", "version": version.number, "column": column.slug, "push": push
    }  # fmt: skip
    record_act("library.repost", acting_user=pushed_by, obj=page, detail=detail)
    if submitted:
        record_act(
            "review.submit",
            acting_user=pushed_by,
            obj=base,
            detail={"revision": facts.revision, "levels": levels, "push": push},
        )
    return MadeRepost(
        page_id=page.pk,
        title=page.title,
        mode=Repost.Mode.MIRROR,
        version=version.number,
        status="in_review" if submitted else "draft",
        reasons=tuple(reasons),
        revision=facts.revision,
    )


def shows_exactly(page_id: int, version: ResourceVersion) -> bool:
    """Is the newest revision of the page a mirror of ``version``, every word of it as this module makes it?

    Asked before a page goes public that nobody reads: what anybody changed about it, by whatever way, is seen.
    """
    page = RepostPage.objects.filter(pk=page_id).first()
    revision = page.get_latest_revision() if page is not None else None
    if page is None or revision is None:
        return False
    made = _build_page(version.resource, version, mode=Repost.Mode.MIRROR, acting_user=None)
    shown = revision.as_object()
    return all(getattr(shown, name) == getattr(made, name) for name in _said_fields())


def _said_fields() -> list[str]:
    """Everything of a repost but its place in the site, its history, and what publishing gives it."""
    own = [field.attname for field in RepostPage._meta.local_concrete_fields if not field.primary_key]
    return [*own, "title", "seo_title", "search_description", "go_live_at", "expire_at"]


def _read_facts(column: SiteColumn, workflow: str) -> _Facts:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [workflow, column.page_id])
        row = cursor.fetchone()
    if row is None:
        raise Refused(_("本站没有标识为“%(slug)s”的栏目。") % {"slug": column.slug})
    types = row[0]
    if isinstance(types, str):
        types = json.loads(types)
    return _Facts(types, *row[1:])


def _revision(page: RepostPage, facts: _Facts, now: Any) -> Revision:
    return Revision(
        pk=facts.revision,
        content_type_id=facts.types["reposts.repostpage"],
        base_content_type_id=facts.types["wagtailcore.page"],
        object_id=str(page.pk),
        created_at=now,
        object_str=str(page),
        content=page.serializable_data(),
    )


def _submission(
    page: RepostPage, facts: _Facts, levels: int, stamp: str, pushed_by: User, now: Any
) -> list[models.Model]:
    state = WorkflowState(
        pk=facts.workflow_state,
        content_type_id=facts.types["reposts.repostpage"],
        base_content_type_id=facts.types["wagtailcore.page"],
        object_id=str(page.pk),
        workflow_id=facts.workflow,
        status=WorkflowState.STATUS_IN_PROGRESS,
        requested_by=pushed_by,
        current_task_state_id=facts.task_state,
    )
    step = TaskState(
        pk=facts.task_state,
        workflow_state_id=facts.workflow_state,
        revision_id=facts.revision,
        task_id=facts.task,
        status=TaskState.STATUS_IN_PROGRESS,
        content_type_id=facts.types["wagtailcore.taskstate"],
    )
    submission = Submission(
        page_id=page.pk,
        revision_id=facts.revision,
        levels=levels,
        submitted_by=pushed_by,
        rule_pack=stamp,
        submitted_at=now,
    )
    told = {
        "workflow": {
            "id": facts.workflow,
            "title": facts.workflow_name,
            "status": WorkflowState.STATUS_IN_PROGRESS,
            "next": {"id": facts.task, "title": facts.task_name},
            "task_state_id": facts.task_state,
        }
    }
    started = _log(page, facts, "wagtail.workflow.start", pushed_by, data=told)
    # Submitted as a page of no particular kind, as the review submits every page.
    started.content_type_id = facts.types["wagtailcore.page"]
    return [state, step, submission, started]


def _log(page: RepostPage, facts: _Facts, action: str, user: User | None, **more: Any) -> PageLogEntry:
    return PageLogEntry(
        content_type_id=facts.types["reposts.repostpage"],
        page_id=page.pk,
        label=page.get_admin_display_title(),
        action=action,
        timestamp=timezone.now(),
        user=user,
        revision_id=facts.revision,
        **{"data": {}, **more},
    )


def _insert(rows: Iterable[models.Model], *more: str) -> None:
    """Insert rows, each into its own table, and run the statements ``more``, all in one round trip."""
    statements, params = [], []
    quote = connection.ops.quote_name
    for row in rows:
        meta = row._meta
        # Without its own key where the database gives it.
        fields = [f for f in meta.local_concrete_fields if not f.primary_key or row.pk]
        names = ", ".join(quote(str(field.column)) for field in fields)
        statements.append(f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})")
        params += [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(";\n".join([*statements, *more]), params)


def prepare_pushed_draft(page_id: int) -> None:
    """Index a pushed draft for the console's search, and scan it if it is under review.

    Wagtail's own saving does the first besides writing the rows. Does nothing for a page that is gone or live.
    """
    from modelsearch import index

    page = Page.objects.filter(pk=page_id).first()
    if page is None or page.live:
        return
    index.insert_or_update_object(page.specific)
    if page.workflow_in_progress:
        scan_now(page, acting_user=None, purpose=Scan.Purpose.REVIEW)
