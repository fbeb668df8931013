"""The SM3 digest over everything that a clearance covers.

Content, metadata, position in the tree, and the bytes of every image and document that the
page refers to.  Computed from a revision before publishing and from the stored rows after, so
both must give the same canonical form (``canonical``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import Storage
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Revision

from govplatform.audit.sm3 import sm3_hex, sm3_of_chunks

from ..models import Clearance, ClearedFile, Decision
from ..reviewed_page import counted_in_digest
from .canonical import canonical_bytes, fields_of_page
from .old_digests import old_digest

#: Columns that publishing, moving of ancestors or the editor's bookkeeping change by themselves.
BOOKKEEPING = frozenset(
    {
        "path", "depth", "numchild", "url_path", "live", "has_unpublished_changes", "first_published_at",
        "last_published_at", "latest_revision_created_at", "live_revision", "latest_revision", "draft_title",
        "owner", "locked", "locked_at", "locked_by", "expired", "translation_key", "locale", "alias_of",
        "content_type", "wagtail_admin_comments", "page_ptr", "pk",
    }
)  # fmt: skip
#: Given by the platform when the page is first published: not yet there when the content is cleared.
_GIVEN_BY_PUBLISHING = frozenset({"index_number"})
_LEFT_OUT = BOOKKEEPING | _GIVEN_BY_PUBLISHING
MISSING_FILE = "missing"
#: Digests of today begin so; those of earlier releases are 64 bare digits.
FORM = "3:"
_SHOWN_OF_FILES = ("title", "description", "map_number")


@dataclass(frozen=True)
class ReferredFile:
    """An image or document that a page shows.

    ``sm3``: of the bytes in storage now. ``words``: what the public page may show of its record
    (title, description, map number), which is content as much as the page's own text.
    """

    kind: str
    object_id: int
    name: str
    sm3: str
    uploaded_by_id: int | None
    words: tuple[str, ...] = ()


def referred_files(page: Page) -> list[ReferredFile]:
    """Return every image and document that the page's fields refer to, hashed from storage.

    One that has no row any more has the SM3 ``MISSING_FILE``.
    """
    image_model, document_model = get_image_model(), get_document_model()
    wanted: dict[str, set[int]] = {ClearedFile.Kind.IMAGE: set(), ClearedFile.Kind.DOCUMENT: set()}
    from django.contrib.contenttypes.models import ContentType

    kinds = {
        ContentType.objects.get_for_model(image_model).pk: ClearedFile.Kind.IMAGE,
        ContentType.objects.get_for_model(document_model).pk: ClearedFile.Kind.DOCUMENT,
    }
    # Wagtail's own extraction knows foreign keys, StreamField choosers and rich text embeds.
    for content_type_id, object_id, _model, _path in ReferenceIndex._extract_references_from_object(page):
        if kind := kinds.get(content_type_id):
            wanted[kind].add(int(object_id))
    files = []
    for kind, model in ((ClearedFile.Kind.IMAGE, image_model), (ClearedFile.Kind.DOCUMENT, document_model)):
        found = {item.pk: item for item in model.objects.filter(pk__in=wanted[kind])}
        for object_id in sorted(wanted[kind]):
            item = found.get(object_id)
            if item is None:
                files.append(ReferredFile(kind, object_id, "", MISSING_FILE, None))
            else:
                files.append(
                    ReferredFile(
                        kind,
                        object_id,
                        item.file.name,
                        stored_sm3(item.file.storage, item.file.name),
                        item.uploaded_by_user_id,
                        tuple(str(getattr(item, name, "")) for name in _SHOWN_OF_FILES),
                    )
                )
    return files


@dataclass(frozen=True)
class Numbers:
    """The numbers under which a page stood on another site: its own and that of its parent."""

    page: int
    parent: int | None


def page_digest(page: Page, files: list[ReferredFile] | None = None) -> str:
    """``FORM`` and 64 hexadecimal digits for ``page`` (a specific instance, from a revision or stored).

    No other page has the same. Fields that the page type names in ``digest_defaults`` (``{name: value}``) came after
    pages had been cleared: they count as soon as they say anything else than that value.
    """
    return _present_digest(page, referred_files(page) if files is None else files)


def clearance_covers(clearance: Clearance, page: Page, files: list[ReferredFile] | None = None) -> bool:
    """Whether ``page`` is exactly what ``clearance`` cleared."""
    files = referred_files(page) if files is None else files
    if clearance.digest.startswith(FORM):
        return clearance.digest == page_digest(page, files)
    if clearance.digest not in _old_digests(page, files):
        return False
    return page_digest(page, files) == page_digest(clearance.revision.as_object(), files)


def digest_covers(
    digest: str, page: Page, files: list[ReferredFile] | None = None, numbers: Numbers | None = None
) -> bool:
    """Whether ``digest`` is that of ``page``, in today's form or in one of earlier releases.

    ``numbers``: ``page`` and ``files`` are as they stood on another site, under these numbers; nothing that they name
    is looked up, and ``files`` have to be given.
    """
    files = referred_files(page) if files is None else files
    if digest.startswith(FORM):
        return digest == (page_digest(page, files) if numbers is None else digest_elsewhere(page, files, numbers))
    return digest in _old_digests(page, files, numbers)


def digest_of_version(revision: Revision, shown: Page, files: list[ReferredFile] | None = None) -> str:
    """The digest of ``shown``, which ``revision`` makes, as the scans and decisions of this version name it.

    A review that began under an earlier release goes on by its digest, for scan, decisions and clearance name one:
    what was decided on is not changed in place, so that digest is of these words alone.
    """
    files = referred_files(shown) if files is None else files
    decided = Decision.objects.filter(page_id=shown.pk, revision=revision, verdict=Decision.Verdict.APPROVED)
    begun = decided.exclude(digest__startswith=FORM).values_list("digest", flat=True).first()
    return begun if begun is not None and begun in _old_digests(shown, files) else page_digest(shown, files)


def _present_digest(page: Page, files: list[ReferredFile]) -> str:
    return _digest_of(page, fields_of_page(page, _LEFT_OUT), files, numbers_of(page))


def digest_elsewhere(page: Page, files: list[ReferredFile], numbers: Numbers) -> str:
    """The digest of ``page`` as it stands, or will stand, on another site under ``numbers``; nothing is looked up."""
    return _digest_of(page, fields_of_page(page, _LEFT_OUT, elsewhere=True), files, numbers)


def _digest_of(page: Page, content: dict[str, Any], files: list[ReferredFile], numbers: Numbers) -> str:
    covered = {
        "kind": page._meta.label_lower,
        "page": numbers.page,
        "parent": numbers.parent,
        "content": counted_in_digest(page, content),
        "files": [[str(f.kind), f.object_id, f.sm3, list(f.words)] for f in files],
    }
    return FORM + sm3_hex(canonical_bytes(covered))


def _old_digests(page: Page, files: list[ReferredFile], numbers: Numbers | None = None) -> Iterator[str]:
    """Of the last release; then of the first, when a draft had its index number before it was cleared."""
    where = numbers_of(page) if numbers is None else numbers
    yield old_digest(page, files, _LEFT_OUT, where)
    yield old_digest(page, files, BOOKKEEPING, where)


def numbers_of(page: Page) -> Numbers:
    """The numbers under which ``page`` stands here."""
    parent = page.get_parent()
    return Numbers(page.pk, parent.pk if parent else None)


def stored_sm3(storage: Storage, name: str) -> str:
    """Return the SM3 of the bytes in storage now, ``MISSING_FILE`` when there are none."""
    try:
        with storage.open(name, "rb") as stream:
            return sm3_of_chunks(_chunks(stream))
    except (FileNotFoundError, ValueError, OSError):
        return MISSING_FILE


def _chunks(stream: Any) -> Iterator[bytes]:
    while chunk := stream.read(1 << 20):
        yield chunk
