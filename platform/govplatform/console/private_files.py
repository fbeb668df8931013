"""Images and documents inside the console, for people who may see drafts of this very site."""

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from wagtail.documents import get_document_model

from govplatform.downloads import as_download
from govplatform.review.permissions import VIEW_DRAFT, may_on_content
from govplatform.tenancy.current import current_schema


def document(request: HttpRequest, document_id: int, name: str) -> FileResponse:
    """Send a document for download. Raises Http404 for a wrong number or name, and without the right to drafts."""
    _require_draft_right(request)
    item = get_document_model().objects.filter(pk=document_id).first()
    if item is None or item.filename != name:
        raise Http404
    return _send(item.file.name, item.filename, as_attachment=True)


def media(request: HttpRequest, schema: str, name: str) -> FileResponse:
    """Send the stored file ``name`` of the current site; only images are shown in the browser.

    Raises Http404 for another site's ``schema``, a missing file, and without the right to drafts.
    """
    _require_draft_right(request)
    if schema != current_schema() or ".." in name.split("/"):
        raise Http404
    return _send(name, name.rsplit("/", 1)[-1], as_attachment=not name.startswith("images/"))


def _require_draft_right(request: HttpRequest) -> None:
    # 404 and not 403: an outsider learns nothing about what exists.
    if not may_on_content(request.user, VIEW_DRAFT):
        raise Http404


def _send(stored: str, name: str, *, as_attachment: bool) -> FileResponse:
    if not default_storage.exists(stored):
        raise Http404
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if not content_type.startswith(("image/", "audio/", "video/", "application/pdf")) or "svg" in content_type:
        content_type, as_attachment = "application/octet-stream", True
    response = FileResponse(default_storage.open(stored, "rb"), content_type=content_type)
    as_download(response, name, shown=not as_attachment)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
