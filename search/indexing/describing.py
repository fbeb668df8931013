"""What a document says, read from the library and from the sources as they are now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.dateparse import parse_date
from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource, ResourceFile
from content_library.resources.showing import is_shown
from govplatform.addresses.known import Kind
from govplatform.addresses.models import Address
from govplatform.tenancy.models import Tenant

from ..engine import Document
from ..models import FileText, SearchDocument, SearchText
from ..registry import OtherDocument, PageFacts, page_facts, page_key
from ..text.filters import column_lexemes, filter_lexeme
from ..text.folding import fold
from ..text.lexemes import document_lexemes
from ..text.sounds import sound_lines
from .own_words import own_words

#: Characters of one attachment, and of all of a document, that can be found; the rest of a longer one cannot.
LONGEST_FILE, LONGEST_FILES = 200_000, 600_000
LONGEST_TEXT = 400_000


@dataclass(frozen=True)
class Described:
    """A document as its rows keep it. ``fields``: of SearchDocument; ``texts``: of SearchText.

    ``unread``: SM3 of attachments whose text nobody has read yet.
    """

    fields: dict[str, Any]
    texts: dict[str, Any]
    unread: list[str] = field(default_factory=list)


def _facts_of(resources: Collection[Resource]) -> dict[int, PageFacts]:
    """Return what the sites know of the pages of these resources, by the resource's key; each site is asked once."""
    pages: dict[Tenant, dict[int, int]] = defaultdict(dict)
    for resource in resources:
        if resource.tenant is not None and resource.page_id is not None and resource.tenant.dropped_at is None:
            pages[resource.tenant][resource.page_id] = resource.pk
    found: dict[int, PageFacts] = {}
    for tenant, keys in pages.items():
        with tenant_context(tenant):
            told = page_facts()(keys)
        found |= {keys[page]: facts for page, facts in told.items()}
    return found


@dataclass(frozen=True)
class _Kept:
    """What the library and the sites keep of many resources.

    ``facts``, ``reposts``: by the resource's key; ``files``: by that of the version; ``texts``: by SM3. Keys: ``left``
    of resources whose page was taken from its site, ``shown`` of those that may be shown, ``answering`` of sites.
    """

    facts: Mapping[int, PageFacts]
    files: Mapping[int, list[ResourceFile]]
    texts: Mapping[str, FileText]
    reposts: Mapping[int, list[Repost]]
    left: Collection[int]
    shown: Collection[int]
    answering: Collection[int]


def describe_resources(resources: Collection[Resource]) -> dict[int, Described]:
    """Describe resources with all their places, by key; one that may not be shown has no place.

    What there is about them is read by one statement of each kind, however many they are.
    """
    kept = _kept_of(resources)
    return {resource.pk: _describe(resource, kept) for resource in resources}


def _describe(resource: Resource, kept: _Kept) -> Described:
    known = kept.facts.get(resource.pk, PageFacts())
    version = resource.current
    said: dict[str, Any] = version.metadata
    files, read = kept.files.get(version.pk, []), kept.texts
    attachments = _attachments(files, read)
    number = str(said.get("document_number", ""))[:200]
    text = own_words(version.html, version.text)[:LONGEST_TEXT]
    fields = {
        "resource_id": resource.pk,
        **_where(_places(resource, kept), kept.answering),
        "kind": resource.kind,
        "subject_class": resource.subject_class,
        "document_kind": resource.document_kind,
        "organisation": resource.organisation,
        "document_number": number,
        "index_number": resource.number,
        "validity": str(said.get("validity", ""))[:12],
        "issued_on": _day(said.get("issued_on")),
        "published_at": resource.published_at,
        "updated_at": resource.updated_at,
        "title": version.title,
        "summary": str(said.get("summary", "")),
        "picture": {"image": known.image, "alt": known.alt} if known.image else {},
        "guide": known.guide,
        "about": _about(resource.tenant_id, known.about),
    }
    waiting = [file.blob_id for file in files if file.blob_id not in read or read[file.blob_id].state == "waiting"]
    return Described(fields, _texts(version.title, [number, resource.number], text, attachments), waiting)


def describe_other(kind: str, tenant: Tenant, other: OtherDocument, answering: set[int]) -> Described:
    """Describe a page that is no resource. ``answering``: of ``sites_that_answer``, asked for once for many pages."""
    place = {"site": tenant.pk, "page": other.page, "path": other.path, "column": other.column}
    fields = {
        "tenant_id": tenant.pk,
        **_where([place], answering),
        "kind": kind,
        "published_at": other.published,
        "updated_at": other.published,
        "title": other.title[:255],
        "summary": other.summary,
        "guide": other.guide,
        "about": _about(tenant.pk, other.about),
    }
    return Described(fields, _texts(other.title, [], other.text[:LONGEST_TEXT], []))


def as_engines_keep_it(document: SearchDocument, texts: SearchText) -> Document:
    """Return the document with all its lexemes."""
    return Document(
        id=document.pk,
        version=document.version,
        lexemes=document_lexemes(
            title=document.title,
            number=document.document_number,
            texts=[document.index_number, texts.text, *_words_of(texts.attachments)],
            filters=_filters(document),
        ),
        sites=tuple(document.sites),
        kind=document.kind,
        year=_year(document),
        published=document.published_at,
        title_key=fold(document.title).replace("\n", ""),
        topic=document.subject_class,
        organisation=document.organisation,
        validity=document.validity,
        columns=_columns(document),
    )


def sites_that_answer(ids: Iterable[int]) -> set[int]:
    """Return those of the sites that show their pages to citizens."""
    rows = Tenant.objects.filter(pk__in=set(ids))
    return {tenant.pk for tenant in rows if tenant.answers_citizens and not tenant.is_console}


# --- inside -------------------------------------------------------------------------------


def _about(tenant_id: int | None, pages: Iterable[int]) -> list[str]:
    return [] if tenant_id is None else [page_key(tenant_id, page) for page in sorted(set(pages))]


def _columns(document: SearchDocument) -> tuple[str, ...]:
    """Return ``<key of the site>:<path>`` of the column on each site that shows the document."""
    places = {place["site"]: place["column"] for place in reversed(document.places) if place["site"] in document.sites}
    return tuple(f"{site}:{column.replace(' ', '')}" for site, column in sorted(places.items()))


def _kept_of(resources: Collection[Resource]) -> _Kept:
    versions = {resource.current_id for resource in resources}
    files, reposts = defaultdict[int, list[ResourceFile]](list), defaultdict[int, list[Repost]](list)
    documents = ResourceFile.objects.filter(version__in=versions, kind=ResourceFile.Kind.DOCUMENT)
    for file in documents.order_by("version_id", "position"):
        files[file.version_id].append(file)
    texts = FileText.objects.filter(sm3__in={file.blob_id for listed in files.values() for file in listed})
    shown = {resource.pk for resource in resources if is_shown(resource)}
    live = Repost.objects.filter(resource__in=shown, state=Repost.State.LIVE).exclude(mode=Repost.Mode.COPY)
    for repost in live.order_by("published_at", "pk"):
        reposts[repost.resource_id].append(repost)
    sites = {resource.tenant_id for resource in resources if resource.tenant_id is not None}
    sites |= {repost.tenant_id for listed in reposts.values() for repost in listed}
    return _Kept(
        facts=_facts_of(resources),
        files=files,
        texts={text.sm3: text for text in texts},
        reposts=reposts,
        left=_left_their_sites(resources),
        shown=shown,
        answering=sites_that_answer(sites),
    )


def _places(resource: Resource, kept: _Kept) -> list[dict[str, Any]]:
    if resource.pk not in kept.shown:
        return []
    places = []
    if resource.tenant_id is not None and resource.pk not in kept.left:
        places.append(_place(resource.tenant_id, resource.page_id, urlsplit(resource.url).path))
    for repost in kept.reposts.get(resource.pk, []):
        places.append(_place(repost.tenant_id, repost.page_id, repost.path))
    return places


def _left_their_sites(resources: Collection[Resource]) -> set[int]:
    """Keys of those whose page was taken from its site, which went back to an earlier state: reposts alone show it."""
    rows = Address.objects.filter(
        tenant_id__in={resource.tenant_id for resource in resources if resource.tenant_id is not None},
        kind=Kind.PAGE,
        object_id__in={resource.page_id for resource in resources if resource.page_id is not None},
        host="",
    )
    states = defaultdict[tuple[int | None, int | None], set[str]](set)
    for site, page, state in rows.values_list("tenant_id", "object_id", "state"):
        states[site, page].add(state)
    seen = {resource.pk: states.get((resource.tenant_id, resource.page_id), set()) for resource in resources}
    return {pk for pk, found in seen.items() if found and Address.State.PUBLIC not in found}


def _place(site: int, page: int | None, path: str) -> dict[str, Any]:
    column = path.rstrip("/").rpartition("/")[0] + "/"
    return {"site": site, "page": page, "path": path, "column": column}


def _where(places: list[dict[str, Any]], answering: Collection[int]) -> dict[str, Any]:
    sites = list(dict.fromkeys(place["site"] for place in places if place["site"] in answering))
    return {"places": places, "sites": sites, "shown": bool(sites)}


def _attachments(files: list[ResourceFile], read: Mapping[str, FileText]) -> list[dict[str, str]]:
    found, room = [], LONGEST_FILES
    for file in files:
        kept = read.get(file.blob_id)
        text = kept.text[: min(room, LONGEST_FILE)] if kept else ""
        room -= len(text)
        found.append({"title": file.title or file.name, "text": text})
    return found


def _texts(title: str, numbers: list[str], text: str, attachments: list[dict[str, str]]) -> dict[str, Any]:
    parts = [title, *numbers, text, *_words_of(attachments)]
    folded = [*(fold(part) for part in parts if part), *sound_lines(fold(title))]
    return {"text": text, "attachments": attachments, "folded": "\n".join(folded)}


def _words_of(attachments: list[dict[str, str]]) -> list[str]:
    return [words for attachment in attachments for words in (attachment["title"], attachment["text"])]


def _filters(document: SearchDocument) -> set[str]:
    lexemes = {filter_lexeme("k", document.kind), filter_lexeme("y", _year(document))}
    for letter, value in (("t", document.subject_class), ("o", document.organisation), ("v", document.validity)):
        if value:
            lexemes.add(filter_lexeme(letter, value))
    for place in document.places:
        if place["site"] in document.sites:
            lexemes.add(filter_lexeme("s", place["site"]))
            lexemes |= column_lexemes(place["site"], place["column"])
    return lexemes


def _year(document: SearchDocument) -> int:
    return timezone.localtime(document.published_at).year


def _day(value: Any) -> date | None:
    try:
        return parse_date(str(value)[:10]) if value else None
    except ValueError:
        return None
