"""The pictures beside hits on a page of results."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django_tenants.utils import tenant_context
from wagtail.images import get_image_model

from govplatform.review.models import ClearedFile
from search.models import SearchDocument
from search.truth import present_documents
from sites.pages.rendering import CARD_SIZES

from .access import for_citizens
from .files import cleared_file, is_unchanged, send_stored

#: The smaller of the sizes that lists show, which is there already for most pictures.
_WIDTH, _HEIGHT = CARD_SIZES[-1]


@for_citizens
def found_picture(request: HttpRequest, document_id: int, image_id: int) -> HttpResponseBase:
    """Send the lead picture of a document that is found now, small, on whichever site it was found.

    A page of results asks no other host, and a picture that no live page shows any more is sent to nobody: Http404.
    """
    document = SearchDocument.objects.select_related("resource__tenant").filter(pk=document_id).first()
    source = document.resource.tenant if document is not None and document.resource is not None else None
    if document is None or source is None or document.picture.get("image") != image_id:
        raise Http404
    if not source.answers_citizens or not present_documents([document.pk]):
        raise Http404
    with tenant_context(source):
        image = get_image_model().objects.filter(pk=image_id).first()
        if image is None or cleared_file(ClearedFile.Kind.IMAGE, image.pk, image.file.name) is None:
            raise Http404
        try:
            rendition = image.get_rendition(f"fill-{_WIDTH}x{_HEIGHT}|format-jpeg")
        except OSError:
            raise Http404 from None
        if not is_unchanged(rendition.file, rendition.recorded_sm3()):
            raise Http404
        return send_stored(request, rendition.file, rendition.file.name.rsplit("/", 1)[-1], as_attachment=False)
