"""Making an index anew: from the library to documents, from documents to an engine; broken off, it goes on.

The present index answers meanwhile, and what is published meanwhile goes into both.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from content_library.models import Resource
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .checking import CheckReport, check_engine, check_sites
from .engine import SHAPE, Document, Engine, Removal
from .indexing.actions import index_resources, index_site
from .indexing.describing import as_engines_keep_it
from .models import Rebuild, SearchDocument

_AT_ONCE = 500
Progress = Callable[[int, int, str], None]


def rebuild_search(
    engine: Engine, *, site: Tenant | None = None, write_documents: bool = True, progress: Progress | None = None
) -> dict[str, Any]:
    """Make the index of ``engine`` anew, or the part of one site in place: ``{"documents", "seconds"}``.

    May be killed and called again: it goes on behind the last document that it gave. ``write_documents``: False where
    the documents are in line already. Raises EngineError, and Refused while another process makes the whole of it anew.
    """
    began = time.monotonic()
    if site is not None:
        documents = _of_site(engine, site, progress)
    else:
        with _alone(engine):
            documents = _of_all(engine, progress, write_documents=write_documents)
    return {"documents": documents, "seconds": round(time.monotonic() - began, 1)}


def _of_site(engine: Engine, site: Tenant, progress: Progress | None) -> int:
    index_site(site.pk)
    return give_all(engine, SearchDocument.objects.filter(places__contains=[{"site": site.pk}]), progress=progress)


def lock_name(engine: Engine) -> str:
    """The name of the advisory lock that whoever makes the index of ``engine`` anew holds."""
    return f"rebuild_search:{engine.name}"


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Hold the lock of a rebuild, which goes with the connection: two would count on from each other's progress."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [lock_name(engine)])
        if not cursor.fetchone()[0]:
            raise Refused(_("%(engine)s 的索引正在重建，请等它完成；进度见“检索运行”。") % {"engine": engine.name})
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [lock_name(engine)])


def _of_all(engine: Engine, progress: Progress | None, *, write_documents: bool) -> int:
    run, _made = Rebuild.objects.get_or_create(engine=engine.name, site="", finished_at=None, defaults={"shape": SHAPE})
    if run.shape != SHAPE:
        # A version of the platform before this one began it.
        run.shape, run.index, run.reached, run.documents = SHAPE, "", 0, 0
        run.save()
    # Before anything else: from now on what is written goes into it as well. An engine that had no index has one now;
    # of one that was begun and broken off this is the name, or a new one where the engine has lost it.
    name = engine.begin_rebuild()
    if not run.index and write_documents:
        _fill_documents(run, progress)
    if name != run.index:
        run.index, run.reached, run.documents, run.total = name, 0, 0, 0
        run.save(update_fields=["index", "reached", "documents", "total"])
    give_all(engine, SearchDocument.objects.all(), run=run, progress=progress)
    engine.finish_rebuild(run.index)
    # What was taken away meanwhile is not in the documents; what is in the index all the same goes now.
    check_engine(engine, CheckReport(), repair=True)
    Rebuild.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    return run.documents


def _fill_documents(run: Rebuild, progress: Progress | None) -> None:
    """Bring every document in line with library and sites; with none there yet, this makes them."""
    total, done = Resource.objects.count(), Resource.objects.filter(pk__lte=run.reached).count()
    while ids := list(
        Resource.objects.filter(pk__gt=run.reached).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]
    ):
        index_resources(ids)
        done += len(ids)
        run.reached, run.documents, run.total = ids[-1], done, max(total, done)
        run.save(update_fields=["reached", "documents", "total"])
        if progress is not None:
            progress(done, max(total, done), "")
    check_sites(CheckReport(), repair=True)


def give_all(engine: Engine, documents: Any, *, run: Rebuild | None = None, progress: Progress | None = None) -> int:
    """Give the documents in the order of their keys; lexemes of the next part are made while the engine has this one.

    Returns how many.
    """
    total, given = documents.filter(shown=True).count(), 0

    def part(after: int) -> list[SearchDocument]:
        # The folded text is for comparing hits, not for an engine.
        read = documents.filter(pk__gt=after).select_related("texts").defer("texts__folded")
        return list(read.order_by("pk")[:_AT_ONCE])

    with ThreadPoolExecutor(max_workers=1) as maker:
        rows = part(run.reached if run else 0)
        making = maker.submit(_made, rows)
        while rows:
            here, made = rows, making.result()
            rows = part(here[-1].pk)
            making = maker.submit(_made, rows)
            if made:
                engine.index(made, rebuild=run.index if run else "")
            if run is None:
                engine.delete([Removal(row.pk, row.version) for row in here if not row.shown])
            given += len(made)
            if run is not None:
                run.reached, run.documents = here[-1].pk, run.documents + len(made)
                run.total = max(total, run.documents)
                run.save(update_fields=["reached", "documents", "total"])
            if progress is not None:
                progress(given, max(total, given), "")
    return given


def _made(rows: list[SearchDocument]) -> list[Document]:
    """Asks nothing of the database, so it may be done in a thread of its own."""
    return [as_engines_keep_it(row, row.texts) for row in rows if row.shown]
