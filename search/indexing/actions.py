"""Bringing documents in line with what is public now: what the sheet of consequences, rebuilds and checks call.

Each call reads the truth behind the lock of the document's row, so however late and in whatever order calls come, the
last one to run writes what is true then. PostgreSQL's own index is written in the same transaction; another engine gets
what is behind after it.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource
from content_library.resources.showing import copies_of
from govplatform.locks.holding import locking
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Tenant

from ..engine import Document, Engine, EngineError, EngineUnavailable, Removal
from ..engines.choosing import chosen_engine, own_engine
from ..models import Difference, FileText, SearchDocument, SearchText
from ..registry import OtherDocument, key_of, sources
from .describing import (
    Described,
    as_engines_keep_it,
    describe_other,
    describe_resources,
    sites_that_answer,
)

logger = logging.getLogger("govplatform.search")
READ_FILE = "search.tasks.read_file"
_AT_ONCE = 200
#: After an engine did not answer, so long nobody tells it of a single publication.
_REST_SECONDS = 5
_asked_again = 0.0
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def index_resource(resource_id: int) -> None:
    """Bring the document of a resource in line with the library, and those of what was copied from it."""
    resource = Resource.objects.get(pk=resource_id)
    index_resources([resource_id, *copies_of(resource).values_list("pk", flat=True)])


def index_each(calls: Iterable[Mapping[str, int]]) -> None:
    """Do for the arguments of several calls what ``index_resource`` does for those of one; what is gone is left out."""
    resources = list(Resource.objects.filter(pk__in={call["resource_id"] for call in calls}))
    index_resources([*(one.pk for one in resources), *copies_of(*resources).values_list("pk", flat=True)])


def index_resources(resource_ids: Iterable[int]) -> int:
    """Bring the documents of these resources in line with the library; return how many were changed."""
    changed = 0
    for part in _parts(sorted(set(resource_ids))):
        with transaction.atomic():
            rows = _held({f"resource:{pk}": pk for pk in part})
            found = list(Resource.objects.select_related("current", "tenant").filter(pk__in=part).order_by("pk"))
            described = {f"resource:{pk}": told for pk, told in describe_resources(found).items()}
            changed += _write(rows, described)
            _have_read(described.values())
        tell_chosen()
    return changed


def stale_resources(resource_ids: Iterable[int]) -> set[int]:
    """Return those of the resources whose document is not what the library says; reads alone."""
    ids = sorted(set(resource_ids))
    rows = {row.key: row for row in SearchDocument.objects.filter(resource__in=ids)}
    texts = {text.pk: text for text in SearchText.objects.filter(document__resource__in=ids)}
    stale = set()
    found = list(Resource.objects.select_related("current", "tenant").filter(pk__in=ids))
    described = describe_resources(found)
    for resource in found:
        key = f"resource:{resource.pk}"
        row, told = rows.get(key), _public(described[resource.pk])
        if (row is None and told is not None) or (row is not None and _differs(row, texts.get(row.pk), told)):
            stale.add(resource.pk)
    return stale


def stale_pages(tenant: Tenant, kind: str, documents: Mapping[int, OtherDocument]) -> list[tuple[int, str, str]]:
    """Return (page, key, title) where the document of a source is not what the site says; reads alone.

    ``documents``: what the site says of each page that there is; documents of others are looked for here. What differs
    is read once more, for somebody may be publishing.
    """
    rows = SearchDocument.objects.filter(tenant=tenant, kind=kind).select_related("texts")
    known = {row.key: row for row in rows}
    asked = {key_of(kind, tenant.pk, page): page for page in documents}
    asked |= {key: int(key.rpartition(":")[2]) for key, row in known.items() if row.shown}
    answering = sites_that_answer([tenant.pk])

    def is_stale(row: SearchDocument | None, found: OtherDocument | None) -> bool:
        told = None if found is None else describe_other(kind, tenant, found, answering)
        return told is not None if row is None else _differs(row, row.texts, told)

    stale = []
    with tenant_context(tenant):
        for key, page in asked.items():
            if not is_stale(known.get(key), documents.get(page)):
                continue
            row, found = rows.filter(key=key).first(), sources()[kind].document(page)
            if is_stale(row, found):
                stale.append((page, key, row.title if row else found.title if found else ""))
    return stale


def index_page(tenant_id: int, kind: str, pages: list[int]) -> int:
    """Bring documents of a source (``search.registry``) in line with the pages of a site; return how many changed."""
    tenant, source = Tenant.objects.get(pk=tenant_id), sources()[kind]
    with transaction.atomic():
        keys = {key_of(kind, tenant_id, page): page for page in pages}
        rows = _held(keys)
        described = {}
        # A site whose content was removed at its end has no pages, and no schema in which to look for them.
        if tenant.dropped_at is None:
            answering = sites_that_answer([tenant_id])
            with tenant_context(tenant):
                for key, page in keys.items():
                    if (found := source.document(page)) is not None:
                        described[key] = describe_other(kind, tenant, found, answering)
        changed = _write(rows, described)
    tell_chosen()
    return changed


def index_site(tenant_id: int) -> int:
    """Bring every document that a site shows in line: it came, went, or answers citizens in another way now."""
    tenant = Tenant.objects.get(pk=tenant_id)
    changed = index_resources(resources_of_site(tenant_id))
    for kind, pages in others_of_site(tenant).items():
        for part in _parts(sorted(pages)):
            changed += index_page(tenant_id, kind, part)
    return changed


def index_below(tenant_id: int, path: str, page: int) -> int:
    """Bring everything at and below an address of a site in line: its column was named or placed otherwise."""
    own = Resource.objects.filter(tenant_id=tenant_id, url__contains=path).values_list("pk", flat=True)
    shown = Repost.objects.filter(tenant_id=tenant_id, path__startswith=path).values_list("resource_id", flat=True)
    changed = index_resources({*own, *shown})
    tenant = Tenant.objects.get(pk=tenant_id)
    for kind, pages in others_of_site(tenant, below=path).items():
        for part in _parts(sorted({*pages, page})):
            changed += index_page(tenant_id, kind, part)
    return changed


def resources_of_site(tenant_id: int) -> set[int]:
    """Return the keys of resources that a site published or shows, and of those whose document says so."""
    own = Resource.objects.filter(tenant_id=tenant_id).values_list("pk", flat=True)
    shown = Repost.objects.filter(tenant_id=tenant_id).values_list("resource_id", flat=True)
    told = SearchDocument.objects.filter(sites__contains=[tenant_id], resource__isnull=False)
    return {*own, *shown, *told.values_list("resource_id", flat=True)}


def others_of_site(tenant: Tenant, *, below: str = "") -> dict[str, set[int]]:
    """Return kind -> pages of the sources that a site has, or whose document says so."""
    found: dict[str, set[int]] = {kind: set() for kind in sources()}
    if tenant.dropped_at is None and tenant.moved_into_id is None:
        with tenant_context(tenant):
            for kind, source in sources().items():
                found[kind] |= {other.page for other in source.documents() if other.path.startswith(below)}
    for kind, places in SearchDocument.objects.filter(tenant=tenant).values_list("kind", "places"):
        found.setdefault(kind, set()).update(place["page"] for place in places if place["path"].startswith(below))
    return found


def tell_chosen() -> None:
    """Give an engine outside of PostgreSQL what is behind there, if it takes it.

    If it does not, nothing is undone: what was written for PostgreSQL's own index is what is found meanwhile. The rest
    waits for the job of every minute, and so does whatever comes in the next seconds: a cluster that hangs is not asked
    by each publication.
    """
    global _asked_again
    if time.monotonic() < _asked_again:
        return
    try:
        give_to_chosen()
    except EngineError as problem:
        if isinstance(problem, EngineUnavailable):
            _asked_again = time.monotonic() + _REST_SECONDS
        logger.warning("the search engine does not take what was published: %s", problem)


def give_to_chosen() -> int:
    """Give an engine that lies outside of PostgreSQL what is behind there; return how many documents.

    Raises EngineError; what was not given stays behind, and is given the next time.
    """
    engine, given = chosen_engine(), 0
    if engine.name == own_engine().name:
        return 0
    while rows := list(
        SearchDocument.objects.filter(version__gt=F("indexed")).select_related("texts").order_by("pk")[:_AT_ONCE]
    ):
        give(engine, rows)
        for row in rows:
            SearchDocument.objects.filter(pk=row.pk, indexed__lt=row.version).update(indexed=row.version)
        given += len(rows)
    return given


def give(engine: Engine, rows: Iterable[SearchDocument], *, rebuild: str = "") -> None:
    """Give these rows to an engine as they are: documents that are shown, removals of those that are not."""
    documents: list[Document] = []
    removals: list[Removal] = []
    for row in rows:
        if row.shown:
            documents.append(as_engines_keep_it(row, row.texts))
        else:
            removals.append(Removal(row.pk, row.version))
    if documents:
        engine.index(documents, rebuild=rebuild)
    if removals and not rebuild:
        engine.delete(removals)


# --- inside -------------------------------------------------------------------------------


def _held(keys: Iterable[str]) -> dict[str, SearchDocument]:
    """Make the rows that are missing, and hold all of them until the transaction ends; those of nothing are empty."""
    wanted = sorted(keys)
    blank = [SearchDocument(key=key, published_at=_NEVER, updated_at=_NEVER) for key in wanted]
    SearchDocument.objects.bulk_create(blank, ignore_conflicts=True)
    return {row.key: row for row in locking(SearchDocument.objects.filter(key__in=wanted))}


def _write(rows: dict[str, SearchDocument], described: dict[str, Described]) -> int:
    texts = {text.pk: text for text in SearchText.objects.filter(document__in=list(rows.values()))}
    changed: list[SearchDocument] = []
    for key, row in rows.items():
        told = _public(described.get(key))
        if _differs(row, texts.get(row.pk), told):
            row.version += 1
            changed.append(row)
            row.texts = texts.get(row.pk) or SearchText(document=row)
            for target, values in ((row, told.fields if told else _GONE), (row.texts, told.texts if told else _EMPTY)):
                for name, value in values.items():
                    setattr(target, name, value)
    if of_nothing := [row.pk for row in rows.values() if row.version == 0]:
        SearchDocument.objects.filter(pk__in=of_nothing).delete()
    own = own_engine()
    outside = chosen_engine().name != own.name
    for row in changed:
        if not outside:
            row.indexed = row.version
        row.save()
        if row.pk in texts:
            row.texts.save()
    # Of what is published for the first time, all in one statement.
    SearchText.objects.bulk_create([row.texts for row in changed if row.pk not in texts])
    give(own, changed)
    if gone := [row.key for row in changed if not row.places]:
        Difference.objects.filter(key__in=gone).exclude(title="").update(title="")
    return len(changed)


#: What a row keeps of a page that is not public any more: nothing that was said there. No difference names it either.
_GONE: dict[str, Any] = {
    "places": [],
    "sites": [],
    "shown": False,
    "title": "",
    "summary": "",
    "picture": {},
    "about": [],
}
_EMPTY: dict[str, Any] = {"text": "", "attachments": [], "folded": ""}


def _public(told: Described | None) -> Described | None:
    """``told`` when it is public somewhere."""
    return told if told is not None and told.fields["places"] else None


def _differs(row: SearchDocument, texts: SearchText | None, told: Described | None) -> bool:
    if row.version == 0:
        return told is not None
    fields, said = (told.fields, told.texts) if told else (_GONE, _EMPTY)
    return any(getattr(row, name) != value for name, value in fields.items()) or any(
        getattr(texts, name, None) != value for name, value in said.items()
    )


def _have_read(described: Iterable[Described]) -> None:
    """Queue the reading of attachments that nobody has read; the documents are written again when that is done."""
    unread = sorted({sm3 for told in described if told.fields["shown"] for sm3 in told.unread})
    if not unread:
        return
    FileText.objects.bulk_create([FileText(sm3=sm3) for sm3 in unread], ignore_conflicts=True)
    for sm3 in unread:
        enqueue(READ_FILE, in_schema="public", once=f"search.read_file:{sm3}", sm3=sm3)


def _parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
