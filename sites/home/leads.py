"""The item with a picture at the head of a column's box: the newest of the box that has one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from wagtail.models import Page

from sites.media.models import SiteImage
from sites.pages.rendering import shown_image

Line = dict[str, Any]

#: (width, height) in pixels, the largest first; those of the picture lists of columns, so that no other size is made.
_SIZES = ((480, 270), (240, 135))
#: Kinds of pages whose picture shows what they report. A portrait or a map is no picture of an event.
_KINDS = ("article", "interpretation", "topicpage")


def with_leads(boxes: Sequence[Line]) -> list[Line]:
    """Return the boxes, each with ``lead``, the first of its items that has a picture, and ``items``, the others.

    A lead is a line with ``picture`` (``rendering.shown_image``). A box without any picture keeps its items, and has
    no ``lead``. Two statements for all boxes, and one for the sizes of the pictures.
    """
    chosen = _pictures_of([line["pk"] for box in boxes for line in box["items"]])
    firsts = [next((line for line in box["items"] if line["pk"] in chosen), None) for box in boxes]
    images = _images([chosen[line["pk"]] for line in firsts if line])
    return [
        _with_lead(box, line, images.get(chosen[line["pk"]]) if line else None)
        for box, line in zip(boxes, firsts, strict=True)
    ]


def _with_lead(box: Line, line: Line | None, image: SiteImage | None) -> Line:
    picture = shown_image(image, _SIZES) if image is not None else None
    if line is None or picture is None:
        return box
    others = [item for item in box["items"] if item is not line]
    return {**box, "lead": {**line, "picture": picture}, "items": others}


def _pictures_of(pages: Sequence[int]) -> dict[int, int]:
    """Return page -> image of those pages that have a picture: the one that was cleared with what is live."""
    has_one = Q()
    for kind in _KINDS:
        has_one |= Q(**{f"{kind}__picture__isnull": False})
    found = Page.objects.filter(has_one, pk__in=pages, live=True).order_by()
    image = Coalesce(*[f"{kind}__picture" for kind in _KINDS])
    return dict(found.annotate(image=image).values_list("pk", "image"))


def _images(numbers: Sequence[int]) -> dict[int, SiteImage]:
    return {image.pk: image for image in SiteImage.objects.filter(pk__in=numbers)} if numbers else {}
