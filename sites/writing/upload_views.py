"""The doors of what is dropped into a text, and of the turning and cropping of a picture."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.images.models import SourceImageIOError
from wagtail.images.widgets import AdminImageChooser
from wagtail.models import Page

from govplatform.accounts.screens.screen import opens_like
from govplatform.refusals import Busy, Refused
from govplatform.row_numbers import row_number
from sites.media.models import SiteImage
from sites.media.shaped_pixels import Shape

from .shaping import shape_picture
from .uploading import upload_file
from .views import Writing

#: What is drawn for whoever crops; the picture itself may have fifty times its pixels.
_DRAWN = "max-1200x1200"


@opens_like(Writing)
@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Take ``file``, the ``page`` or column it is dropped into, and ``again``; answer ``{"block", "title", "kind",
    "number"}`` (see ``Uploaded``) or ``{"refused"}``.
    """
    file = request.FILES.get("file")
    if file is None:
        return _refused(_("没有收到文件，请重新选择后再上传。"))
    try:
        page = _page(request.POST.get("page", ""))
        again = request.POST.get("again") == "1"
        made = upload_file(file, acting_user=request.user, page=page, again=again)  # type: ignore[arg-type]
    except Refused as refusal:
        return _refused(*refusal.reasons, status=409 if isinstance(refusal, Busy) else 400)
    return JsonResponse(
        {"block": made.block, "title": made.kept.title, "kind": made.block["type"], "number": made.kept.pk}
    )


@opens_like(Writing)
@require_GET
def picture(request: HttpRequest, image_id: int) -> JsonResponse:
    """Answer ``{"src", "width", "height", "full", "title"}`` of a picture, as it is drawn for whoever crops it.

    ``full``: pixels of its longer side as it is kept.
    """
    image = SiteImage.objects.filter(pk=image_id).first()
    if image is None:
        return _refused(_("这张图片已经不在图片库里，请重新选择。"), status=404)
    try:
        drawn = image.get_rendition(_DRAWN)
    except (SourceImageIOError, OSError):
        return _refused(_("“%(title)s”读不出来，不能旋转或裁剪。请重新上传。") % {"title": image.title})
    told = {"src": drawn.url, "width": drawn.width, "height": drawn.height, "full": max(image.width, image.height)}
    return JsonResponse({**told, "title": image.title})


@opens_like(Writing)
@require_POST
def shape(request: HttpRequest, image_id: int) -> JsonResponse:
    """Take a ``Shape`` as JSON; answer ``{"chosen", "edit"}``: the new picture as an image chooser takes it, and where
    it is edited; or ``{"refused"}``.
    """
    image = SiteImage.objects.filter(pk=image_id).first()
    if image is None:
        return _refused(_("这张图片已经不在图片库里，请重新选择。"), status=404)
    try:
        asked = _shape(request)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return _refused(_("没有读懂选中的部分，请刷新页面后再试。"))
    try:
        made = shape_picture(image, asked, acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        return _refused(*refusal.reasons)
    chosen = AdminImageChooser().get_value_data(made)
    return JsonResponse({"chosen": chosen, "edit": reverse("wagtailimages:edit", args=[made.pk])})


def _shape(request: HttpRequest) -> Shape:
    """Return what was sent. Raises ValueError, TypeError or KeyError for what is no shape."""
    if request.content_type != "application/json":
        raise ValueError("no JSON")
    sent: Any = json.loads(request.body)
    parts = {name: float(sent[name]) for name in ("left", "top", "width", "height")}
    if type(sent["quarters"]) is not int:
        raise TypeError("no number of turns")
    return Shape(quarters=sent["quarters"], **parts)


def _page(number: str) -> Page | None:
    if not number:
        return None
    page = Page.objects.filter(pk=row_number(number)).first()
    if page is None:
        raise Refused(_("这篇信息已经不在了，可能已被删除。请另开一篇再上传。"))
    return page.specific_deferred


def _refused(*reasons: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"refused": list(reasons)}, status=status)
