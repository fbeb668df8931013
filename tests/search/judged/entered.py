"""The judged corpus as rows of the search: what publishing on six sites would have left there."""

from django.db.models import F

from govplatform.tenancy.models import Domain, Tenant
from search.engines.choosing import own_engine
from search.indexing.actions import give
from search.models import SearchDocument, SearchText
from search.text.folding import fold
from search.text.sounds import sound_lines

from .corpus import SITES, CorpusDocument, documents

_LEVELS = ("province", "city", "county")


def enter_corpus() -> dict[int, CorpusDocument]:
    """Write sites, documents and texts, and give them to PostgreSQL's index; return key of the row -> document."""
    tenants = _sites()
    rows = [_row(document, tenants[document.site]) for document in documents()]
    SearchDocument.objects.bulk_create(rows)
    SearchText.objects.bulk_create(_text(row, document) for row, document in zip(rows, documents(), strict=True))
    entered = list(SearchDocument.objects.filter(pk__in=[row.pk for row in rows]).select_related("texts"))
    give(own_engine(), entered)
    return {row.pk: document for row, document in zip(rows, documents(), strict=True)}


def give_all_again() -> None:
    """Let every document be behind: an engine outside of PostgreSQL is given all of them."""
    SearchDocument.objects.update(indexed=0, version=F("version"))


def _sites() -> dict[str, Tenant]:
    tenants: dict[str, Tenant] = {}
    for code, (name, _sign, above) in SITES.items():
        parent = tenants[above] if above else None
        level = _LEVELS[0 if parent is None else 1 if parent.parent_id is None else 2]
        tenants[code] = Tenant.objects.create(
            schema_name=f"site_{code}",
            code=code,
            full_name=f"{name}人民政府",
            kind=Tenant.Kind.PORTAL,
            level=level,
            parent=parent,
            status=Tenant.Status.LIVE,
        )
        Domain.objects.create(tenant=tenants[code], domain=f"{code}.localhost", kind="public", is_primary=True)
    return tenants


def _row(document: CorpusDocument, tenant: Tenant) -> SearchDocument:
    place = {"site": tenant.pk, "page": 1, "path": document.address, "column": f"/{document.kind}/"}
    return SearchDocument(
        key=f"judged:{tenant.pk}:{document.key}",
        tenant=tenant,
        sites=[tenant.pk],
        places=[place],
        shown=True,
        kind=document.found_as,
        organisation=document.organisation,
        document_number=document.number,
        validity=document.validity,
        issued_on=document.issued_on,
        published_at=document.published_at,
        updated_at=document.published_at,
        title=document.title,
        guide=document.kind == "service",
        version=1,
        indexed=0,
    )


def _text(row: SearchDocument, document: CorpusDocument) -> SearchText:
    attachments = [{"title": attachment.name, "text": attachment.text} for attachment in document.attachments]
    words = [word for attachment in attachments for word in attachment.values()]
    parts = [document.title, document.number, document.text, *words]
    return SearchText(
        document=row,
        text=document.text,
        attachments=attachments,
        folded="\n".join([*(fold(part) for part in parts if part), *sound_lines(fold(document.title))]),
    )
