"""Filling PostgreSQL for the figures of the search: sites, the library's rows and the documents, by COPY.

Rows are those that publishing leaves behind, written by several processes without checking references; the index over
them is then made as ``rebuild_search`` makes it. Progress is told on stderr.
"""

import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

import psycopg

from search.text.folding import fold
from search.text.sounds import sound_lines

from .search_texts import SITES, Written, written

_PART = 10_000
_DOCUMENTS = (
    "COPY search_searchdocument (id, key, resource_id, sites, places, shown, kind, subject_class, document_kind,"
    " organisation, document_number, index_number, validity, published_at, updated_at, title, summary, picture,"
    " guide, about, version, indexed) FROM STDIN"
)
_TEXTS = "COPY search_searchtext (document_id, text, attachments, folded) FROM STDIN"
_RESOURCES = (
    "COPY content_library_resource (id, uuid, tenant_id, page_id, platform, number, status, status_reason, current_id,"
    " title, kind, subject_class, document_kind, audience, disclosure, organisation, level, repostable, interprets,"
    " url, published_at, updated_at, folded) FROM STDIN"
)
#: What the search does not read, and what would take longer to fill than all else.
_UNREAD = ("resource_terms", "resource_of_class", "resource_of_kind", "resource_of_site", "resource_newest")


def tell(*words: object) -> None:
    """One line on stderr."""
    print(*words, file=sys.stderr, flush=True)


def make_sites() -> list[Any]:
    """Return the sites of the documents, made where they are missing."""
    from govplatform.tenancy.models import Tenant

    for number in range(SITES):
        Tenant.objects.get_or_create(
            code=f"bench-{number}",
            defaults={
                "schema_name": f"site_bench_{number}", "full_name": f"第{number}站", "kind": "portal",
                "level": "county", "status": "live",
            },
        )  # fmt: skip
    return list(Tenant.objects.filter(code__in=[f"bench-{number}" for number in range(SITES)]).order_by("pk"))


def write_rows(parameters: dict[str, Any], documents: int, sites: list[int]) -> float:
    """Write documents 0 to ``documents``; return the seconds. ``parameters``: of a connection with every right."""
    began = time.perf_counter()
    with psycopg.connect(**parameters, autocommit=True) as connection:
        for name in _UNREAD:
            connection.execute(f"DROP INDEX IF EXISTS public.{name}")
        there = connection.execute("SELECT coalesce(max(id), 0) FROM search_searchdocument").fetchone()
    first, done = there[0] if there else 0, 0
    parts = [(start, min(documents, start + _PART)) for start in range(first, documents, _PART)]
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for ended in as_completed([processes.submit(_write_part, parameters, sites, *part) for part in parts]):
            done += ended.result()
            tell(
                f"{done} of {documents - first} documents written, {done / (time.perf_counter() - began):.0f} a second"
            )
    with psycopg.connect(**parameters, autocommit=True) as connection:
        for table in ("search_searchdocument", "search_searchtext", "content_library_resource"):
            connection.execute(f"VACUUM (ANALYZE) public.{table}")
        connection.execute(
            "SELECT setval(pg_get_serial_sequence('search_searchdocument', 'id'), max(id)),"
            " setval(pg_get_serial_sequence('content_library_resource', 'id'), max(id)) FROM search_searchdocument"
        )
    return time.perf_counter() - began


def _write_part(parameters: dict[str, Any], sites: list[int], first: int, end: int) -> int:
    with psycopg.connect(**parameters) as connection:
        connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        made = [written(number) for number in range(first, end)]
        for copy_to, rows in ((_RESOURCES, _resource), (_DOCUMENTS, _document), (_TEXTS, _text)):
            _copy(connection, copy_to, (rows(number, one, sites) for number, one in enumerate(made, first)))
    return end - first


def _copy(connection: "psycopg.Connection[Any]", statement: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _resource(number: int, one: Written, sites: list[int]) -> tuple[Any, ...]:
    interprets = uuid.UUID(int=number) if one.kind == "interpretation" and number else None
    url = f"http://bench-{one.site}.localhost{_path(number)}"
    return (
        number + 1, uuid.UUID(int=number + 1), sites[one.site], number + 1, "", "", "in_force", "", number + 1,
        one.title, one.kind, "", "", "", "proactive", "", "county", True, interprets, url, one.published,
        one.published, "",
    )  # fmt: skip


def _document(number: int, one: Written, sites: list[int]) -> tuple[Any, ...]:
    site = sites[one.site]
    places = [{"site": site, "page": number + 1, "path": _path(number), "column": "/news/"}]
    return (
        number + 1, f"resource:{number + 1}", number + 1, [site], json.dumps(places), True, one.kind, one.topic, "",
        one.organisation, one.number, "", one.validity, one.published, one.published, one.title, "",
        "{}", False, "{}", 1, 1,
    )  # fmt: skip


def _text(number: int, one: Written, _sites: list[int]) -> tuple[Any, ...]:
    title = fold(one.title)
    parts = [title, *([fold(one.number)] if one.number else []), one.folded_body, *sound_lines(title)]
    return (number + 1, one.body, "[]", "\n".join(parts))


def _path(number: int) -> str:
    return f"/news/{number + 1}/"


def index_rows(documents: int) -> dict[str, Any]:
    """Make PostgreSQL's index over all documents as a rebuild does: documents a second, and what it takes on disk."""
    from django.db import connection

    from search.engines.choosing import own_engine
    from search.models import PostgresEntry, Rebuild, SearchDocument
    from search.rebuilding import give_all

    there = PostgresEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    engine, began = own_engine(), time.perf_counter()

    def progress(done: int, total: int, _what: str) -> None:
        if done % _PART < 500:
            tell(f"{done} of {total} documents indexed, {done / (time.perf_counter() - began):.0f} a second")

    name = engine.begin_rebuild()
    Rebuild.objects.filter(engine=engine.name, site="", finished_at=None).delete()
    run = Rebuild.objects.create(engine=engine.name, index=name, reached=there)
    given = give_all(engine, SearchDocument.objects.all(), run=run, progress=progress)
    engine.finish_rebuild(name)
    run.delete()
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) public.search_postgresentry")
        cursor.execute(
            "SELECT pg_relation_size('public.search_lexemes') >> 20, pg_table_size('public.search_postgresentry') >> 20"
        )
        index, table = cursor.fetchone()
    return {"indexed_a_second": round(given / seconds) if given else None, "index_mb": index, "table_mb": table}
