"""Images and attachments on the public host: only what a cleared, live page shows.

A file is found through the clearance of a live page, never by its name in storage: drafts,
originals, replaced versions and other sites' files have no public address.
"""

import mimetypes
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils.http import content_disposition_header
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from govplatform.review.models import Clearance, ClearedFile
from govplatform.tenancy.current import current_schema

_CACHE_CONTROL = "public, max-age=3600"


def cleared_file(kind: str, object_id: int, stored_name: str) -> ClearedFile | None:
    """The record that lets this very file out: same object, same storage name, page still live."""
    return ClearedFile.objects.filter(
        kind=kind,
        object_id=object_id,
        name=stored_name,
        clearance__status=Clearance.Status.VALID,
        clearance__page__live=True,
    ).first()


def document(request: HttpRequest, document_id: int, name: str) -> FileResponse:
    item = get_document_model().objects.filter(pk=document_id).first()
    if (
        item is None
        or item.filename != name
        or cleared_file(ClearedFile.Kind.DOCUMENT, item.pk, item.file.name) is None
    ):
        raise Http404
    return send_stored(item.file, item.filename, as_attachment=not item.filename.lower().endswith((".mp4", ".mp3")))


def picture(request: HttpRequest, schema: str, name: str) -> FileResponse:
    """A rendition. The schema in the address must be the site's own."""
    if schema != current_schema():
        raise Http404
    rendition = get_image_model().get_rendition_model().objects.filter(file=name).select_related("image").first()
    if rendition is None or cleared_file(ClearedFile.Kind.IMAGE, rendition.image_id, rendition.image.file.name) is None:
        raise Http404
    return send_stored(rendition.file, name.rsplit("/", 1)[-1], as_attachment=False)


def send_stored(file: Any, name: str, *, as_attachment: bool) -> FileResponse:
    """Stream a stored file; nothing in it may run in the site's name."""
    try:
        stream = file.storage.open(file.name, "rb")
    except FileNotFoundError:
        raise Http404 from None
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if content_type in ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"):
        content_type, as_attachment = "application/octet-stream", True
    response = FileResponse(stream, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment, name) or "inline"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = _CACHE_CONTROL
    return response
