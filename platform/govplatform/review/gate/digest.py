"""The SM3 digest over everything that a clearance covers.

Content, metadata, position in the tree, and the bytes of every image and document that the
page refers to.  Computed from a revision before publishing and from the stored rows after, so
both must give the same canonical form.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import Storage
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex

from govplatform.audit.sm3 import sm3_hex, sm3_of_chunks

from ..models import ClearedFile
from ..reviewed_page import as_reviewed

#: Columns that publishing, moving of ancestors or the editor's bookkeeping change by themselves.
_BOOKKEEPING = frozenset(
    {
        "path", "depth", "numchild", "url_path", "live", "has_unpublished_changes", "first_published_at",
        "last_published_at", "latest_revision_created_at", "live_revision", "latest_revision", "draft_title",
        "owner", "locked", "locked_at", "locked_by", "expired", "translation_key", "locale", "alias_of",
        "content_type", "wagtail_admin_comments", "page_ptr", "pk",
    }
)  # fmt: skip
#: Given by the platform when the page is first published: not yet there when the content is cleared.
_GIVEN_BY_PUBLISHING = frozenset({"index_number"})
MISSING_FILE = "missing"
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


def page_digest(page: Page, files: list[ReferredFile] | None = None) -> str:
    """Return the digest of ``page`` (a specific instance, from a revision or stored), 64 hexadecimal digits.

    Fields that the page type names in ``digest_defaults`` (``{name: value}``) came after pages had been
    cleared: they count as soon as they say anything else than that value.
    """
    return _digest(page, files, _BOOKKEEPING | _GIVEN_BY_PUBLISHING)


def digest_covers(digest: str, page: Page, files: list[ReferredFile] | None = None) -> bool:
    """Tell whether ``digest`` is that of ``page``, in today's form or in that of the first release.

    In the first release a draft had its index number before it was cleared, and the number was part of the digest.
    """
    files = referred_files(page) if files is None else files
    return digest == page_digest(page, files) or digest == _digest(page, files, _BOOKKEEPING)


def _digest(page: Page, files: list[ReferredFile] | None, left_out: frozenset[str]) -> str:
    # Before the content is serialised: reading the references brings every block into its full form.
    files = referred_files(page) if files is None else files
    content = {name: value for name, value in page.serializable_data().items() if name not in left_out}
    for name, default in as_reviewed(page).digest_defaults.items():
        if content.get(name) == default:
            del content[name]
    parent = page.get_parent()
    payload = {
        "kind": page._meta.label_lower,
        "page": page.pk,
        "parent": parent.pk if parent else None,
        "content": {name: _normalised(value) for name, value in content.items()},
        "files": [[f.kind, f.object_id, f.sm3, *f.words] for f in files],
    }
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sm3_hex(text.encode())


def _normalised(value: Any) -> Any:
    # StreamField values are JSON inside JSON; key order must not matter.
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return _without_block_ids(json.loads(value))
        except ValueError:
            return value
    return value


def _without_block_ids(value: Any) -> Any:
    # Wagtail draws a new id for a list item that was stored without one, each time it is read.
    if isinstance(value, list):
        return [_without_block_ids(item) for item in value]
    if isinstance(value, dict):
        is_block = value.keys() == {"type", "value", "id"}
        return {key: _without_block_ids(item) for key, item in value.items() if not (is_block and key == "id")}
    return value


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
