"""The images and attachments on the public host: only those that a cleared, live page shows.

A file is found through the clearance of a live page, never by its name in storage: drafts,
originals, replaced versions and other sites' files have no public address.
"""

import logging
import mimetypes
from typing import Any, cast

from django.db.models import F, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from content_library.distribution.listing import recalled_pages, without_recalled
from govplatform.confidentiality.queries import public_copy
from govplatform.downloads import as_download
from govplatform.review.frame.pictures import frame_pictures, was_in_frame
from govplatform.review.gate.digest import stored_sm3
from govplatform.review.gate.signed import scanned_files
from govplatform.review.models import Clearance, ClearedFile
from govplatform.tenancy.current import current_schema
from govplatform.tenancy.public_headers import FILE_POLICY, PAGE_CACHE_CONTROL

from .access import for_citizens
from .errors import gone, withdrawn_reason

logger = logging.getLogger("govplatform.public")

#: Endings of files that browsers play in place; all others are sent as downloads.
PLAYED = (".mp4", ".mp3")
#: Types of files in which a browser would run scripts in the site's name.
_ACTIVE_TYPES = frozenset(
    {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml", "text/javascript"}
)


def cleared_file(kind: str, object_id: int, stored_name: str) -> ClearedFile | None:
    """Return the record that allows sending this very file to citizens; None when there is none.

    The record names the same object and storage name and belongs to the live revision of a page that is not recalled.
    """
    shown = ClearedFile.objects.filter(
        kind=kind,
        object_id=object_id,
        name=stored_name,
        clearance__status=Clearance.Status.VALID,
        clearance__page__live=True,
        # a newer revision may be cleared and wait for its hour: its files are not public yet
        clearance__revision_id=F("clearance__page__live_revision_id"),
    )
    # Nor are those of a copy whose source was withdrawn.
    return without_recalled(shown, "clearance__page_id").select_related("clearance").first()


@for_citizens
def document(request: HttpRequest, document_id: int, name: str) -> HttpResponseBase:
    item = get_document_model().objects.filter(pk=document_id).first()
    if item is None or item.filename != name:
        raise Http404
    cleared = cleared_file(ClearedFile.Kind.DOCUMENT, item.pk, item.file.name)
    if cleared is None:
        return _no_longer(request, ClearedFile.Kind.DOCUMENT, item.pk, item.file.name)
    # Citizens get what was stripped of the original's properties, under the original's name.
    sent, sm3 = _for_citizens(cleared, item.file)
    if not is_unchanged(sent, sm3):
        raise Http404
    return send_stored(request, sent, name, as_attachment=not name.lower().endswith(PLAYED))


def _for_citizens(cleared: ClearedFile, original: Any) -> tuple[Any, str]:
    """Return (the file to send, the SM3 that its bytes had when the page was cleared): public copy or ``original``."""
    copy = public_copy(cleared.kind, cleared.object_id, cleared.sm3)
    for file in scanned_files(cleared.clearance):
        if (file["kind"], file["id"]) == (cleared.kind, cleared.object_id) and "public_sm3" in file:
            # A copy that came later, or whose row says something else by now, is not what was cleared.
            return (copy.file, file["public_sm3"]) if copy and file["public_sm3"] else (original, cleared.sm3)
    return (copy.file, copy.sm3) if copy else (original, cleared.sm3)


#: (schema, storage name, size, time in storage) -> SM3 of the bytes, which are hashed once in a process.
_read: dict[tuple[Any, ...], str] = {}
_READ_AT_MOST = 10_000


def is_unchanged(file: Any, sm3: str) -> bool:
    """Say whether the bytes in storage still have ``sm3``, as when they were cleared or made; False for a lost file."""
    try:
        key = (current_schema(), file.name, file.size, file.storage.get_modified_time(file.name))
    except FileNotFoundError:
        return False
    if key not in _read:
        if len(_read) >= _READ_AT_MOST:
            _read.clear()
        _read[key] = stored_sm3(file.storage, str(file.name))
    if _read[key] != sm3:
        logger.error("%s in storage is not what was cleared", file.name)
        return False
    return True


@for_citizens
def picture(request: HttpRequest, schema: str, name: str) -> HttpResponseBase:
    """Send a rendition of an image that a live page shows. The schema in the address must be the site's own."""
    if schema != current_schema():
        raise Http404
    rendition = get_image_model().get_rendition_model().objects.filter(file=name).select_related("image").first()
    if rendition is None or not rendition.is_named_after_its_image():
        raise Http404
    original = rendition.image.file
    if cleared_file(ClearedFile.Kind.IMAGE, rendition.image_id, original.name) is None:
        cleared_sm3 = frame_pictures().get(rendition.image_id, "")
        if not cleared_sm3 or not is_unchanged(original, cleared_sm3):
            return _no_longer(request, ClearedFile.Kind.IMAGE, rendition.image_id, original.name)
    if not is_unchanged(rendition.file, rendition.recorded_sm3()):
        raise Http404
    return send_stored(request, rendition.file, name.rsplit("/", 1)[-1], as_attachment=False)


def _no_longer(request: HttpRequest, kind: str, object_id: int, stored_name: str) -> HttpResponse:
    """Answer 410 for a file that once was public; raise Http404 for others, so that nobody learns that they exist."""
    former = (
        ClearedFile.objects.filter(
            Q(clearance__status__in=(Clearance.Status.REVOKED, Clearance.Status.SUPERSEDED))
            | recalled_pages("clearance__page_id"),
            kind=kind,
            object_id=object_id,
            name=stored_name,
            clearance__page__first_published_at__isnull=False,
        )
        .order_by("-clearance__granted_at")
        .first()
    )
    if former is None and not (kind == ClearedFile.Kind.IMAGE and was_in_frame(object_id)):
        raise Http404
    return gone(request, None, withdrawn_reason())


def send_stored(request: HttpRequest, file: Any, name: str, *, as_attachment: bool) -> HttpResponseBase:
    """Stream a stored file under the file name ``name``, in a way that nothing in it can run in the site's name.

    Answers 304 when name, size and time in storage are the same. Raises Http404 when the file is not there.
    """
    try:
        stream = file.storage.open(file.name, "rb")
        changed = file.storage.get_modified_time(file.name)
    except FileNotFoundError:
        raise Http404 from None
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if content_type in _ACTIVE_TYPES:
        content_type, as_attachment = "application/octet-stream", True
    response = FileResponse(stream, content_type=content_type)
    tag = quote_etag(f"{file.name.rsplit('/', 1)[-1]}-{file.size:x}-{int(changed.timestamp() * 1e6):x}".encode().hex())
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = http_date(changed.timestamp())
    as_download(response, name, shown=not as_attachment)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PAGE_CACHE_CONTROL
    answer = get_conditional_response(
        request, etag=tag, last_modified=int(changed.timestamp()), response=cast(HttpResponse, response)
    )
    if answer is None or answer is response:
        return response
    # not response.close(): that would end the request, and with it the site's schema
    stream.close()
    return answer
