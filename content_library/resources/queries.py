"""Queries about the library: one resource, filtered lists with a total, where a resource is used.

Lists are made for a million rows. Every filter is a lexeme of one GIN index, so any combination is
one intersection. Few hits are sorted; many are soon met when walking the index of dates. A walk that
meets too few ends, and the hits are sorted after all.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.ways_of_writing import ways_of_writing

from ..models import Repost, Resource, ResourceFile
from ..vocabularies.queries import codes_under, equivalent_codes
from .lexemes import fold, query_terms, term_condition
from .showing import may_be_shown, shown_sql

PAGE_SIZE = 20
LARGEST_PAGE = 200
#: Up to this many hits are counted exactly and sorted; with more it is quicker to walk the index of dates.
COUNTED_UP_TO = 3_000
_WALKED_AT_MOST = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ListFilter:
    """The filter of a list of resources; empty fields do not matter.

    ``subject_class``: two digits for a whole class, four for one below. ``month``: ``2026-11``.
    ``viewer``: the site that asks; it sees its own resources and those open to all (None: everything).
    ``withdrawn``: also what was withdrawn, when no ``status`` is asked for.
    """

    site: Tenant | None = None
    subject_class: str = ""
    kind: str = ""
    document_kind: str = ""
    audience: str = ""
    level: str = ""
    status: str = ""
    month: str = ""
    query: str = ""
    viewer: Tenant | None = None
    withdrawn: bool = True


@dataclass(frozen=True)
class ResourcePage:
    """One page of a list. ``total``: exact while ``total_is_exact``, else at least that many.

    ``next``: the cursor of the next page, '' on the last.
    """

    resources: list[Resource]
    total: int
    total_is_exact: bool
    next: str


def get_resource(uuid: str | UUID) -> Resource:
    """Return the resource with its site and current version. Raises Refused when there is none."""
    try:
        key = UUID(str(uuid))
    except ValueError:
        raise Refused(_("“%(uuid)s”不是资源的编号（UUID）。") % {"uuid": uuid}) from None
    resource = (
        Resource.objects.select_related("current", "tenant", "holder")
        .prefetch_related("tenant__domains")
        .filter(uuid=key)
        .first()
    )
    if resource is None:
        raise Refused(_("信息资源库里没有编号为 %(uuid)s 的资源。") % {"uuid": key})
    return resource


def list_resources(wanted: ListFilter, *, after: str = "", size: int = PAGE_SIZE, skip: int = 0) -> ResourcePage:
    """List resources, newest first, ``size`` to a page (at most 200).

    ``after``: the ``next`` of the page before; ``skip``: rows to leave out (verbs).
    Raises Refused for a cursor or month that is none.
    """
    size = max(1, min(size, LARGEST_PAGE))
    where, params = list_conditions(wanted)
    total, ids = _find(where, params, read_list_cursor(after), size + 1 + skip)
    ids = ids[skip:]
    found = {
        row.pk: row
        for row in Resource.objects.filter(pk__in=ids[:size])
        .select_related("tenant", "current")
        .defer("terms", "folded", "current__html", "current__text", "current__link_marks", "current__metadata")
    }
    resources = [found[pk] for pk in ids[:size] if pk in found]
    following = write_list_cursor(resources[-1]) if len(ids) > size and resources else ""
    return ResourcePage(resources, min(total, COUNTED_UP_TO), total <= COUNTED_UP_TO, following)


def interpretations_of(resource: Resource) -> list[Resource]:
    """What interprets a policy document, oldest first, on whichever site; not what may not be shown any more."""
    found = Resource.objects.filter(may_be_shown(), interprets=resource.uuid)
    return list(found.select_related("current", "tenant").order_by("published_at"))


def used_by(resource: Resource) -> list[Repost]:
    """Return every repost of the resource, whatever its state, by site."""
    return list(Repost.objects.filter(resource=resource).select_related("tenant").order_by("tenant__code", "page_id"))


def describe_in_list(resource: Resource) -> dict[str, Any]:
    """Describe the resource as the verb ``library list`` prints it."""
    return {
        "uuid": str(resource.uuid),
        "index_number": resource.number,
        "title": resource.title,
        "site": resource.tenant.code if resource.tenant else None,
        "version": resource.current.number,
        "status": resource.status,
        "url": resource.url,
    }


def describe_resource(resource: Resource) -> dict[str, Any]:
    """Describe the resource as the verb ``library show`` prints it."""
    versions = resource.versions.defer("html", "text", "link_marks", "metadata").prefetch_related(
        Prefetch("files", ResourceFile.objects.select_related("blob"))
    )
    return {
        **describe_in_list(resource),
        "metadata": resource.current.metadata,
        "versions": [
            {
                "version": version.number,
                "title": version.title,
                "digest": version.digest,
                "cleared_at": version.cleared_at.isoformat(),
                "files": [
                    {"kind": f.kind, "name": f.name, "title": f.title, "sm3": f.blob_id, "size": f.blob.size}
                    for f in version.files.all()
                ],
            }
            for version in versions
        ],
        "reposts": [
            {
                "site": repost.tenant.code,
                "page": repost.page_id,
                "mode": repost.mode,
                "state": repost.state,
                "version": repost.version,
                "pending_version": repost.pending,
            }
            for repost in used_by(resource)
        ],
    }


# --- inside ------------------------------------------------------------------------------


def list_conditions(wanted: ListFilter) -> tuple[str, list[Any]]:
    """Return (SQL, parameters) over ``content_library_resource r``; "true" when nothing is asked.

    The index comes first, then what only the row can tell. Raises Refused for a month that is none.
    """
    lexemes = [
        f"s:{wanted.site.pk}" if wanted.site else "",
        f"k:{_plain(wanted.kind)}" if wanted.kind else "",
        f"l:{_plain(wanted.level)}" if wanted.level else "",
        f"t:{_plain(wanted.status)}" if wanted.status else "",
        f"m:{_month(wanted.month)}" if wanted.month else "",
    ]
    parts = [f"'{lexeme}'" for lexeme in lexemes if lexeme]
    # A term that was merged or moved is found under every code that stands for it today.
    parts += _any_of("c", codes_under("subject", wanted.subject_class) if wanted.subject_class else [])
    parts += _any_of("d", equivalent_codes("kind", wanted.document_kind) if wanted.document_kind else [])
    parts += _any_of("a", equivalent_codes("audience", wanted.audience) if wanted.audience else [])
    terms = [_ways(term) for term in query_terms(wanted.query)]
    parts += [f"({' | '.join(f'({term_condition(way)})' for way in ways)})" for ways in terms]
    where, params = [], list[Any]()
    only_shown = not wanted.withdrawn and not wanted.status
    if parts:
        where.append("r.terms @@ %s::tsquery")
        params.append(" & ".join(parts))
    if wanted.viewer is not None and not wanted.viewer.is_console and wanted.site != wanted.viewer:
        where.append("r.terms @@ %s::tsquery")
        params.append(f"'v:open' | 's:{wanted.viewer.pk}'")
        if not only_shown:
            where.append(f"(r.tenant_id = {int(wanted.viewer.pk)} OR {shown_sql('r')})")
    if only_shown:
        where.append(shown_sql("r"))
    # Holding all pairs of a word is not yet holding the word.
    for ways in terms:
        where.append(f"({' OR '.join(['strpos(r.folded, %s) > 0'] * len(ways))})")
        params += ways
    return " AND ".join(where) or "true", params


def _any_of(prefix: str, codes: list[str]) -> list[str]:
    """Return one condition of a ``tsquery``, any of the codes; an empty list for no code."""
    lexemes = sorted({f"'{prefix}:{_plain(code)}'" for code in codes})
    return [f"({' | '.join(lexemes)})"] if lexemes else []


def _plain(code: str) -> str:
    # A code goes between the quotes of a tsquery: letters, digits, underscore and hyphen, nothing else.
    return "".join(letter for letter in code if letter.isalnum() or letter in "_-")


def _ways(term: str) -> list[str]:
    """Return a folded term in each way in which a folded title may have it written."""
    return list(dict.fromkeys(filter(None, (fold(way) for way in ways_of_writing(term)))))


def _month(month: str) -> str:
    try:
        return datetime.strptime(month, "%Y-%m").strftime("%Y%m")  # noqa: DTZ007
    except ValueError:
        raise Refused(_("月份请写成 2026-11 这样的形式，不是“%(month)s”。") % {"month": month}) from None


def _find(where: str, params: list[Any], after: tuple[datetime, int] | None, limit: int) -> tuple[int, list[int]]:
    """Return the number of hits (at most one more than is counted) and the next ``limit`` ids, newest first."""
    bound, bound_params = ("true", list[Any]()) if after is None else ("(published_at, id) < (%s, %s)", [*after])
    newest = "ORDER BY published_at DESC, id DESC"
    table = "public.content_library_resource r"
    with connection.cursor() as cursor:
        # MATERIALIZED: or the planner walks the whole index of dates for a handful of hits.
        cursor.execute(
            f"WITH found AS MATERIALIZED (SELECT r.id, r.published_at FROM {table} WHERE {where}"
            f" LIMIT {COUNTED_UP_TO + 1}) SELECT id, (SELECT count(*) FROM found) FROM found"
            f" WHERE {bound} {newest} LIMIT {limit}",
            [*params, *bound_params],
        )
        rows = cursor.fetchall()
        if not rows and after is None:
            return 0, []
        total = rows[0][1] if rows else 0
        if rows and total <= COUNTED_UP_TO:
            return total, [row[0] for row in rows]
        cursor.execute(
            f"SELECT r.id FROM (SELECT id, published_at, status, origin, tenant_id, terms, folded FROM {table}"
            f" WHERE {bound} {newest} LIMIT {_WALKED_AT_MOST}) AS r WHERE {where}"
            f" ORDER BY r.published_at DESC, r.id DESC LIMIT {limit}",
            [*bound_params, *params],
        )
        ids = [row[0] for row in cursor.fetchall()]
        if len(ids) < limit:
            cursor.execute(
                f"WITH found AS MATERIALIZED (SELECT r.id, r.published_at FROM {table} WHERE {where} AND {bound})"
                f" SELECT id FROM found {newest} LIMIT {limit}",
                [*params, *bound_params],
            )
            ids = [row[0] for row in cursor.fetchall()]
        return total or COUNTED_UP_TO + 1, ids


def write_list_cursor(resource: Resource) -> str:
    # Whole microseconds: as a float, the moment would lose its last digit.
    micros = (resource.published_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{micros}.{resource.pk}".encode()).decode().rstrip("=")


def read_list_cursor(cursor: str) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    try:
        micros, pk = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(".")
        return _EPOCH + timedelta(microseconds=int(micros)), int(pk)
    except (ValueError, binascii.Error, OverflowError):
        raise Refused(_("翻页位置无效，请从第一页重新开始。")) from None
