"""The one way of writing resources, whatever they come from. Called by the library's own acts alone."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Func, Value
from django.utils import timezone

from govplatform.untrusted_files.link_places import places_in_texts

from ..metadata import Disclosure, Validity
from ..models import Resource, ResourceFile, ResourceVersion
from ..vocabularies.standing import standing_codes
from .blobs import store_blobs
from .clean_html import clean_html, seal_of
from .lexemes import filter_lexemes, folded_title, pairs
from .records import LibraryRecord, plain_values, version_digest

#: The transaction's number is read in the statement that inserts the row, so the database decides the order.
_CHANGE = (
    "INSERT INTO public.content_library_change (xact, resource_id, act, version, status, reason, at)"
    " VALUES (pg_current_xact_id()::text::bigint, %s, %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True)
class Prepared:
    """A record with its HTML cleaned, its metadata as JSON and its digest: what a version row needs."""

    record: LibraryRecord
    metadata: dict[str, Any]
    digest: str

    @property
    def title(self) -> str:
        return str(self.metadata.get("title", ""))[:255]


def prepare(record: LibraryRecord) -> Prepared:
    """Clean the record's HTML and compute the digest by which versions are told apart."""
    record = replace(record, html=clean_html(record))
    metadata = plain_values({**record.metadata, "repostable": record.repostable, **record.extra})
    listed = [[f.kind, f.sm3, f.name, f.title, f.map_number] for f in record.files]
    return Prepared(record, metadata, version_digest(metadata, record.html, record.text, listed))


def new_resource_id() -> int:
    """Draw the id of a resource before its row is there: version and resource name each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('public.content_library_resource', 'id'))")
        return int(cursor.fetchone()[0])


def write_version(
    resource_id: int,
    number: int,
    prepared: Prepared,
    *,
    revision_id: int | None,
    clearance_id: int | None,
    cleared_at: datetime,
) -> ResourceVersion:
    """Write the immutable version with its files; the blobs are stored first.

    Raises Refused when a file is not what its SM3 says.
    """
    store_blobs({f.sm3: f.opener for f in prepared.record.files})
    version = ResourceVersion.objects.create(
        resource_id=resource_id,
        number=number,
        title=prepared.title,
        metadata=prepared.metadata,
        html=prepared.record.html,
        text=prepared.record.text,
        digest=prepared.digest,
        html_seal=seal_of(prepared.record.html),
        link_marks=places_in_texts([prepared.record.html]),
        revision_id=revision_id,
        clearance_id=clearance_id,
        cleared_at=cleared_at,
    )
    if prepared.record.files:
        ResourceFile.objects.bulk_create(
            ResourceFile(
                version=version,
                blob_id=f.sm3,
                kind=f.kind,
                position=position,
                name=f.name,
                title=f.title,
                content_type=f.content_type,
                map_number=f.map_number,
            )
            for position, f in enumerate(prepared.record.files)
        )
    return version


def fill_from(resource: Resource, version: ResourceVersion, prepared: Prepared) -> None:
    """Set the resource's own columns after ``version`` became current. Does not save."""
    values, record = prepared.metadata, prepared.record
    codes = {
        "subject": str(values.get("subject_class", "")),
        "kind": str(values.get("document_kind", "")),
        "audience": str(values.get("audience", ""))[:100],
    }
    if version.number > 1:
        # A bulk change of classes outlives a correction of the page.
        codes = standing_codes(resource.pk, codes)
    resource.current = version
    resource.title = version.title
    resource.kind = record.kind
    resource.subject_class, resource.document_kind, resource.audience = (
        codes["subject"],
        codes["kind"],
        codes["audience"],
    )
    resource.disclosure = str(values.get("disclosure", Disclosure.PROACTIVE))
    resource.organisation = record.organisation[:120]
    resource.repostable = record.repostable
    resource.url = record.url
    resource.interprets_page = record.interprets_page
    resource.origin = record.origin
    resource.updated_at = version.cleared_at


def status_of(validity: str, version_number: int) -> str:
    """Return the status: ``validity`` of a document no longer in force, else corrected from the second version on."""
    if validity and validity != Validity.IN_FORCE:
        return validity
    return Resource.Status.CORRECTED if version_number > 1 else Resource.Status.IN_FORCE


def is_open(resource: Resource) -> bool:
    """Tell whether every site may see the resource: proactive, for repost, not withdrawn."""
    return (
        resource.disclosure == Disclosure.PROACTIVE
        and resource.repostable
        and resource.status != Resource.Status.WITHDRAWN
    )


def write_terms(resource: Resource, document_number: str = "") -> None:
    """Set ``folded`` and ``terms`` from the columns. Does not save; ``terms`` becomes an SQL expression."""
    resource.folded = folded_title(resource.title, resource.number, document_number)
    lexemes = pairs(resource.folded) | filter_lexemes(
        tenant_id=resource.tenant_id,
        subject_class=resource.subject_class,
        kind=resource.kind,
        document_kind=resource.document_kind,
        level=resource.level,
        status=resource.status,
        published_at=resource.published_at,
        open_to_all=is_open(resource),
        audience=resource.audience,
    )
    resource.terms = Func(
        Value(sorted(lexemes)),
        function="array_to_tsvector",
        template="%(function)s(%(expressions)s::text[])",
        output_field=SearchVectorField(),
    )


def note_change(resource: Resource, act: str, version: int, reason: str = "") -> None:
    """Write the Change for those who ask what changed since (``changes.py``)."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [resource.pk, str(act), version, str(resource.status), reason, timezone.now()])


def save_changed(resource: Resource, act: str, *, reason: str = "") -> None:
    """Save a resource whose classification or status changed, with its terms and a Change.

    For ``Change.Act.RECLASSIFIED`` too: set the code columns, then call this inside the transaction.
    """
    write_terms(resource, str(resource.current.metadata.get("document_number", "")))
    resource.save()
    note_change(resource, act, resource.current.number, reason)
