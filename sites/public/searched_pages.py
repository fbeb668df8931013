"""What the search asks a site about its pages (``search.registry``), and the pictures that stand beside hits."""

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django_tenants.utils import tenant_context
from wagtail.images import get_image_model
from wagtail.models import Page

from govplatform.review.models import ClearedFile
from search.models import SearchDocument
from search.registry import PageFacts
from search.truth import present_documents
from sites.columns.models import Column, ColumnType
from sites.pages.rendering import CARD_SIZES

from .access import for_citizens
from .files import cleared_file, is_unchanged, send_stored

_MODELS = ("articles.Article", "articles.TopicPage", "policies.PolicyDocument", "policies.Interpretation")
#: The smaller of the sizes that lists show, which is there already for most pictures.
_WIDTH, _HEIGHT = CARD_SIZES[-1]


def page_facts(pages: Collection[int]) -> Mapping[int, PageFacts]:
    """Return lead picture, whether it is a guide and what it serves, of pages of the current site.

    A guide is a page in a column of services (办事服务); it serves the pages that its text leads to.
    """
    rows = _rows(pages)
    services = list(Column.objects.filter(column_type=ColumnType.SERVICES, live=True).values_list("path", flat=True))
    guides = {row["pk"] for row in rows if any(row["path"].startswith(path) for path in services)}
    leads_to = _references(guides)
    return {
        row["pk"]: PageFacts(
            image=row["picture_id"],
            alt=(row["picture__description"] or row["picture__title"] or "") if row["picture_id"] else "",
            guide=row["pk"] in guides,
            about=leads_to.get(row["pk"], ()),
        )
        for row in rows
    }


def _rows(pages: Collection[int]) -> list[dict[str, Any]]:
    wanted = ("pk", "path", "picture_id", "picture__description", "picture__title")
    first, *others = (
        apps.get_model(model)._default_manager.filter(pk__in=list(pages), live=True).order_by().values(*wanted)
        for model in _MODELS
    )
    return list(first.union(*others, all=True))


def _references(pages: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return page -> pages of the site that its body leads to, read from the body: Wagtail's list of references is
    written by a job of its own, which may come after the search's.
    """
    found: dict[int, tuple[int, ...]] = {}
    for page in Page.objects.filter(pk__in=list(pages)).specific() if pages else ():
        named = page._meta.get_field("body").extract_references(page.body)
        found[page.pk] = tuple(
            sorted({int(target) for model, target, _model_path, _content_path in named if issubclass(model, Page)})
        )
    return found


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
