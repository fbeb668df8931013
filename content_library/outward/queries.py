"""Queries of the API, which see only what it may show: lists, one resource, changes, files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from ..models import Change, Resource, ResourceFile
from ..resources.changes import changes_since
from ..resources.queries import LARGEST_PAGE, ListFilter, list_conditions, read_list_cursor, write_list_cursor
from .errors import ApiError, not_found
from .exposure import EXPOSED_SQL, exposed, exposed_ids, is_exposed, once_exposed

#: Up to this many hits are sorted; more hits are soon met by walking the index of dates.
_SORTED_AT_MOST = 3_000
_WALKED_AT_MOST = 20_000
_TABLE = "public.content_library_resource r"
_NEWEST = "ORDER BY published_at DESC, id DESC"


@dataclass(frozen=True)
class PublicFilter:
    """The filter of a public list: ``wanted`` as in the library's own lists, published in ``since <= t < until``."""

    wanted: ListFilter
    since: datetime | None = None
    until: datetime | None = None


def list_public(asked: PublicFilter, *, after: str = "", size: int) -> tuple[list[Resource], str]:
    """Return the resources, newest first, and the cursor of the next page ('' on the last).

    Raises Refused for a bad cursor. A page begins behind the last resource of the one before, so what is published
    meanwhile shifts nothing.
    """
    size = max(1, min(size, LARGEST_PAGE))
    ids = _find(asked, after, size + 1)
    # Asked once more with the rows: what was withdrawn between the two statements is not given out.
    rows = Resource.objects.filter(pk__in=ids[:size]).select_related("tenant", "current")
    found = {
        row.pk: row for row in rows.defer("terms", "folded", "current__html", "current__text", "current__link_marks")
    }
    shown = exposed_ids(found)
    resources = [found[pk] for pk in ids[:size] if pk in shown and pk in found]
    return resources, write_list_cursor(found[ids[size - 1]]) if len(ids) > size and ids[size - 1] in found else ""


def _find(asked: PublicFilter, after: str, limit: int) -> list[int]:
    # The same conditions as in the library's own lists.
    where, params = list_conditions(asked.wanted)
    bounds, bound_params = ["true"], list[Any]()
    for sql, value in (("published_at >= %s", asked.since), ("published_at < %s", asked.until)):
        if value is not None:
            bounds.append(sql)
            bound_params.append(value)
    if (cursor := read_list_cursor(after)) is not None:
        bounds.append("(published_at, id) < (%s, %s)")
        bound_params += cursor
    bound, wanted = " AND ".join(bounds), f"{where} AND {EXPOSED_SQL}"
    materialized = f"WITH found AS MATERIALIZED (SELECT r.id, r.published_at FROM {_TABLE} WHERE {wanted} AND {bound}"
    with connection.cursor() as sql_cursor:

        def run(sql: str, values: list[Any]) -> list[Any]:
            sql_cursor.execute(sql, values)
            return sql_cursor.fetchall()

        if where == "true":
            newest = "ORDER BY r.published_at DESC, r.id DESC"
            sql = f"SELECT r.id FROM {_TABLE} WHERE {EXPOSED_SQL} AND {bound} {newest} LIMIT {limit}"
            return [row[0] for row in run(sql, bound_params)]
        few = (
            f"{materialized} LIMIT {_SORTED_AT_MOST + 1})"
            f" SELECT id, (SELECT count(*) FROM found) FROM found {_NEWEST} LIMIT {limit}"
        )
        rows = run(few, [*params, *bound_params])
        if not rows or rows[0][1] <= _SORTED_AT_MOST:
            return [row[0] for row in rows]
        walk = (
            "SELECT r.id FROM (SELECT id, published_at, status, origin, terms, folded, disclosure, tenant_id"
            f" FROM {_TABLE} WHERE {bound} {_NEWEST} LIMIT {_WALKED_AT_MOST}) AS r WHERE {wanted}"
            f" ORDER BY r.published_at DESC, r.id DESC LIMIT {limit}"
        )
        rows = run(walk, [*bound_params, *params])
        if len(rows) < limit:
            rows = run(f"{materialized}) SELECT id FROM found {_NEWEST} LIMIT {limit}", [*params, *bound_params])
        return [row[0] for row in rows]


def get_public(uuid: UUID) -> Resource:
    """Return the resource with site and current version.

    Raises ApiError: 410 for one that was public and is gone, 404 for any other.
    """
    resource = Resource.objects.select_related("current", "tenant").filter(uuid=uuid).first()
    if resource is None:
        raise not_found()
    if is_exposed(resource):
        return resource
    if resource.pk in once_exposed([resource]):
        last = Change.objects.filter(resource=resource).order_by("-id").first()
        at = last.at if last else resource.updated_at
        raise ApiError(410, "withdrawn", _("这条资源已经撤回。"), resource=describe_tombstone(resource, at))
    raise not_found()


def describe_tombstone(resource: Resource, at: datetime) -> dict[str, str]:
    """Describe a resource that is gone: ``{"uuid", "status", "at"}``, which is all that is told of it."""
    return {"uuid": str(resource.uuid), "status": str(Resource.Status.WITHDRAWN), "at": at.isoformat()}


@dataclass(frozen=True)
class PublicChange:
    """A change that the API tells. ``gone``: the resource may not be shown any more.

    ``is_last``: no later change on this page is about the same resource.
    """

    change: Change
    gone: bool
    is_last: bool


def public_changes(cursor: str, size: int) -> tuple[list[PublicChange], str, bool]:
    """Return the changes that the API may tell, the cursor to continue with, and whether there are more at once.

    What is gone appears once, where it ended: its earlier changes are left out.
    """
    page = changes_since(cursor, limit=size)
    shown = exposed_ids(change.resource_id for change in page.changes)
    hidden = {change.resource_id: change.resource for change in page.changes if change.resource_id not in shown}
    gone = once_exposed(hidden.values())
    ends = dict(Change.objects.filter(resource_id__in=gone).order_by().values_list("resource_id").annotate(Max("id")))
    last = {change.resource_id: change.pk for change in page.changes}
    kept = []
    for change in page.changes:
        if change.resource_id not in hidden:
            kept.append(PublicChange(change, False, last[change.resource_id] == change.pk))
        elif change.pk == ends.get(change.resource_id):
            kept.append(PublicChange(change, True, True))
    return kept, page.cursor, page.more


def public_file(sm3: str, name: str) -> ResourceFile:
    """Return a file that a public resource shows now, by its SM3 and ``name`` ('' for any name).

    Raises ApiError: 410 when one showed it once, 404 for any other.
    """
    uses = ResourceFile.objects.filter(blob_id=sm3).select_related("version")
    if name:
        uses = uses.filter(name=name)
    shown = uses.filter(version__in=Resource.objects.filter(exposed()).values("current_id"))
    if (found := shown.select_related("blob").order_by("pk").first()) is not None:
        return found
    former = {use.version.resource_id for use in uses[:100]}
    if once_exposed(Resource.objects.filter(pk__in=former).select_related("tenant")):
        raise ApiError(410, "withdrawn", _("这个文件已随所属信息撤回或更正。"))
    raise not_found()
