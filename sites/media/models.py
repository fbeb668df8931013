"""图片与附件: a site's own images and files. Only files used by cleared, live pages reach the public host."""

from typing import Any

from django.core.files import File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, ImageQuerySet

from govplatform.review.models import ClearedFile

from .kept import KeptQuerySetMixin, KeptWhileCleared

#: What stays of an image file's properties: those without which the pixels would look wrong.
_KEPT = ("icc_profile", "transparency", "background", "duration", "loop", "disposal")


class _WithoutProperties(FilterOperation):  # type: ignore[misc]
    """The last operation on an image, which removes EXIF (with the place where it was taken), XMP and comments.

    Without it Willow and Pillow would write them into the new file.
    """

    vary_fields: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__("bare")

    def construct(self, *args: Any) -> None:
        pass

    def run(self, willow: Any, image: Any, env: dict[str, Any]) -> Any:
        pixels = getattr(willow, "image", None)
        if pixels is not None and hasattr(pixels, "info"):
            pixels.info = {name: value for name, value in pixels.info.items() if name in _KEPT}
            pixels._exif = None
        return willow


class BareFilter(Filter):  # type: ignore[misc]
    """A filter whose images carry nothing but their pixels and what is needed to show them, like the colour profile."""

    @property
    def filter_operations(self) -> list[Any]:
        return [*super().filter_operations, _WithoutProperties()]


class _KeptImages(KeptQuerySetMixin, ImageQuerySet):  # type: ignore[misc]
    pass


class _KeptDocuments(KeptQuerySetMixin, DocumentQuerySet):  # type: ignore[misc]
    pass


class SiteImage(KeptWhileCleared, AbstractImage):
    """An image. ``description`` (Wagtail's) is the alternative text offered when it is used."""

    cleared_kind = ClearedFile.Kind.IMAGE
    objects = _KeptImages.as_manager()

    map_number = models.CharField(
        _("审图号"), max_length=40, blank=True, help_text=_("地图必须填写审图号，例如 GS(2026)0000号。")
    )
    admin_form_fields = ("title", "description", "file", "map_number", "collection", "tags")

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        return super().generate_rendition_file(BareFilter(spec=filter.spec), source=source)

    @property
    def default_alt_text(self) -> str:
        return str(self.description or self.title)


class SiteRendition(AbstractRendition):
    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition")
        ]


class SiteDocument(KeptWhileCleared, AbstractDocument):
    cleared_kind = ClearedFile.Kind.DOCUMENT
    objects = _KeptDocuments.as_manager()
    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
